"""Reading the outbox."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.crypto import keyring
from app.core.database import db
from app.outbox.models import STATES, OutboxMail
from app.outbox.queue import RECIPIENT

MAILS_ABOUT = (
    sa.select(OutboxMail)
    .where(OutboxMail.about_id == sa.bindparam("about_id"))
    .order_by(OutboxMail.queued_at.desc(), OutboxMail.id.desc())
)
"""Made once: making it takes longer than running it."""


def mails_about(about_id: UUID) -> Sequence[OutboxMail]:
    """Return the mails about a row, newest first."""
    return db.session.scalars(MAILS_ABOUT, {"about_id": about_id}).all()


def mail_about(about_id: UUID, number: int) -> OutboxMail | None:
    """Return one of the mails about a row by its place, 1 for the oldest; None if there is none."""
    mails = mails_about(about_id)
    return mails[len(mails) - number] if 1 <= number <= len(mails) else None


def queued_lately(
    message: str, within: timedelta, *, recipient: str | None = None, about_id: UUID | None = None
) -> sa.Select[UUID]:
    """Return a query of one kind's mails that were queued lately: to one address, about one row, or all."""
    query = sa.select(OutboxMail.id).where(
        OutboxMail.message == message, OutboxMail.queued_at > now() - within
    )
    if recipient is not None:
        indexes = keyring().blind_indexes(RECIPIENT, recipient.casefold())
        query = query.where(OutboxMail.recipient_index.in_(indexes))
    return query if about_id is None else query.where(OutboxMail.about_id == about_id)


def counts_by_state() -> dict[str, int]:
    """Return how many mails are in each state, also in those that none is in."""
    rows = db.session.execute(sa.select(OutboxMail.state, sa.func.count()).group_by(OutboxMail.state))
    counts = dict.fromkeys(STATES, 0)
    for state, count in rows:
        counts[state] = count
    return counts


def waiting_longest() -> OutboxMail | None:
    """Return the oldest mail that is not sent yet."""
    return db.session.scalar(
        sa.select(OutboxMail)
        .where(OutboxMail.state.in_(("queued", "sending")))
        .order_by(OutboxMail.queued_at)
        .limit(1)
    )


def failed_mails(limit: int) -> Sequence[OutboxMail]:
    """Return the newest mails that failed."""
    return db.session.scalars(
        sa.select(OutboxMail)
        .where(OutboxMail.state == "failed")
        .order_by(OutboxMail.queued_at.desc(), OutboxMail.id.desc())
        .limit(limit)
    ).all()
