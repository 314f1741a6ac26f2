"""Save and finish later: the link that leads back, mailed or to be written down."""

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.access import PUBLIC, allow
from app.core.changes import NOT_NOW
from app.core.database import db
from app.core.extensions import checks_own_token
from app.core.links import public_address
from app.core.logs import log
from app.inquiries import drafts
from app.inquiries.forms import CodeForm, LinkForm
from app.inquiries.models import Draft
from app.site import notices
from app.site.blueprint import blueprint
from app.site.keeping import form_of_draft
from app.site.notices import Notice
from app.site.pages import Page, prepare
from app.site.sections import first_with_errors, steps_of
from app.site.visit import came_from_our_page, keeps_cookies, own_form_key, take_in

Answer = Page | Response


@blueprint.get("/inquiries/saved")
@allow(PUBLIC)
def saved() -> Answer:
    """Show the link that leads back to what this browser has saved."""
    draft = drafts.draft_of(own_form_key())
    if draft is None or "code" not in draft.content:
        return redirect(url_for("site.whole_form"), 303)
    return saved_page(draft)


@blueprint.post("/inquiries/saved")
@checks_own_token
@allow(PUBLIC)
def mail_link() -> Answer:
    """Mail the link to the address that was written."""
    form = LinkForm(request.form)
    is_stale = take_in(form)
    draft = drafts.draft_of(form.form_key.data)
    if draft is None:
        return code_page(CodeForm(None), notices.draft_is_gone(), 404)
    if is_stale:
        return saved_page(draft, form, notices.stale(_("E-mail me the link")), 422)
    if form.errors:
        return saved_page(draft, form, status=422)
    try:
        drafts.mail_link(draft, form.email.data)
    except drafts.MailedEnoughError:
        return saved_page(draft, form, notices.mailed_enough(), 429)
    return saved_page(draft, form, notices.link_is_mailed())


@blueprint.post("/inquiries/discarded")
@checks_own_token
@allow(PUBLIC)
def discard() -> Answer:
    """Delete what was saved of the form, at once and for good."""
    form = LinkForm(request.form)
    if take_in(form):
        draft = drafts.draft_of(form.form_key.data)
        if draft is None:
            return code_page(CodeForm(None), notices.draft_is_gone(), 404)
        return saved_page(draft, notice=notices.stale(_("Yes, delete it")), status=422)
    drafts.discard_draft(form.form_key.data)
    for name in ("form_key", "has_draft"):
        session.pop(name, None)
    return render_template("site/deleted.html"), 200


@blueprint.get("/inquiries/continue")
@allow(PUBLIC)
def continue_draft() -> Answer:
    """Lead to what this browser has kept, or ask for the code of a form that was saved elsewhere."""
    draft = drafts.draft_of(own_form_key()) if session.get("has_draft") else None
    return redirect(place_in(draft), 303) if draft else code_page(CodeForm(None))


@blueprint.get("/inquiries/continue/<code>")
@allow(PUBLIC)
def open_draft(code: str) -> Answer:
    """Show the button that opens a saved form: machines that read mails follow links, but press nothing."""
    form = CodeForm(None)
    form.code.data = drafts.read_code(code) or ""
    return code_page(form, is_from_link=True)


@blueprint.post("/inquiries/continue")
@checks_own_token
@allow(PUBLIC)
def go_on() -> Answer:
    """Open a saved form in this browser, where it was left."""
    form = CodeForm(request.form)
    form.validate()
    # Another site must not open its own form here, for the person to write into.
    if form.csrf_token.errors and not came_from_our_page():
        return code_page(form, notices.stale(_("Open my answers")), 422)
    if form.code.errors:
        return code_page(form, status=422)
    try:
        draft = drafts.draft_with_code(form.code.data)
        session["form_key"], session["language"] = drafts.open_draft(draft), draft.page_language
    except drafts.NoDraftError:
        return code_page(form, notices.draft_is_gone(), 404)
    except NOT_NOW:
        db.session.rollback()
        log.warning("saved form could not be opened", exc_info=True)
        return code_page(form, notices.try_again(_("Open my answers")), 503)
    session["has_draft"] = True
    return redirect(place_in(draft), 303)


def place_in(draft: Draft) -> str:
    """Return the address at which somebody goes on with a draft."""
    if draft.path == "form":
        return url_for("site.whole_form", _anchor="inquiry")
    form = form_of_draft(draft)
    form.validate()
    step = first_with_errors(form, steps_of(form))
    return url_for("site.show_step", step=step) if step else url_for("site.check_answers")


def led_to_saved(draft: Draft) -> Answer:
    """Lead to the page with the link to a draft, or show it at once to a browser without cookies."""
    drafts.with_code(draft)
    return redirect(url_for("site.saved"), 303) if keeps_cookies() else saved_page(draft)


def saved_page(
    draft: Draft, form: LinkForm | None = None, notice: Notice | None = None, status: int = 200
) -> Page:
    """Return the page with the link to a draft, and the form that mails it."""
    if form is None:
        form = LinkForm(None)
        form.email.data = next(iter(draft.content["values"].get("email", [])), "")
    form.form_key.data = draft.content["form_key"]
    prepare(form)
    code = drafts.with_code(draft)
    context = {
        "form": form,
        "notice": notice,
        "code": code,
        "address": public_address("site.open_draft", code=code),
        "last_day": draft.ends_at,
        "go_on": place_in(draft),
    }
    return render_template("site/saved.html", **context), status


def code_page(
    form: CodeForm, notice: Notice | None = None, status: int = 200, *, is_from_link: bool = False
) -> Page:
    """Return the page that asks for a code, or has it from a link."""
    return render_template("site/continue.html", form=form, notice=notice, is_from_link=is_from_link), status
