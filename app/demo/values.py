"""Values in the form in which SQLite keeps them and PostgreSQL reads them: made without a driver's help.

Moments are told in hours since 1970, in UTC, and seconds of an hour.
"""

import secrets
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from random import Random
from typing import NamedTuple

RANDOM = Random(secrets.randbits(256))  # noqa: S311 -- not a secret
"""Faster than asking the system, which a million rows would notice."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
HOUR_SECONDS = 3600
VARIANT, ALL_BUT_VARIANT = 0b10 << 62, ~(0b11 << 62)
MINUTES = tuple(f":{second // 60:02}:{second % 60:02}" for second in range(HOUR_SECONDS))
"""What stands behind the hour, for each second of it."""


class Moment(NamedTuple):
    """A moment that many rows tell of."""

    text: str
    """As SQLite keeps it; PostgreSQL is told that it is UTC."""
    start: str
    """What ids of rows begin with that were made then."""


def told(hour: int, second: int) -> Moment:
    """Return what is written of a moment."""
    milliseconds = (hour * HOUR_SECONDS + second) * 1000
    return Moment(text_of(hour, second), f"{milliseconds:012x}7")


def text_of(hour: int, second: int) -> str:
    """Return a moment as SQLite keeps it."""
    return f"{hour_text(hour)}{MINUTES[second]}.000000"


@cache
def hour_text(hour: int) -> str:
    """Return a day and an hour of it; there are few of them in the two years that are told of."""
    return (EPOCH + hour * HOUR).isoformat(" ", "hours")[:13]


@lru_cache
def day_text(day: int) -> str:
    """Return a day, the so many-th since 1970."""
    return (EPOCH + day * DAY).date().isoformat()


def hour_of(moment: datetime) -> int:
    """Return the hour of a moment."""
    return (moment - EPOCH) // HOUR


def day_of(day: date) -> int:
    """Return which day since 1970 it is."""
    return (day - EPOCH.date()).days


def id_at(moment: Moment) -> str:
    """Return a UUID version 7 (RFC 9562, 5.7) of a moment, as ``core.database.new_id`` makes them of now, as
    it stands in a column: 32 hexadecimal digits.
    """
    return f"{moment.start}{RANDOM.getrandbits(76) & ALL_BUT_VARIANT | VARIANT:019x}"


def dashed(digits: str) -> str:
    """Return the id of a row as the text of a UUID."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
