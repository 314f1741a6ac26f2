"""Entries as the database holds them: an altered one may hold what its column's type cannot read."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import NullType

from app.audit.models import AuditEntry
from app.audit.seals import SEALED
from app.core.database import db

Entry = dict[str, Any]


class UnreadableError(Exception):
    """A row holds what this site never writes."""


def raw(column: InstrumentedAttribute[Any], label: str) -> sa.Label[Any]:
    """Return a column whose values come as the driver gives them."""
    return sa.type_coerce(column, NullType()).label(label)


def raw_entry() -> list[sa.Label[Any]]:
    """Return the columns that ``entry_in`` reads."""
    columns = [raw(getattr(AuditEntry, name), f"entry_{name}") for name in SEALED]
    return [*columns, raw(AuditEntry.seal, "entry_seal")]


def entry_in(row: sa.Row[Any]) -> Entry:
    """Return an entry as the model has it, with its seal; raise UnreadableError if it cannot be."""
    try:
        entry = {name: read(getattr(row, f"entry_{name}")) for name, read in readers(db.engine).items()}
    except (ValueError, TypeError, AttributeError):
        raise UnreadableError from None
    if any(entry[name] is None for name in ("id", "at", "details")):
        raise UnreadableError
    return {**entry, "seal": bytes_in(row.entry_seal) if row.entry_seal is not None else None}


@lru_cache(maxsize=1)
def readers(engine: sa.Engine) -> dict[str, Callable[[Any], Any]]:
    """Return what makes a value of the driver's, for each column that is sealed."""
    dialect = engine.dialect
    found: dict[str, Callable[[Any], Any]] = {}
    for name in SEALED:
        column_type: sa.types.TypeEngine[Any] = getattr(AuditEntry, name).type
        found[name] = column_type.dialect_impl(dialect).result_processor(dialect, None) or unchanged
    return found


def unchanged(value: Any) -> Any:
    """Return a value that the driver gives as it is wanted."""
    return value


def bytes_in(value: Any) -> bytes:
    """Return the bytes of a column; none where something else was put into it."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
