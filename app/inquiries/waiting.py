"""Whose turn it is: since when a person waits for us, and when they were first answered.

Each function changes an inquiry in the caller's transaction.
"""

from datetime import datetime

from app.inquiries.models import Inquiry

OUR_TURN = frozenset({"in_contact", "medical_review", "offered", "declined"})
"""Statuses in which the person waits to hear from us: a decision, too, has to be told."""


def answered(inquiry: Inquiry, moment: datetime) -> None:
    """Note that the person was answered, or reached: from now on it is their turn.

    What is kept later than it happened may have been the first answer.
    """
    inquiry.first_answered_at = min(inquiry.first_answered_at or moment, moment)
    inquiry.waiting_since = None


def heard_from(inquiry: Inquiry, moment: datetime) -> None:
    """Note that the person wrote or called: they wait for us, from the first time on."""
    inquiry.waiting_since = inquiry.waiting_since or moment


def moved(inquiry: Inquiry, moment: datetime) -> None:
    """Note whose turn it is in the status that an inquiry came to."""
    inquiry.waiting_since = (inquiry.waiting_since or moment) if inquiry.status in OUR_TURN else None
