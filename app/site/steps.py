"""The inquiry form step by step, and the page on which all answers are checked."""

from collections.abc import Mapping

from flask import abort, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.access import PUBLIC, allow
from app.core.changes import NOT_NOW
from app.core.database import db
from app.core.extensions import checks_own_token
from app.core.i18n import page_language, speaking
from app.core.logs import log
from app.inquiries import drafts, sending
from app.inquiries.forms import CARRIED_ON, InquiryForm
from app.inquiries.models import Draft
from app.site import notices
from app.site.blueprint import blueprint
from app.site.keeping import form_as_kept, form_with, keep, language_asked, posted_action, put_into
from app.site.outcome import confirmed, sent_as_asked
from app.site.pages import Page, check_page, home_page, step_page
from app.site.saved import led_to_saved
from app.site.sections import SECTIONS, first_with_errors, steps_of
from app.site.visit import keeps_cookies, take_in

Answer = Page | Response
CHANGE = "change-"
"""What the action of a button begins with that leads to a part of the answers."""


@blueprint.get("/inquiries/steps/")
@allow(PUBLIC)
def first_step() -> Answer:
    """Lead to the first step."""
    return redirect(url_for("site.show_step", step=next(iter(SECTIONS))), 303)


@blueprint.get("/inquiries/steps/<step>")
@allow(PUBLIC)
def show_step(step: str) -> Answer:
    """Show a step with what is kept of it; ``look`` shows what is to be looked at again."""
    form = form_as_kept() if step in SECTIONS else abort(404)
    if "look" in request.args:
        form.validate()
    return step_page(form, step, then=told_then(request.args))


@blueprint.post("/inquiries/steps/<step>")
@checks_own_token
@allow(PUBLIC)
def answer_step(step: str) -> Answer:
    """Keep a step's answers and go on, or give the step back with what to do."""
    fields = SECTIONS[step].fields if step in SECTIONS else abort(404)
    then, action = told_then(request.form), posted_action()
    try:
        draft = drafts.draft_of(request.form.get("form_key", ""))
        form = form_with(draft.content["values"] if draft else {}, request.form, fields)
    except NOT_NOW:
        return could_not_keep(form_with({}, request.form, fields), step, then)
    if take_in(form):
        return step_page(form, step, notices.stale(_("Continue")), 422, then=then)
    language = language_asked(action)
    if language:
        put_into(language, form)
    with speaking(language or page_language()):
        return kept_step(form, step, action, then)


def told_then(values: Mapping[str, str]) -> str:
    """Return where a step leads that was opened from there: "check", or nowhere in particular."""
    return "check" if values.get("then") == "check" else ""


def kept_step(form: InquiryForm, step: str, action: str, then: str) -> Answer:
    """Keep a step and go on as the pressed button says; without cookies, on the page with all questions."""
    try:
        # A tick counts for the words that stood beside it, and these stand on one step alone.
        carried = CARRIED_ON if step == "agreement" else ("email_asked",)
        draft = keep(form, "steps", (*SECTIONS[step].fields, *carried))
    except drafts.TooLargeError:
        return home_page(form, notices.too_large(), 422)
    except NOT_NOW:
        return could_not_keep(form, step, then)
    if action == "save":
        return led_to_saved(draft)
    if not keeps_cookies():
        form.keep_errors_of(SECTIONS[step].fields)
        return home_page(form, notices.no_cookies(), 422 if form.errors else 200)
    if language_asked(action):
        return redirect(url_for("site.show_step", step=step, then=then or None), 303)
    return step_before(form, step, then) if action == "back" else next_step(form, step, then)


def step_before(form: InquiryForm, step: str, then: str) -> Response:
    """Lead back, whatever the answers of a step are: they are kept."""
    steps = steps_of(form)
    place = steps.index(step) if step in steps else 1
    if then == "check" or place == 0:
        return redirect(url_for("site.check_answers"), 303)
    return redirect(url_for("site.show_step", step=steps[place - 1]), 303)


def next_step(form: InquiryForm, step: str, then: str) -> Answer:
    """Lead to what comes after a step: first to what has to be looked at again, up to this one."""
    steps = steps_of(form)
    place = steps.index(step) if step in steps else 0
    wrong = first_with_errors(form, steps[: place + 1])
    if wrong == step:
        return step_page(form, step, status=422, then=then)
    if wrong:
        return redirect(url_for("site.show_step", step=wrong, look=1, then=then or None), 303)
    helpers = SECTIONS["helper"].fields
    # Who has just said that they write for somebody else is asked about that on the way.
    asks_helper = step == "who" and "helper" in steps and not form.values().keys() & set(helpers)
    if place + 1 < len(steps) and (then != "check" or asks_helper):
        return redirect(url_for("site.show_step", step=steps[place + 1], then=then or None), 303)
    return redirect(url_for("site.check_answers"), 303)


def could_not_keep(form: InquiryForm, step: str, then: str) -> Page:
    """Give a step back that could not be kept just now."""
    db.session.rollback()
    log.warning("step could not be kept", exc_info=True)
    form.keep_errors_of(())
    return step_page(form, step, notices.try_again(_("Continue")), 503, then=then)


@blueprint.get("/inquiries/check")
@allow(PUBLIC)
def check_answers() -> Answer:
    """Show all answers to be checked, or lead to the first step that still needs one."""
    form = form_as_kept()
    form.validate()
    wrong = first_with_errors(form, steps_of(form))
    if wrong:
        return redirect(url_for("site.show_step", step=wrong, look=1, then="check"), 303)
    return check_page(form)


@blueprint.post("/inquiries/check")
@checks_own_token
@allow(PUBLIC)
def send_checked() -> Answer:
    """Send the answers that were checked."""
    form_key, action = request.form.get("form_key", ""), posted_action()
    try:
        draft = drafts.draft_of(form_key)
        form = form_with(draft.content["values"] if draft else {}, request.form, ())
        is_stale = take_in(form)
        if language := language_asked(action):
            put_into(language, form)
            with speaking(language):
                keep(form, draft.path if draft else "steps")
            return redirect(url_for("site.check_answers"), 303)
        if is_stale:
            return check_page(form, notices.stale(_("Send my inquiry")), 422)
        return checked(form, draft, action)
    except NOT_NOW:
        db.session.rollback()
        log.warning("checked answers could not be sent", exc_info=True)
        form = form_with({}, request.form, ())
        return check_page(form, notices.try_again(_("Send my inquiry")), 503, is_known=False)


def checked(form: InquiryForm, draft: Draft | None, action: str) -> Answer:
    """Change, save or send answers that were looked at."""
    if draft:  # a lost cookie took with it that there is one
        session["has_draft"] = True
    step = action.removeprefix(CHANGE)
    if step != action and step in SECTIONS:
        return redirect(url_for("site.show_step", step=step, then="check"), 303)
    if action == "save" and draft:
        return led_to_saved(draft)
    before = None if draft else sending.inquiry_of(form.form_key.data)
    if before:  # pressed twice: the first press has sent it
        return confirmed(before.reference)
    if form.errors:
        return redirect(url_for("site.check_answers"), 303)
    try:
        return sent_as_asked(form, "send", "steps" if draft and draft.path == "steps" else "form")
    except sending.AlreadySentError as error:
        session["sent"] = error.reference
        return home_page(form, notices.sent_before(error, url_for("site.sent")), 409)


def led_to_check(form: InquiryForm) -> Answer:
    """Lead to the page on which answers are checked; without cookies, they are checked where they are."""
    if keeps_cookies():
        return redirect(url_for("site.check_answers"), 303)
    return home_page(form, notices.no_cookies())
