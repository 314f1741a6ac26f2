"""Visitors' pages."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.content import kept
from app.core import names, terms
from app.core.access import PUBLIC, allow
from app.core.database import DATABASE_UNAVAILABLE, db
from app.core.extensions import checks_own_token
from app.core.i18n import page_language
from app.core.links import new_token
from app.core.logs import log
from app.inquiries import services
from app.site.forms import InquiryForm

blueprint = Blueprint("site", __name__)

Page = tuple[str, int] | Response
Notice = dict[str, str]


@blueprint.get("/")
@allow(PUBLIC)
def home() -> Page:
    """Show the treatment page with the inquiry form beside it."""
    form = InquiryForm()
    form.form_key.data = session.setdefault("form_key", new_token())
    return home_page(form)


@blueprint.get("/inquiries")
@allow(PUBLIC)
def form_address() -> Response:
    """Lead someone who reloads the address of the sent form back to the form."""
    return redirect(url_for("site.home", _anchor="inquiry"), 303)


@blueprint.post("/inquiries")
@checks_own_token
@allow(PUBLIC)
def send_inquiry() -> Page:
    """Keep an inquiry, or give the page back with every answer and what to do."""
    form = InquiryForm()
    form.validate()
    is_stale = form.forgive_tokens() and not came_from_our_page()
    form.form_key.data = form.form_key.data or new_form_key()
    if is_stale:
        return home_page(form, stale_notice(), 422)
    if form.errors:
        return home_page(form, status=422)
    try:
        session["sent"] = services.send_inquiry(
            form.form_key.data,
            form.answers(),
            page_language(),
            kept.version_sent_beside(form.treatment_version.data or "", page_language()),
        )
    except services.AlreadySentError as error:
        form.form_key.data = new_form_key()
        return home_page(form, sent_before_notice(error.reference), 409)
    except DATABASE_UNAVAILABLE:
        db.session.rollback()
        log.warning("inquiry could not be kept", exc_info=True)
        return home_page(form, try_again_notice(), 503)
    return redirect(url_for("site.sent"), 303)


@blueprint.get("/inquiries/sent")
@allow(PUBLIC)
def sent() -> Page:
    """Show the reference of the inquiry that this browser has just sent."""
    return render_template("site/sent.html", reference=session.get("sent")), 200


def new_form_key() -> str:
    """Return a new key for this browser's form: what it sends next is an inquiry of its own.

    The key stays the same otherwise, so that going back and sending again makes no second inquiry.
    """
    session["form_key"] = new_token()
    return str(session["form_key"])


def came_from_our_page() -> bool:
    """Return whether the browser says that a page of this site sent the form (W3C Fetch Metadata).

    That is as good as a token against other sites' forms, and reaches those who allow no cookies.
    """
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def home_page(form: InquiryForm, notice: Notice | None = None, status: int = 200) -> Page:
    """Return the treatment page with the form as it stands."""
    language = page_language()
    try:
        information = kept.information(language)
        form.treatment_version.data = information.version
    except DATABASE_UNAVAILABLE:
        # What was kept may tell of someone who has withdrawn it meanwhile; the answers must not be lost.
        db.session.rollback()
        log.warning("treatment page could not be read", exc_info=True)
        information, status = kept.no_information(), max(status, 503)
    context: dict[str, Any] = {
        "information": information,
        "found": information.found,
        "countries": names.country_names(language).values(),
        "languages": names.language_names(language).values(),
        "levels": terms.LEVELS,
    }
    return render_template("site/home.html", form=form, notice=notice, **context), status


def stale_notice() -> Notice:
    """Say that the page was too old to send, and that nothing is lost."""
    return {
        "heading": _("Send it once more"),
        "text": _(
            "This page was open for a long time, or your browser lost its cookie. Your answers are all "
            "here. Nothing was sent yet: press “Send my inquiry” again."
        ),
    }


def sent_before_notice(reference: str) -> Notice:
    """Ask which of two versions of the same form counts."""
    return {
        "heading": _("You sent an inquiry before"),
        "text": _(
            "We have it under the reference %(reference)s. What stands here now is different. To send "
            "it as a second inquiry, press “Send my inquiry” again. To leave it at the first, close "
            "this page.",
            reference=reference,
        ),
    }


def try_again_notice() -> Notice:
    """Say that the inquiry could not be kept just now, and that nothing is lost."""
    return {
        "heading": _("We could not keep your inquiry just now"),
        "text": _(
            "Your answers are all here. Wait a minute, then press “Send my inquiry” again. It cannot "
            "be sent twice by that."
        ),
    }
