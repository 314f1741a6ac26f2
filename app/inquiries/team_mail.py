"""Mails to the team: who is told of what, by each one's choice, with nothing of what a person wrote."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import current_app

from app.accounts.colleagues import name_of
from app.accounts.mail_choices import HANDED_OVER, MENTIONED, NEW_INQUIRY, holds, wants
from app.accounts.models import User
from app.accounts.roles import READ_INQUIRIES
from app.audit.log import Actor
from app.core.database import db
from app.core.limits import reached
from app.core.links import public_address
from app.inquiries.answers import Answers
from app.inquiries.models import Inquiry
from app.inquiries.urgency import urgent_kinds
from app.outbox.queries import queued_lately
from app.outbox.queue import enqueue

HOUR = timedelta(hours=1)


def tell_new(inquiry: Inquiry, answers: Answers) -> None:
    """Tell the team that an inquiry has come, with nothing of what it says.

    Whether it holds words that call for a quick look is told; which ones is not. Of suspicious ones without
    such words only the first in an hour is told.
    """
    is_urgent = bool(urgent_kinds("", "", [answers.message]))
    if is_urgent or not inquiry.suspicious:
        tell_team("new_inquiry", inquiry, is_urgent=is_urgent)
    elif not reached({"marked": (1, queued_lately("marked_inquiry", HOUR))}):
        tell_team("marked_inquiry", inquiry)


def tell_changed(inquiry: Inquiry) -> None:
    """Tell the team that a person sent other answers in place of those from before, once an hour."""
    if not reached({"told": (1, queued_lately("changed_inquiry", HOUR, about_id=inquiry.id))}):
        tell_team("changed_inquiry", inquiry)


def tell_team(message: str, inquiry: Inquiry, **params: Any) -> None:
    """Put a mail about what came in for each of ``who_is_told`` into the outbox."""
    # One statement, roles included: a person waits for the answer to what they sent.
    active = sa.select(User).options(sa.orm.joinedload(User.roles)).where(User.active)
    for recipient in who_is_told(db.session.scalars(active).unique().all()):
        tell_of(inquiry, message, recipient, **params)


def who_is_told(staff: Sequence[User]) -> list[str]:
    """Return the addresses that are told of what comes in, each once.

    They are ``COORDINATOR_EMAILS`` and those of the staff who chose it. Where one of the former is of a
    member of staff, what that person chose decides. If nobody at all were left, all of the former are told:
    no person must wait unseen.
    """
    fixed: Sequence[str] = current_app.config["COORDINATOR_EMAILS"]
    declined = {
        user.email for user in staff if user.mail_choices is not None and not wants(user, NEW_INQUIRY)
    }
    chose = [user.email for user in staff if wants(user, NEW_INQUIRY) and holds(user, READ_INQUIRIES)]
    told = {address.casefold(): address for address in (*fixed, *chose) if address.casefold() not in declined}
    return list(told.values()) or list(fixed)


def tell_handed_over(inquiry: Inquiry, user: User, by: Actor) -> None:
    """Tell a member of staff that a colleague handed an inquiry over."""
    tell_by_colleague("handed_over", HANDED_OVER, inquiry, user, by)


def tell_mentioned(inquiry: Inquiry, user: User, by: Actor) -> None:
    """Tell a member of staff that a colleague named them in a note; the note itself is not told."""
    tell_by_colleague("mentioned", MENTIONED, inquiry, user, by)


def tell_by_colleague(message: str, choice: str, inquiry: Inquiry, user: User, by: Actor) -> None:
    """Put a mail about what a colleague did into the outbox, if it is wanted and was done by another.

    Of an inquiry that nobody sent, no mail is.
    """
    if inquiry.is_demo or user.id == by.staff_id or not wants(user, choice):
        return
    tell_of(inquiry, message, user.email, colleague=name_of(by.staff_id))


def tell_of(inquiry: Inquiry, message: str, recipient: str, **params: Any) -> None:
    """Put a mail with an inquiry's reference and address into the outbox."""
    told = {"reference": inquiry.reference, "address": address_of(inquiry.reference), **params}
    to_staff(message, recipient, told, about_id=inquiry.id)


def address_of(reference: str) -> str:
    """Return the full address of an inquiry at the desk."""
    return public_address("desk.show_inquiry", reference=reference)


def to_staff(message: str, recipient: str, params: dict[str, Any], about_id: UUID | None = None) -> None:
    """Put a mail to a member of the team into the outbox, in the site's own language."""
    language = current_app.config["BABEL_DEFAULT_LOCALE"]
    enqueue(message, recipient=recipient, language=language, params=params, about_id=about_id)
