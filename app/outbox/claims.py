"""Which worker holds which mail, and what became of it: every later change of a mail's row.

A worker owns the rows that its conditional UPDATE changed. While a row is ``sending``, ``due_at`` is the
end of the worker's lease: the mails of a worker that died are taken over then.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.database import Base, db
from app.outbox.kinds import follow_failure
from app.outbox.models import OutboxMail

LEASE = timedelta(seconds=60)
"""How long a claim holds unless it is renewed; the longest that a killed worker's mails wait."""
ONE_MAIL = timedelta(seconds=45)
"""The longest that handing one mail over may take; it begins with at least so much of the lease left.

Waiting for the answer to the text may take longer (``MAIL_ANSWER_TIMEOUT_SECONDS``): the worker renews
the lease meanwhile.
"""
GIVEN_UP_AFTER = timedelta(days=4)
"""A mail that a server put off for so long fails (RFC 5321, 4.5.4.1 asks for 4 to 5 days)."""
MOST_UNANSWERED = 3
"""A mail fails after so many tries that ended with its text handed over and no answer: each of them may
have arrived, and another copy helps less than a person who looks.
"""
FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 600


MAILS = Base.metadata.tables[OutboxMail.__tablename__]
KEEP_SENT = (
    sa.update(MAILS)
    .where(MAILS.c.id == sa.bindparam("mail"), MAILS.c.state != "sent")
    .values(
        state="sent",
        worker=None,
        attempts=MAILS.c.attempts + 1,
        due_at=sa.bindparam("moment"),
        sent_at=sa.bindparam("moment"),
        answer_sealed=None,
    )
)
"""Made once: making it takes as long as running it, and it is run many times a second."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try to send a mail."""

    state: str
    """``sent``, ``failed`` for good, or ``queued`` to be tried again."""
    code: int | None = None
    """The server's SMTP reply code, if it gave one."""
    words: str | None = None
    """The server's words, or what went wrong; they can quote the address."""
    unanswered: bool = False
    """The text was handed over and no answer came: the mail may have arrived."""


def is_due(moment: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of a mail that a worker may claim: waiting, or left by one that died."""
    return sa.and_(OutboxMail.state.in_(("queued", "sending")), OutboxMail.due_at <= moment)


def is_held_by(worker: UUID) -> sa.ColumnElement[bool]:
    """Return the condition of a mail that ``worker`` holds."""
    return sa.and_(OutboxMail.state == "sending", OutboxMail.worker == worker)


def claim(worker: UUID, limit: int) -> list[OutboxMail]:
    """Take up to ``limit`` due mails for ``worker`` and return them, the longest due first.

    The rows are detached and no transaction stays open: sending can take long.
    """
    moment = now()
    due = db.session.scalars(
        sa.select(OutboxMail.id)
        .where(is_due(moment))
        .order_by(OutboxMail.due_at, OutboxMail.id)
        .limit(limit)
        # Two workers then look at different rows at once. SQLite has no such clause and needs none:
        # there, as anywhere, the condition of the UPDATE decides.
        .with_for_update(skip_locked=True)
    ).all()
    if not due:
        db.session.rollback()
        return []
    taken = {
        row.id: row
        for row in db.session.scalars(
            sa.update(OutboxMail)
            .where(OutboxMail.id.in_(due), is_due(moment))
            .values(state="sending", worker=worker, due_at=moment + LEASE)
            .returning(OutboxMail),
            execution_options={"synchronize_session": False},
        )
    }
    db.session.commit()
    db.session.expunge_all()
    return [taken[mail] for mail in due if mail in taken]


def is_ready(worker: UUID, row: OutboxMail) -> bool:
    """Return whether ``worker`` holds a claimed mail for long enough to send it; the lease is renewed if not.

    It is False if another worker holds the mail by now.
    """
    return row.due_at - now() >= ONE_MAIL or renew(worker, row.id)


def renew(worker: UUID, mail: UUID) -> bool:
    """Let the lease of a mail begin anew; return whether ``worker`` still holds it."""
    return bool(change_held(worker, [mail], due_at=now() + LEASE))


def release(worker: UUID, mails: Collection[UUID]) -> None:
    """Give back claimed mails that were not tried."""
    if mails:
        change_held(worker, mails, state="queued", worker=None, due_at=now())


def keep_outcome(worker: UUID, row: OutboxMail, outcome: Outcome) -> str:
    """Write what became of a mail, and return the state it has now."""
    state = outcome.state
    if state == "sent":
        # What the server took was sent, even if another worker holds the row by now.
        db.session.execute(KEEP_SENT, {"mail": row.id, "moment": now()})
    else:
        state = keep_unsent(worker, row, outcome)
    db.session.commit()
    return state


def keep_unsent(worker: UUID, row: OutboxMail, outcome: Outcome) -> str:
    """Write that a mail was put off or refused, and return the state it has now.

    A mail that was put off for too long, or went unanswered too often, has failed. What follows from that for
    its kind is kept with it.
    """
    moment = now()
    state = outcome.state
    attempts = row.attempts + 1
    unanswered = row.unanswered + outcome.unanswered
    too_late = moment - row.tried_from >= GIVEN_UP_AFTER
    if too_late or unanswered >= MOST_UNANSWERED:
        state = "failed"
    pause = pause_after(attempts, outcome.unanswered)
    changed = update_held(
        worker,
        [row.id],
        state=state,
        worker=None,
        attempts=attempts,
        unanswered=unanswered,
        due_at=moment + pause if state == "queued" else moment,
        answer_sealed=sealed_answer(row.id, outcome),
    )
    if changed and state == "failed":
        follow_failure(row)
    return state


def try_again(mails: Collection[UUID]) -> int:
    """Let those of ``mails`` that failed wait again, as long as new ones, in the caller's transaction.

    Returns how many they were.
    """
    moment = now()
    result = db.session.execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id.in_(mails), OutboxMail.state == "failed")
        .values(state="queued", due_at=moment, tried_from=moment, unanswered=0)
        .returning(OutboxMail.id),
        execution_options={"synchronize_session": False},
    )
    return len(result.all())


def change_held(holder: UUID, mails: Collection[UUID], **values: Any) -> int:
    """Change those of ``mails`` that ``holder`` still holds, commit, and return how many they were."""
    changed = update_held(holder, mails, **values)
    db.session.commit()
    return changed


def update_held(holder: UUID, mails: Collection[UUID], **values: Any) -> int:
    """Change those of ``mails`` that ``holder`` still holds, and return how many they were."""
    result = db.session.execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id.in_(mails), is_held_by(holder))
        .values(**values)
        .returning(OutboxMail.id),
        execution_options={"synchronize_session": False},
    )
    return len(result.all())


def pause_after(attempts: int, unanswered: bool = False) -> timedelta:
    """Return how long a mail rests after its n-th try: doubling, and never in step with others.

    One that may have arrived rests longest: a server that was slow needs more than seconds.
    """
    doubled = FIRST_PAUSE_SECONDS * 2 ** (attempts - 1)
    seconds = LONGEST_PAUSE_SECONDS if unanswered else min(doubled, LONGEST_PAUSE_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 -- not a secret


def sealed_answer(mail: UUID, outcome: Outcome) -> bytes | None:
    """Return the server's code and words, sealed for the mail's row."""
    parts = [str(part) for part in (outcome.code, outcome.words) if part]
    bearer = OutboxMail(id=mail)  # never added to the session: it only lends its attribute
    bearer.answer = " ".join(parts) or None
    return bearer.answer_sealed
