"""The mails of an inquiry: one function each, with three templates under ``templates/email/``."""

from typing import Any

from flask import current_app
from flask_babel import force_locale

from app.core.i18n import shown_day
from app.core.links import public_address
from app.inquiries.answers import Answers
from app.inquiries.models import Draft, Inquiry
from app.inquiries.urgency import urgent_kinds
from app.outbox.queue import enqueue


def tell_coordinators(inquiry: Inquiry, answers: Answers) -> None:
    """Tell each coordinator's address that an inquiry has come, with nothing of what it says.

    Whether it holds words that call for a quick look is told; which ones is not.
    """
    to_coordinators("new_inquiry", inquiry, is_urgent=bool(urgent_kinds("", "", [answers.message])))


def tell_of_suspicious(inquiry: Inquiry) -> None:
    """Tell the coordinators that an inquiry was kept and marked; for the first one of an hour."""
    to_coordinators("marked_inquiry", inquiry)


def tell_of_change(inquiry: Inquiry) -> None:
    """Tell the coordinators that a person sent other answers in place of those from before."""
    to_coordinators("changed_inquiry", inquiry)


def to_coordinators(message: str, inquiry: Inquiry, **params: Any) -> None:
    """Put a mail with the inquiry's reference and address for each coordinator into the outbox."""
    address = public_address("desk.show_inquiry", reference=inquiry.reference)
    for recipient in current_app.config["COORDINATOR_EMAILS"]:
        enqueue(
            message,
            recipient=recipient,
            language=current_app.config["BABEL_DEFAULT_LOCALE"],
            params={"reference": inquiry.reference, "address": address, **params},
            about_id=inquiry.id,
        )


def confirm_to_sender(inquiry: Inquiry, recipient: str) -> None:
    """Tell the person who sent an inquiry that it has come, with its reference and no answer of theirs."""
    enqueue(
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
    with force_locale(draft.page_language):
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
