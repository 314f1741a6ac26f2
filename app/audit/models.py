"""The record of who saw or changed what. Rows are added, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, choice_check, new_id

ACTORS = ("visitor", "staff", "system")


class AuditEntry(Base):
    """One act. Holds no personal value of a patient: what was changed is named, not quoted."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        choice_check("actor", ACTORS),
        sa.Index(None, "object_type", "object_id", "at"),
        sa.Index(None, "staff_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
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
