"""Sending a form that was checked, and what can come of it."""

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from app.core.http import client_address
from app.core.i18n import page_language
from app.inquiries import sending
from app.inquiries.arrival import Arrival
from app.inquiries.forms import CallForm, InquiryForm
from app.inquiries.models import CONSENT_KINDS
from app.site.keeping import kept_version
from app.site.marks import marks_of

Form = InquiryForm | CallForm


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
    form_key, answers = form.form_key.data, form.answers()
    if action == "replace":
        return confirmed(sending.replace_answers(form_key, answers, arrival), is_replaced=True)
    if action == "second":
        key = sending.second_key(form_key, answers)
        # Whoever goes back and corrects it then means the second one.
        session["call_key" if channel == "call" else "form_key"] = key
        return confirmed(sending.send_inquiry(key, answers, arrival, draft_key=form_key))
    return confirmed(sending.send_inquiry(form_key, answers, arrival))


def confirmed(reference: str, *, is_replaced: bool = False) -> Response:
    """Lead to the page that confirms an inquiry."""
    session["sent"], session["is_replaced"] = reference, is_replaced
    session.pop("has_draft", None)
    return redirect(url_for("site.sent"), 303)
