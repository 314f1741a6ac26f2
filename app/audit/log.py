"""Adding to the audit record, inside the transaction of the act itself."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.audit.models import AuditEntry
from app.audit.seals import encoded, seal_of
from app.core.clock import now
from app.core.database import db, new_id


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as services are told it."""

    kind: str
    staff_id: UUID | None = None
    address: str | None = None


VISITOR = Actor("visitor")
SYSTEM = Actor("system")


def record(actor: Actor, action: str, object_type: str, object_id: UUID | None, **details: Any) -> None:
    """Add a sealed entry to the session; it is kept if and only if the caller's transaction is."""
    db.session.add(AuditEntry(**new_entry(actor, action, object_type, object_id, **details)))


def new_entry(
    actor: Actor, action: str, object_type: str, object_id: UUID | None, **details: Any
) -> dict[str, Any]:
    """Return the columns of a sealed entry, to be added in the transaction of the act."""
    entry = {
        "id": new_id(),
        "at": now(),
        "actor": actor.kind,
        "staff_id": actor.staff_id,
        "address": actor.address,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        # As they are read back: keys are texts then, and tuples lists.
        "details": json.loads(json.dumps(details)),
    }
    return {**entry, "seal": seal_of(b"entry", encoded(entry))}


def record_refusal(actor: Actor, endpoint: str, method: str) -> None:
    """Record that someone was refused a view, whatever becomes of the request.

    What the request may have begun is undone first, and the entry is kept by a transaction of its own.
    The address that was asked for is not kept: it could name a person's record.
    """
    db.session.rollback()
    record(actor, "access.refused", "view", None, endpoint=endpoint, method=method)
    db.session.commit()


def record_reading(actor: Actor, **filters: str) -> None:
    """Record that someone reads the audit record, and by which filters; call it before showing any of it."""
    record(actor, "audit.read", "audit", None, **filters)
    db.session.commit()
