"""Removing what ``loading.py`` made, and nothing else."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.audit.log import SYSTEM, record
from app.core.database import db
from app.demo.loading import BATCH, Progress
from app.inquiries.models import Consent, Inquiry, InquiryEvent, InquiryLook, InquiryLookup
from app.outbox.models import OutboxMail

PARTS = (InquiryLookup, InquiryEvent, Consent, InquiryLook)
"""What belongs to an inquiry: removed by statements of their own, which cost less than cascades."""


def count_demo() -> int:
    """Return how many inquiries of people who do not exist are there."""
    query = sa.select(sa.func.count()).select_from(Inquiry).where(Inquiry.is_demo)
    return db.session.scalar(query) or 0


def remove(progress: Progress) -> None:
    """Remove every inquiry of people who do not exist with all that belongs to it, then their team.

    Each batch is removed by itself; an interrupted removal goes on when it is begun again.
    """
    record(SYSTEM, "demo.removed", "demo", None, inquiries=count_demo())
    db.session.commit()
    for ids in batches():
        remove_batch(ids)
        progress(len(ids))
    db.session.execute(sa.delete(User).where(User.is_demo), execution_options={"synchronize_session": False})
    db.session.commit()


def batches() -> Iterator[Sequence[UUID]]:
    """Yield the ids of some of them after the other."""
    last = UUID(int=0)
    query = sa.select(Inquiry.id).where(Inquiry.is_demo).order_by(Inquiry.id).limit(BATCH)
    while ids := db.session.scalars(query.where(Inquiry.id > last)).all():
        yield ids
        last = ids[-1]


def remove_batch(ids: Sequence[UUID]) -> None:
    """Remove inquiries, their mails and their parts in one transaction."""
    parts = [sa.delete(part).where(part.inquiry_id.in_(ids)) for part in PARTS]
    mails = sa.delete(OutboxMail).where(OutboxMail.about_id.in_(ids))
    for delete in (*parts, mails, sa.delete(Inquiry).where(Inquiry.id.in_(ids))):
        db.session.execute(delete, execution_options={"synchronize_session": False})
    db.session.commit()
