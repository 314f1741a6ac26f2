"""Values in the form in which SQLite keeps them and PostgreSQL reads them: made without a driver's help."""

import secrets
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

RANDOM = Random(secrets.randbits(256))  # noqa: S311 -- not a secret
"""Faster than asking the system, which a million rows would notice."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VARIANT = 0b10 << 62


class Moment(NamedTuple):
    """A moment that many rows tell of."""

    at: datetime
    text: str
    """As SQLite keeps it; PostgreSQL is told that it is UTC."""
    start: str
    """What ids of rows begin with that were made then."""


def told(at: datetime) -> Moment:
    """Return a moment with what is written of it."""
    milliseconds = f"{int((at - EPOCH).total_seconds() * 1000):012x}"
    return Moment(at, moment_text(at), f"{milliseconds[:8]}-{milliseconds[8:]}-7")


def moment_text(at: datetime) -> str:
    """Return a moment in UTC as SQLite keeps it."""
    return at.isoformat(" ", "microseconds")[:26]


def id_at(moment: Moment) -> str:
    """Return a UUID version 7 (RFC 9562, 5.7) of a moment, as ``core.database.new_id`` makes them of now."""
    high, low = RANDOM.getrandbits(12), f"{VARIANT | RANDOM.getrandbits(62):016x}"
    return f"{moment.start}{high:03x}-{low[:4]}-{low[4:]}"


def digits_of(row: str) -> str:
    """Return the id of a row as it stands in a column: 32 hexadecimal digits."""
    return row.replace("-", "")
