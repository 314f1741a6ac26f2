"""Recording that someone was refused a view."""

from flask import request

from app.accounts.actor import current_actor
from app.audit.log import VISITOR, record_refusal


def note_refusal() -> None:
    """Record that who is signed in is refused this request's view; of a visitor nothing is kept."""
    actor = current_actor()
    if actor is not VISITOR:
        record_refusal(actor, request.endpoint or "", request.method)
