"""The mails of an inquiry: one function each, with three templates under ``templates/email/``."""

from flask import current_app

from app.core.links import public_address
from app.inquiries.models import Inquiry
from app.outbox.queue import enqueue


def tell_coordinators(inquiry: Inquiry) -> None:
    """Tell each coordinator's address that an inquiry has come, with nothing of what it says."""
    address = public_address("desk.show_inquiry", reference=inquiry.reference)
    for recipient in current_app.config["COORDINATOR_EMAILS"]:
        enqueue(
            "new_inquiry",
            recipient=recipient,
            language=current_app.config["BABEL_DEFAULT_LOCALE"],
            params={"reference": inquiry.reference, "address": address},
            about_id=inquiry.id,
        )


def confirm_to_sender(inquiry: Inquiry, recipient: str) -> None:
    """Tell the person who sent an inquiry that it has come, with its reference and no answer of theirs."""
    enqueue(
        "inquiry_received",
        recipient=recipient,
        language=inquiry.page_language,
        params={"reference": inquiry.reference},
        about_id=inquiry.id,
    )
