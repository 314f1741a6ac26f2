"""The queue and the inquiry page."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.actor import current_actor
from app.accounts.roles import READ_INQUIRIES, WORK_ON_INQUIRIES
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.desk import views
from app.desk.blueprint import blueprint
from app.desk.finding import inquiry_or_404
from app.desk.forms import MoveForm, NoteForm, SearchForm
from app.inquiries import queries, services, workflow
from app.inquiries.models import Inquiry

Page = tuple[str, int] | Response


@blueprint.get("")
@allow(READ_INQUIRIES)
def queue() -> Page:
    """Show the queue, newest first."""
    page = queries.queue_page(request.args.get("older_than"), request.args.get("newer_than"))
    services.record_listing(current_actor(), page.rows)
    return (
        render_template(
            "desk/queue.html",
            heading=_("Inquiries, newest first"),
            rows=[views.queue_row(inquiry) for inquiry in page.rows],
            older_url=page.older_than and url_for("desk.queue", older_than=page.older_than),
            newer_url=page.newer_than and url_for("desk.queue", newer_than=page.newer_than),
            search_form=SearchForm(),
        ),
        200,
    )


@blueprint.post("/search")
@allow(READ_INQUIRIES)
def search() -> Page:
    """Show the inquiries that match a reference, a name, an e-mail address or a phone number."""
    form = SearchForm()
    found = queries.search(form.sought.data) if form.validate() else []
    services.record_listing(current_actor(), found)
    return (
        render_template(
            "desk/queue.html",
            heading=_("Search result"),
            rows=[views.queue_row(inquiry) for inquiry in found],
            older_url=None,
            newer_url=None,
            search_form=form,
            is_cut=len(found) == queries.FOUND_LIMIT,
        ),
        422 if form.errors else 200,
    )


@blueprint.get("/inquiries/<reference>")
@allow(READ_INQUIRIES)
def show_inquiry(reference: str) -> Page:
    """Show one inquiry; that it was read is recorded first."""
    return inquiry_page(inquiry_or_404(reference))


@blueprint.post("/inquiries/<reference>/moves")
@allow(WORK_ON_INQUIRIES)
def move_inquiry(reference: str) -> Page:
    """Move an inquiry to another status."""
    inquiry, form = inquiry_or_404(reference), MoveForm()
    if not form.validate():
        abort(400)
    try:
        services.move_inquiry(inquiry, form.target.data, form.version.data, current_actor())
    except (ChangedMeanwhileError, workflow.MoveNotAllowedError):
        return inquiry_page(inquiry, notice=views.changed_notice(), status=409)
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


@blueprint.post("/inquiries/<reference>/notes")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def add_note(reference: str) -> Page:
    """Add a note to an inquiry, or give the page back with its text and what to do."""
    inquiry, form = inquiry_or_404(reference), NoteForm()
    if not form.validate():
        notice = views.stale_notice() if form.csrf_token.errors else None
        return inquiry_page(inquiry, form, notice, status=422)
    try:
        services.add_note(inquiry, form.text.data, form.version.data, current_actor())
    except ChangedMeanwhileError:
        return inquiry_page(inquiry, form, views.changed_notice(), status=409)
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


def inquiry_page(
    inquiry: Inquiry,
    note_form: NoteForm | None = None,
    notice: dict[str, str] | None = None,
    status: int = 200,
) -> Page:
    """Return the page of an inquiry, with the text of a note that was not kept."""
    services.read_inquiry(inquiry, current_actor())
    context = views.inquiry_context(inquiry, note_form or NoteForm(formdata=None))
    return render_template("desk/inquiry.html", notice=notice, **context), status
