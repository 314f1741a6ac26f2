"""Mails that wait to be sent, and the workers that send them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.crypto import Sealed
from app.core.database import Base, choice_check, new_id

STATES = ("queued", "sending", "sent", "failed")


class OutboxMail(Base):
    """One mail to one recipient."""

    __tablename__ = "outbox_mails"
    __table_args__ = (
        choice_check("state", STATES),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "about_id"),
        sa.Index(None, "message", "queued_at"),
        sa.Index(None, "recipient_index", "queued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message: Mapped[str] = mapped_column(sa.String(60))
    """The folder of its three templates under ``templates/email/``."""
    language: Mapped[str] = mapped_column(sa.String(20))
    """The language to write it in."""
    message_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    """Its Message-ID header, the same at every try, so that a second copy can be told."""
    recipient_sealed: Mapped[bytes]
    recipient_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    """Blind index of the address it goes to, to count what goes there."""
    params_sealed: Mapped[bytes]
    about_id: Mapped[UUID | None]
    """The inquiry, account or other row that it is about."""
    queued_at: Mapped[datetime] = mapped_column(default=now)
    """When the act that it tells of was done."""
    state: Mapped[str] = mapped_column(sa.String(10), default="queued")
    """``queued`` until sent or given up (``failed``); ``sending`` while a worker holds it."""
    due_at: Mapped[datetime] = mapped_column(default=now)
    """Not to be tried before; while ``sending``, when another worker may take it over."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was tried."""
    unanswered: Mapped[int] = mapped_column(default=0)
    """How many of its tries ended with the text handed over and no answer: it may have arrived."""
    tried_from: Mapped[datetime] = mapped_column(default=now)
    """Since when it is tried: since it was queued, or since somebody had it tried again."""
    worker: Mapped[UUID | None]
    """The worker that holds it."""
    sent_at: Mapped[datetime | None]
    """When the mail server took it."""
    answer_sealed: Mapped[bytes | None]

    recipient: Any = Sealed()
    """The address it goes to."""
    params: Any = Sealed()
    """What its templates are given."""
    answer: Any = Sealed()
    """The mail server's words when it refused; they can quote the address."""


class OutboxWorker(Base):
    """A worker's sign of life."""

    __tablename__ = "outbox_workers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    beat_at: Mapped[datetime] = mapped_column(default=now)
    """When it last said that it runs."""
