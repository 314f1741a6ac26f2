"""The record of who saw or changed what. Rows are added, never changed: the database refuses it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, choice_check, new_id

ACTORS = ("visitor", "staff", "system")
DIGEST_BYTES = 32
SEAL_BYTES = 36
"""The name of a key (4 bytes) and an HMAC-SHA256 under it."""


class AuditEntry(Base):
    """One act. Holds no personal value of a patient: what was changed is named, not quoted."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        choice_check("actor", ACTORS),
        sa.Index(None, "object_type", "object_id", "at"),
        sa.Index(None, "staff_id", "at"),
        sa.Index(None, "action", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    """In order of time (RFC 9562, version 7), so that pages of the record go by it."""
    at: Mapped[datetime] = mapped_column(default=now)
    """When it was done."""
    actor: Mapped[str] = mapped_column(sa.String(10))
    """Who did it: a visitor, a member of staff, or the system itself."""
    staff_id: Mapped[UUID | None]
    """Which member of staff. No foreign key: the record outlives the account."""
    address: Mapped[str | None] = mapped_column(sa.String(45))
    """The network address a member of staff acted from; a visitor's is not kept."""
    action: Mapped[str] = mapped_column(sa.String(60))
    """What was done, as ``inquiry.read``."""
    object_type: Mapped[str] = mapped_column(sa.String(40))
    """What kind of thing it was done to."""
    object_id: Mapped[UUID | None]
    """Which one."""
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a reader of the record needs besides, as the statuses of a move."""
    seal: Mapped[bytes | None] = mapped_column(sa.LargeBinary(SEAL_BYTES))
    """What shows whether any of the above was altered; None in rows of the first releases, which had none."""


class AuditLink(Base):
    """An entry's place in the chain, which shows whether entries were taken out, added or put elsewhere."""

    __tablename__ = "audit_links"

    position: Mapped[int] = mapped_column(
        # SQLite holds the column called INTEGER to whole numbers, and no other.
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=False,
    )
    """From 1, without gaps."""
    entry_id: Mapped[UUID] = mapped_column(unique=True)
    """The entry. No foreign key: that it is gone is for ``flask audit verify`` to find."""
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES))
    """SHA-256 of the link before this one, the entry and the entry's seal."""
    seal: Mapped[bytes] = mapped_column(sa.LargeBinary(SEAL_BYTES))
    """What shows whether position and digest were written by this site."""
