"""Row ids of moments that are long over."""

import secrets
from datetime import datetime
from random import Random
from uuid import UUID

RANDOM = Random(secrets.randbits(256))  # noqa: S311 -- not a secret
"""Faster than asking the system, which a million rows would notice."""


def id_of(moment: datetime) -> UUID:
    """Return a UUID version 7 (RFC 9562, 5.7) of a moment, as ``core.database.new_id`` makes them of now."""
    value = int(moment.timestamp() * 1000) << 80 | RANDOM.getrandbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
