"""Adding to the audit record, inside the transaction of the act itself."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.audit.models import AuditEntry
from app.core.database import db


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as services are told it."""

    kind: str
    staff_id: UUID | None = None
    address: str | None = None


VISITOR = Actor("visitor")
SYSTEM = Actor("system")


def record(actor: Actor, action: str, object_type: str, object_id: UUID | None, **details: Any) -> None:
    """Add an entry to the session; it is kept if and only if the caller's transaction is."""
    db.session.add(
        AuditEntry(
            actor=actor.kind,
            staff_id=actor.staff_id,
            address=actor.address,
            action=action,
            object_type=object_type,
            object_id=object_id,
            details=details,
        )
    )
