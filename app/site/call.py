""" "Call me instead": few questions, for someone who cannot or would not type."""

from flask import render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.access import PUBLIC, allow
from app.core.changes import NOT_NOW
from app.core.database import db
from app.core.extensions import checks_own_token
from app.core.i18n import speaking
from app.core.links import new_token
from app.core.logs import log
from app.inquiries.forms import CallForm
from app.inquiries.sending import AlreadySentError
from app.site import notices
from app.site.blueprint import blueprint
from app.site.keeping import language_asked, posted_action, put_into
from app.site.notices import Notice
from app.site.outcome import sent_as_asked
from app.site.pages import Page, prepare, suggestions
from app.site.visit import take_in

Answer = Page | Response


@blueprint.get("/inquiries/call")
@allow(PUBLIC)
def ask_for_call() -> Answer:
    """Show the form of someone who would rather be called."""
    form = CallForm(None)
    form.form_key.data = session.setdefault("call_key", new_token())
    return call_page(form)


@blueprint.post("/inquiries/call")
@checks_own_token
@allow(PUBLIC)
def request_call() -> Answer:
    """Keep the request as an inquiry, or give the page back with every answer and what to do."""
    form, action = CallForm(request.form), posted_action()
    is_stale = take_in(form, "call_key")
    if language := language_asked(action):
        put_into(language, form)
        with speaking(language):
            return call_page(form)
    if is_stale:
        return call_page(form, notices.stale(_("Ask for a call")), 422)
    if form.errors:
        return call_page(form, status=422)
    try:
        return sent_as_asked(form, action, "call")
    except AlreadySentError as error:
        session["sent"] = error.reference
        return call_page(form, notices.sent_before(error, url_for("site.sent")), 409)
    except NOT_NOW:
        db.session.rollback()
        log.warning("request to be called could not be kept", exc_info=True)
        return call_page(form, notices.try_again(_("Ask for a call")), 503)


def call_page(form: CallForm, notice: Notice | None = None, status: int = 200) -> Page:
    """Return the page with the form as it stands."""
    prepare(form)
    return render_template("site/call.html", form=form, notice=notice, **suggestions()), status
