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
from app.outbox.models import OutboxMail
from app.outbox.queries import queued_lately
from app.outbox.queue import new_mail

HOUR = timedelta(hours=1)
Mail = dict[str, Any]
"""The columns of a mail that is not in the outbox yet."""


CHOSE = sa.select(User).where(User.active, User.mail_choices.is_not(None))
"""The staff who ever chose which mails they get: nobody else of them is told of what comes in."""


def who_chose() -> Sequence[User]:
    """Return the staff who ever chose, with their roles: one statement."""
    return db.session.scalars(CHOSE.options(sa.orm.joinedload(User.roles))).unique().all()


def mails_of_new(inquiry: Inquiry, answers: Answers, chose: Sequence[User]) -> list[Mail]:
    """Return the mails that tell the team that an inquiry has come, with nothing of what it says.

    Whether it holds words that call for a quick look is told; which ones is not. Of suspicious ones without
    such words only the first in an hour is told.
    """
    is_urgent = bool(urgent_kinds("", "", [answers.message]))
    if is_urgent or not inquiry.suspicious:
        return mails_to_team("new_inquiry", inquiry, chose, is_urgent=is_urgent)
    if reached({"marked": (1, queued_lately("marked_inquiry", HOUR))}):
        return []
    return mails_to_team("marked_inquiry", inquiry, chose)


def tell_changed(inquiry: Inquiry) -> None:
    """Tell the team that a person sent other answers in place of those from before, once an hour."""
    if not reached({"told": (1, queued_lately("changed_inquiry", HOUR, about_id=inquiry.id))}):
        mails = mails_to_team("changed_inquiry", inquiry, who_chose())
        db.session.add_all(OutboxMail(**mail) for mail in mails)


def mails_to_team(message: str, inquiry: Inquiry, chose: Sequence[User], **params: Any) -> list[Mail]:
    """Return a mail about what came in for each of ``who_is_told``."""
    return [mail_of(inquiry, message, recipient, **params) for recipient in who_is_told(chose)]


def who_is_told(chose: Sequence[User]) -> list[str]:
    """Return the addresses that are told of what comes in, each once.

    They are ``COORDINATOR_EMAILS`` and those of the staff who ``chose`` it. Where one of the former is of a
    member of staff, what that person chose decides. If nobody at all were left, all of the former are told:
    no person must wait unseen.
    """
    fixed: Sequence[str] = current_app.config["COORDINATOR_EMAILS"]
    declined = {user.email for user in chose if not wants(user, NEW_INQUIRY)}
    wanting = [user.email for user in chose if wants(user, NEW_INQUIRY) and holds(user, READ_INQUIRIES)]
    told = {address.casefold(): address for address in (*fixed, *wanting)}
    return [address for key, address in told.items() if key not in declined] or list(fixed)


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
    told = mail_of(inquiry, message, user.email, colleague=name_of(by.staff_id))
    db.session.add(OutboxMail(**told))


def mail_of(inquiry: Inquiry, message: str, recipient: str, **params: Any) -> Mail:
    """Return a mail to a member of the team with an inquiry's reference and address."""
    told = {"reference": inquiry.reference, "address": address_of(inquiry.reference), **params}
    return mail_to_staff(message, recipient, told, about_id=inquiry.id)


def address_of(reference: str) -> str:
    """Return the full address of an inquiry at the desk."""
    return public_address("desk.show_inquiry", reference=reference)


def to_staff(message: str, recipient: str, params: dict[str, Any]) -> None:
    """Put a mail to a member of the team into the outbox."""
    db.session.add(OutboxMail(**mail_to_staff(message, recipient, params)))


def mail_to_staff(message: str, recipient: str, params: dict[str, Any], about_id: UUID | None = None) -> Mail:
    """Return a mail to a member of the team, in the site's own language."""
    language = current_app.config["BABEL_DEFAULT_LOCALE"]
    return new_mail(message, recipient=recipient, language=language, params=params, about_id=about_id)
