"""What the team is reminded of by mail: overdue answers, and each morning what is open.

Chores: they may run in several workers at once. An inquiry, or a person's day, is marked in the same
transaction as the mails about it are queued in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.accounts.mail_choices import DIGEST, OVERDUE, holds, who_wants
from app.accounts.models import User
from app.accounts.roles import READ_INQUIRIES, WORK_ON_INQUIRIES
from app.core.clock import now
from app.core.database import db
from app.core.days import start_of, today
from app.core.limits import reached
from app.core.links import public_address
from app.core.working_time import is_working_time
from app.inquiries.models import DigestMark, Inquiry
from app.inquiries.team_mail import address_of, to_staff
from app.inquiries.workflow import OPEN
from app.outbox.queries import queued_lately

MOST_AT_ONCE = 5_000
"""Overdue inquiries that one run marks, and its mails count."""
MOST_NAMED = 20
"""References in a mail about overdue answers; the others are counted."""
MOST_WAITING = 10
"""References of those who wait longest, in a morning's overview."""
OVERDUE_MAIL = "answer_overdue"
"""The message that tells of overdue answers."""
MARKS_KEPT = timedelta(days=30)


def tell_of_overdue() -> int:
    """Tell the team of inquiries whose first answer is overdue, and return how many they were.

    Each is told of once on each working day, in working hours: to its owner, or if there is none who wants
    it, to all who do, or else to ``COORDINATOR_EMAILS``. Nobody gets more than one mail a day: of what is
    overdue later on that day, the next one tells.
    """
    moment = now()
    if not is_working_time(moment):
        return 0
    due = claim_overdue(moment, today())
    if due:
        told = by_recipient(due)
        for recipient in told.keys() - told_since(told, start_of(today())):
            to_staff(OVERDUE_MAIL, recipient, named(told[recipient]))
    db.session.commit()
    return len(due)


def told_since(recipients: Iterable[str], moment: datetime) -> set[str]:
    """Return which of these addresses were told of overdue answers since a moment."""
    within = now() - moment
    return set(
        reached({each: (1, queued_lately(OVERDUE_MAIL, within, recipient=each)) for each in recipients})
    )


def is_overdue(moment: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of an inquiry that should have been answered by now and was not."""
    return sa.and_(
        Inquiry.answer_due_at < moment,
        Inquiry.first_answered_at.is_(None),
        Inquiry.status.in_(OPEN),
        Inquiry.is_demo.is_(False),
    )


def claim_overdue(moment: datetime, day: date) -> list[Any]:
    """Mark overdue inquiries as told of on this day, and return those that this worker marked: their
    references, owners and when the answer was due, the longest overdue first.

    They are marked without a new version: nobody's change of the inquiry has to be looked at for it.
    """
    not_told = sa.or_(Inquiry.overdue_told_on.is_(None), Inquiry.overdue_told_on < day)
    due = db.session.scalars(
        sa.select(Inquiry.id)
        .where(is_overdue(moment), not_told)
        .order_by(Inquiry.answer_due_at)
        .limit(MOST_AT_ONCE)
        # Of two workers one waits for the other and finds nothing left; on SQLite at the UPDATE.
        .with_for_update()
    ).all()
    if not due:
        return []
    marked = db.session.execute(
        sa.update(Inquiry)
        .where(Inquiry.id.in_(due), is_overdue(moment), not_told)
        .values(overdue_told_on=day)
        .returning(Inquiry.reference, Inquiry.owner_id, Inquiry.answer_due_at),
        execution_options={"synchronize_session": False},
    )
    return sorted(marked, key=lambda row: row.answer_due_at)


def by_recipient(rows: Iterable[Any]) -> dict[str, list[str]]:
    """Return the references that each address is told of, the longest overdue first."""
    who_want = {user.id: user for user in who_wants(OVERDUE, READ_INQUIRIES)}
    who_work = [user.email for user in who_want.values() if holds(user, WORK_ON_INQUIRIES)]
    everybody = who_work or list(current_app.config["COORDINATOR_EMAILS"])
    told: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        owner = who_want.get(row.owner_id)
        for address in [owner.email] if owner else everybody:
            told[address].append(row.reference)
    return told


def named(references: Sequence[str]) -> dict[str, Any]:
    """Return what a mail about overdue answers is given: the first references, and how many more."""
    return {
        "total": len(references),
        "inquiries": addressed(references[:MOST_NAMED]),
        "more": max(len(references) - MOST_NAMED, 0),
        "desk": public_address("desk.queue"),
    }


def addressed(references: Iterable[str]) -> list[dict[str, str]]:
    """Return references with their addresses at the desk."""
    return [{"reference": reference, "address": address_of(reference)} for reference in references]


@dataclass(frozen=True, slots=True)
class Overview:
    """What is open in the morning, for one member of staff."""

    new: int
    """New ones, whoever sees to them."""
    overdue: int
    """Those whose first answer is overdue."""
    mine: int
    """Open ones that this person sees to."""
    follow_ups: int
    """Those of this person's, or of nobody's, that should be looked at again today or should have been."""
    waiting: tuple[str, ...]
    """References of those whose persons wait for us longest."""


def send_digests() -> int:
    """Send each one who chose it the overview of a working day, from its opening; return how many were sent.

    Where nothing is open, none is sent. Somebody who could not be sent it in working hours gets none.
    """
    moment, day = now(), today()
    if not is_working_time(moment):
        return 0
    sent = sum(send_digest(staff_id, moment, day) for staff_id in without_digest(day))
    db.session.execute(sa.delete(DigestMark).where(DigestMark.day < day - MARKS_KEPT))
    db.session.commit()
    return sent


def without_digest(day: date) -> list[UUID]:
    """Return who chose the overview and has none of this day yet."""
    marked = set(db.session.scalars(sa.select(DigestMark.staff_id).where(DigestMark.day == day)))
    return [user.id for user in who_wants(DIGEST, READ_INQUIRIES) if user.id not in marked]


def send_digest(staff_id: UUID, moment: datetime, day: date) -> bool:
    """Mark a person's day and queue the overview of it; return whether there was something in it to send.

    Of several workers, the mark of one is kept, and its mail with it.
    """
    try:
        db.session.execute(sa.insert(DigestMark).values(staff_id=staff_id, day=day))
    except IntegrityError:
        db.session.rollback()
        return False
    user = db.session.get_one(User, staff_id)
    overview = overview_for(user, moment, day)
    is_empty = not any(asdict(overview).values())
    if not is_empty:
        params = {**asdict(overview), "waiting": addressed(overview.waiting)}
        to_staff("morning_digest", user.email, {**params, "desk": public_address("desk.queue")})
    db.session.commit()
    return not is_empty


def overview_for(user: User, moment: datetime, day: date) -> Overview:
    """Return what is open for a member of staff at this moment."""
    is_open = sa.and_(Inquiry.status.in_(OPEN), Inquiry.is_demo.is_(False))
    is_mine = Inquiry.owner_id == user.id
    of_mine_or_nobody = sa.or_(is_mine, Inquiry.owner_id.is_(None))
    waiting = (
        sa.select(Inquiry.reference)
        .where(Inquiry.waiting_since.is_not(None), Inquiry.is_demo.is_(False))
        .order_by(Inquiry.waiting_since, Inquiry.id)
        .limit(MOST_WAITING)
    )
    return Overview(
        new=count(Inquiry.status == "new", Inquiry.is_demo.is_(False)),
        overdue=count(is_overdue(moment)),
        mine=count(is_open, is_mine),
        follow_ups=count(is_open, Inquiry.follow_up_on <= day, of_mine_or_nobody),
        waiting=tuple(db.session.scalars(waiting)),
    )


def count(*conditions: sa.ColumnElement[bool]) -> int:
    """Return how many inquiries meet all of these conditions."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Inquiry).where(*conditions)) or 0
