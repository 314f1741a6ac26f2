"""The mails to those who write to us: one function each, with three templates under ``templates/email/``."""

from datetime import timedelta
from typing import Any

from flask import current_app

from app.core.database import db
from app.core.i18n import shown_day, speaking
from app.core.limits import reached
from app.core.links import public_address
from app.inquiries.models import Draft, Inquiry
from app.outbox.models import OutboxMail
from app.outbox.queries import queued_lately
from app.outbox.queue import enqueue, new_mail

MOST_CONFIRMED = 3
"""So many changes a day are confirmed to one address."""


def confirm_change(inquiry: Inquiry, recipient: str) -> None:
    """Confirm an inquiry to the address put in place of the one from before; any address can be typed."""
    to_address = queued_lately("inquiry_received", timedelta(days=1), recipient=recipient)
    if not reached({"address": (MOST_CONFIRMED, to_address)}):
        db.session.add(OutboxMail(**confirmation(inquiry, recipient)))


def confirmation(inquiry: Inquiry, recipient: str) -> dict[str, Any]:
    """Return the mail that an inquiry has come, with its reference and no answer of who sent it."""
    return new_mail(
        "inquiry_received",
        recipient=recipient,
        language=inquiry.page_language,
        params={"reference": inquiry.reference, "days": current_app.config["ANSWER_WORKING_DAYS"]},
        about_id=inquiry.id,
    )


def send_draft_link(draft: Draft, recipient: str) -> None:
    """Mail the link that leads back to a form that was not sent yet."""
    to_drafter("draft_link", draft, recipient)


def remind_of_draft(draft: Draft, recipient: str) -> None:
    """Say that a form was not sent yet, and when it will be deleted."""
    to_drafter("draft_reminder", draft, recipient)


def to_drafter(message: str, draft: Draft, recipient: str) -> None:
    """Put a mail with the link to a draft into the outbox."""
    with speaking(draft.page_language):
        last_day = shown_day(draft.ends_at)
    enqueue(
        message,
        recipient=recipient,
        language=draft.page_language,
        params={
            "address": public_address("site.open_draft", code=draft.content["code"]),
            "last_day": last_day,
        },
        about_id=draft.id,
    )
