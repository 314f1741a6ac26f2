"""What staff key in during a call: a new inquiry, or the rest of one that asked to be called."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.actor import current_actor
from app.accounts.roles import WORK_ON_INQUIRIES
from app.content import kept
from app.core import names, terms
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.core.i18n import page_language
from app.core.links import new_token
from app.desk import views
from app.desk.blueprint import blueprint
from app.desk.finding import inquiry_or_404
from app.desk.forms import CompletedForm
from app.inquiries import sending, services
from app.inquiries.arrival import Arrival
from app.inquiries.forms import InquiryForm, values_of
from app.inquiries.models import Inquiry

Page = tuple[str, int] | Response
Notice = dict[str, str]


@blueprint.get("/inquiries/new")
@allow(WORK_ON_INQUIRIES)
def new_inquiry() -> Page:
    """Show the empty form that staff fill in during a call."""
    form = InquiryForm(None)
    form.form_key.data = new_token()
    return form_page(form, None)


@blueprint.post("/inquiries/new")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def key_in() -> Page:
    """Keep what was keyed in as an inquiry, or give the form back with every answer and what to do."""
    form = InquiryForm(request.form)
    form.validate()
    if form.forgive_tokens():
        form.form_key.data = form.form_key.data or new_token()
        return form_page(form, None, views.stale_form_notice(), 422)
    if form.errors:
        return form_page(form, None, status=422)
    arrival = Arrival(
        page_language=page_language(),
        treatment_version=kept.version_sent_beside("", page_language()),
        channel="phone",
    )
    try:
        reference = sending.send_inquiry(form.form_key.data, form.answers(), arrival, current_actor())
    except sending.AlreadySentError as error:
        # Keyed in and sent, then changed by the back button: corrections have a page of their own.
        return form_page(form, None, views.keyed_in_before_notice(error.reference), 409)
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


@blueprint.get("/inquiries/<reference>/answers")
@allow(WORK_ON_INQUIRIES)
def show_answers(reference: str) -> Page:
    """Show the form with an inquiry's answers, to be completed during a call."""
    inquiry = inquiry_or_404(reference)
    services.read_inquiry(inquiry, current_actor())
    form = CompletedForm(MultiDict(values_of(sending.answers_of(inquiry), page_language())))
    form.form_key.data = new_token()
    form.version.data = inquiry.version
    return form_page(form, inquiry)


@blueprint.post("/inquiries/<reference>/answers")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def complete_answers(reference: str) -> Page:
    """Put the answers in, or give the form back with every answer and what to do."""
    inquiry, form = inquiry_or_404(reference), CompletedForm(request.form)
    form.validate()
    if form.forgive_tokens():
        return form_page(form, inquiry, views.stale_form_notice(), 422)
    if form.errors:
        return form_page(form, inquiry, status=422)
    try:
        services.complete_answers(inquiry, form.answers(), form.version.data, current_actor())
    except ChangedMeanwhileError:
        form.version.data = inquiry_or_404(reference).version
        return form_page(form, inquiry, views.changed_answers_notice(), 409)
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


def form_page(
    form: InquiryForm, inquiry: Inquiry | None, notice: Notice | None = None, status: int = 200
) -> Page:
    """Return the form as it stands: of an inquiry, or of one that is not there yet."""
    action = (
        url_for("desk.complete_answers", reference=inquiry.reference) if inquiry else url_for("desk.key_in")
    )
    heading = (
        _("Answers of %(reference)s", reference=inquiry.reference) if inquiry else _("Key in an inquiry")
    )
    language = page_language()
    return (
        render_template(
            "desk/answers.html",
            form=form,
            inquiry=inquiry,
            notice=notice,
            action=action,
            heading=heading,
            countries=names.country_names(language).values(),
            languages=names.language_names(language).values(),
            levels=terms.LEVELS,
        ),
        status,
    )
