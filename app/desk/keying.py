"""What staff key in during a call: a new inquiry, or the rest of one that asked to be called."""

from collections.abc import Sequence

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.actor import current_actor
from app.accounts.roles import WORK_ON_INQUIRIES
from app.content import kept
from app.core import names, terms
from app.core.access import allow
from app.core.changes import NOT_NOW, ChangedMeanwhileError
from app.core.database import DATABASE_UNAVAILABLE, db
from app.core.extensions import checks_own_token
from app.core.i18n import page_language
from app.core.links import new_token
from app.core.logs import log
from app.desk import notices
from app.desk.blueprint import Page, blueprint
from app.desk.conflict import Difference, answer_differences
from app.desk.finding import inquiry_or_404
from app.desk.forms import CompletedForm
from app.desk.notices import Notice
from app.inquiries import consents, sending, services
from app.inquiries.arrival import Arrival
from app.inquiries.forms import InquiryForm, values_of


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
    notice = told(form)
    if notice or form.errors:
        return form_page(form, None, notice, 422)
    try:
        reference = sending.send_inquiry(form.form_key.data, form.answers(), by_phone(form), current_actor())
    except sending.AlreadySentError as error:
        # Keyed in and sent, then changed by the back button: corrections have a page of their own.
        return form_page(form, None, notices.keyed_in_before_notice(error.reference), 409)
    except NOT_NOW:
        return could_not_keep(form, None)
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


def by_phone(form: InquiryForm) -> Arrival:
    """Return how an inquiry came that was keyed in; mails go out in the person's language, if it is known."""
    spoken = form.answers().language
    language = spoken if spoken in current_app.config["LANGUAGES"] else page_language()
    return Arrival(
        page_language=language,
        treatment_version=kept.version_sent_beside("", language),
        channel="phone",
    )


@blueprint.get("/inquiries/<reference>/answers")
@allow(WORK_ON_INQUIRIES)
def show_answers(reference: str) -> Page:
    """Show the form with an inquiry's answers, to be completed during a call."""
    inquiry = inquiry_or_404(reference)
    services.read_inquiry(inquiry, current_actor())
    form = CompletedForm(MultiDict(values_of(sending.answers_of(inquiry), page_language())))
    form.form_key.data = new_token()
    form.show_version(inquiry.version)
    return form_page(form, inquiry.reference)


@blueprint.post("/inquiries/<reference>/answers")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def complete_answers(reference: str) -> Page:
    """Put the answers in, or give the form back with every answer and what to do."""
    form = CompletedForm(request.form)
    notice = told(form)
    if notice or form.errors:
        return form_page(form, reference, notice, 422)
    try:
        inquiry = inquiry_or_404(reference)
        services.complete_answers(inquiry, form.answers(), form.version.data, current_actor())
    except ChangedMeanwhileError:
        inquiry = inquiry_or_404(reference)
        services.read_inquiry(inquiry, current_actor())
        form.show_version(inquiry.version)
        changes = answer_differences(inquiry, form.answers())
        return form_page(form, reference, notices.changed_answers_notice(), 409, changes)
    except DATABASE_UNAVAILABLE:
        return could_not_keep(form, reference)
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


def told(form: InquiryForm) -> Notice | None:
    """Check a form, and return what is said of one whose page was too old to send."""
    form.validate()
    is_stale = form.forgive_tokens()
    form.form_key.data = form.form_key.data or new_token()
    return notices.stale_form_notice() if is_stale else None


def could_not_keep(form: InquiryForm, reference: str | None) -> Page:
    """Give a form back that could not be kept just now."""
    db.session.rollback()
    log.warning("keyed-in answers could not be kept", exc_info=True)
    return form_page(form, reference, notices.try_again_notice(), 503)


def form_page(
    form: InquiryForm,
    reference: str | None,
    notice: Notice | None = None,
    status: int = 200,
    changes: Sequence[Difference] = (),
) -> Page:
    """Return the form as it stands: of an inquiry, or of one that is not there yet."""
    form.lang.data = language = page_language()
    form.words_read.data = consents.in_force()
    context = {
        "form": form,
        "reference": reference,
        "notice": notice,
        "changes": changes,
        "heading": _("Answers of %(reference)s", reference=reference)
        if reference
        else _("Key in an inquiry"),
        "action": url_for("desk.complete_answers", reference=reference)
        if reference
        else url_for("desk.key_in"),
        "countries": names.country_names(language).values(),
        "languages": names.language_names(language).values(),
        "levels": terms.LEVELS,
    }
    return render_template("desk/answers.html", **context), status
