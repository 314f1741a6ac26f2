"""Who read a record, and when: for the timeline of that record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.database import db

READERS = (
    sa.select(AuditEntry.staff_id, sa.func.min(AuditEntry.at), sa.func.count())
    .where(
        AuditEntry.object_type == sa.bindparam("object_type"),
        AuditEntry.object_id == sa.bindparam("object_id"),
        AuditEntry.action == sa.bindparam("action"),
        AuditEntry.staff_id.is_not(None),
    )
    .group_by(AuditEntry.staff_id)
)
"""Made once: making it takes longer than running it."""


def readers_of(
    action: str, object_type: str, object_id: UUID
) -> Sequence[sa.Row[UUID | None, datetime, int]]:
    """Return each member of staff who read a record: who, when first, and how often."""
    return db.session.execute(
        READERS, {"object_type": object_type, "object_id": object_id, "action": action}
    ).all()
