"""Sending a form that was checked, and what can come of it."""

from collections.abc import Callable

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from app.core.http import client_address
from app.core.i18n import page_language
from app.inquiries import sending
from app.inquiries.answers import Answers
from app.inquiries.arrival import Arrival
from app.inquiries.forms import CallForm, InquiryForm
from app.inquiries.models import CONSENT_KINDS
from app.site.keeping import kept_version
from app.site.marks import marks_of
from app.site.visit import second_key

Form = InquiryForm | CallForm
Act = Callable[[str, Answers, Arrival], str]
"""Takes a form's key, its answers and how they came, and returns the reference of the inquiry."""


def send_second(form_key: str, answers: Answers, arrival: Arrival) -> str:
    """Send answers as an inquiry of their own, although the form made one before."""
    return sending.send_inquiry(second_key(form_key, sending.canonical(answers)), answers, arrival)


ACTS: dict[str, Act] = {
    "send": sending.send_inquiry,
    "second": send_second,
    "replace": sending.replace_answers,
}
"""By the action of the button that was pressed."""


def sent_as_asked(form: Form, action: str, channel: str) -> Response:
    """Send a form in the way that its button says, and lead to the page that confirms it.

    Raises AlreadySentError, and DATABASE_UNAVAILABLE's errors.
    """
    arrival = Arrival(
        page_language=page_language(),
        treatment_version=kept_version(form),
        channel=channel,
        agreed=tuple(kind for kind in CONSENT_KINDS if kind in form),
        address=client_address(),
        marks=marks_of(form),
    )
    return confirmed(ACTS.get(action, sending.send_inquiry)(form.form_key.data, form.answers(), arrival))


def confirmed(reference: str) -> Response:
    """Lead to the page that confirms an inquiry."""
    session["sent"] = reference
    session.pop("has_draft", None)
    return redirect(url_for("site.sent"), 303)
