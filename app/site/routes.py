"""The treatment page with the form beside it, sending it, and what follows."""

from flask import render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.access import PUBLIC, allow
from app.core.changes import NOT_NOW
from app.core.database import db
from app.core.extensions import checks_own_token
from app.core.i18n import speaking
from app.core.logs import log
from app.inquiries import queries
from app.inquiries.arrival import OF_A_FLOOD
from app.inquiries.drafts import TooLargeError
from app.inquiries.flags import urgent_in
from app.inquiries.forms import InquiryForm
from app.inquiries.sending import AlreadySentError
from app.site import notices
from app.site.blueprint import blueprint
from app.site.keeping import form_as_kept, keep, language_asked, posted_action, put_into
from app.site.outcome import sent_as_asked
from app.site.pages import Page, home_page
from app.site.saved import led_to_saved
from app.site.steps import led_to_check
from app.site.visit import take_in

Answer = Page | Response


@blueprint.get("/")
@allow(PUBLIC)
def home() -> Answer:
    """Show the treatment page with the inquiry form beside it, and what is kept of this browser's form."""
    return home_page(form_as_kept(), shows_form=False)


@blueprint.get("/inquiries")
@allow(PUBLIC)
def whole_form() -> Answer:
    """Show all questions on one page, with what is kept of this browser's form."""
    return home_page(form_as_kept())


@blueprint.post("/inquiries")
@checks_own_token
@allow(PUBLIC)
def receive_form() -> Answer:
    """Do what the pressed button says, or give the page back with every answer and what to do."""
    form, action = InquiryForm(request.form), posted_action()
    is_stale = take_in(form)
    if language := language_asked(action):
        put_into(language, form)
        with speaking(language):
            return home_page(form, shows_form=bool(form.values()))
    if is_stale:
        return home_page(form, notices.stale(_("Send my inquiry")), 422)
    try:
        return done(form, action)
    except TooLargeError:
        return home_page(form, notices.too_large(), 422)
    except AlreadySentError as error:
        session["sent"] = error.reference
        return home_page(form, notices.sent_before(error, url_for("site.sent")), 409)
    except NOT_NOW:
        db.session.rollback()
        log.warning("form could not be kept", exc_info=True)
        return home_page(form, notices.try_again(_("Send my inquiry")), 503)


def done(form: InquiryForm, action: str) -> Answer:
    """Save the form as it is, or, if every answer is good, show it to be checked or send it."""
    if action == "save":
        return led_to_saved(keep(form, "form"))
    if form.errors:
        return home_page(form, status=422)
    if action == "check":
        keep(form, "form")
        return led_to_check(form)
    return sent_as_asked(form, action, "form")


@blueprint.get("/inquiries/sent")
@allow(PUBLIC)
def sent() -> Answer:
    """Show the reference of the inquiry that this browser has just sent, and what comes next."""
    reference, inquiry = session.get("sent"), None
    try:
        inquiry = queries.inquiry_by_reference(reference) if reference else None
    except NOT_NOW:
        # It is sent and its reference is known: that is what the page has to say.
        db.session.rollback()
        log.warning("sent inquiry could not be read", exc_info=True)
    context = {
        "reference": reference,
        "inquiry": inquiry,
        "kinds": urgent_in(inquiry) if inquiry else (),
        "is_replaced": session.get("is_replaced", False),
        # In a flood nobody is sent one: it could be meant for somebody else.
        "is_confirmed": inquiry is None or not OF_A_FLOOD & set(inquiry.marks or ()),
    }
    return render_template("site/sent.html", **context), 200
