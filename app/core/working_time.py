"""Time as the team lives it: the site's working hours, without nights, days off and holidays.

Moments are aware, in UTC; days are those of the site's zone. ``WORKING_DAYS``, ``WORKING_HOURS``,
``HOLIDAYS`` and ``CLOSED_DAYS`` say when the team is there. What a year holds is worked out once: after
that, ten years cost as little as ten days.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MOST_YEARS = 256
"""Years that are kept ready, of all calendars together."""


class Calendar(NamedTuple):
    """When a team is there."""

    zone: ZoneInfo
    weekdays: tuple[int, ...]
    """0 is Monday."""
    opens: timedelta
    """Since midnight, on the clock of the zone."""
    closes: timedelta
    """Since midnight too; 24 hours is the midnight after."""
    holidays: str
    """A country, or a country and its part, as ISO 3166 writes them; empty for none."""
    closed: frozenset[date]
    """Other days on which nobody is there."""


def calendar() -> Calendar:
    """Return the calendar of the current application."""
    settings = current_app.config
    opens, closes = settings["WORKING_HOURS"]
    return Calendar(
        ZoneInfo(settings["BABEL_DEFAULT_TIMEZONE"]),
        settings["WORKING_DAYS"],
        opens,
        closes,
        settings["HOLIDAYS"],
        settings["CLOSED_DAYS"],
    )


def working_seconds(start: datetime, end: datetime) -> int:
    """Return the working time from ``start`` to ``end`` in whole seconds; 0 if it ends before it starts.

    What lies between three moments adds up: from the first to the last is the sum of both parts.
    """
    if end <= start:
        return 0
    kept = calendar()
    years = range(local_day(kept, start).year, local_day(kept, end).year)
    whole_years = sum(worked_before(kept, year)[-1] for year in years)
    return whole_years + worked_this_year(kept, end) - worked_this_year(kept, start)


def after_working_days(moment: datetime, days: int) -> datetime:
    """Return the end, in UTC, of the working day that is so many after the day of ``moment``.

    A moment outside of working hours counts from the next opening: what comes on a Friday night is of the
    Monday.
    """
    kept = calendar()
    day = local_day(kept, moment)
    if not is_working(kept, day) or moment >= closing(kept, day):
        day = next_working_day(kept, day)
    for _each in range(days):
        day = next_working_day(kept, day)
    return closing(kept, day)


def is_working_day(day: date) -> bool:
    """Return whether the team is there on a day of the site's zone."""
    return is_working(calendar(), day)


def is_working_time(moment: datetime) -> bool:
    """Return whether the team is there at a moment."""
    kept = calendar()
    day = local_day(kept, moment)
    return is_working(kept, day) and opening(kept, day) <= moment < closing(kept, day)


def shown_working_time(seconds: int) -> str:
    """Return working time in words; a day is as long as the team's, and what is left over is dropped."""
    kept = calendar()
    days, rest = divmod(seconds, (kept.closes - kept.opens) // SECOND)
    hours, minutes = rest // 3600, rest // 60
    if days and hours:
        shown_days = ngettext("%(num)s working day", "%(num)s working days", days)
        shown_hours = ngettext("%(num)s hour", "%(num)s hours", hours)
        return _("%(days)s %(hours)s", days=shown_days, hours=shown_hours)
    if days:
        return ngettext("%(num)s working day", "%(num)s working days", days)
    if hours:
        return ngettext("%(num)s working hour", "%(num)s working hours", hours)
    return ngettext("%(num)s working minute", "%(num)s working minutes", minutes)


def local_day(kept: Calendar, moment: datetime) -> date:
    """Return the day that a moment is in."""
    return moment.astimezone(kept.zone).date()


def opening(kept: Calendar, day: date) -> datetime:
    """Return when a day's work begins, in UTC."""
    return on_the_clock(kept, day, kept.opens)


def closing(kept: Calendar, day: date) -> datetime:
    """Return when a day's work ends, in UTC."""
    return on_the_clock(kept, day, kept.closes)


def on_the_clock(kept: Calendar, day: date, since_midnight: timedelta) -> datetime:
    """Return the moment at which the clocks show a time of a day: the first, if they show it twice."""
    return (datetime.combine(day, time(), kept.zone) + since_midnight).astimezone(UTC)


def worked_this_year(kept: Calendar, moment: datetime) -> int:
    """Return the working seconds from the beginning of a moment's year to the moment."""
    day = local_day(kept, moment)
    before = worked_before(kept, day.year)[day.timetuple().tm_yday - 1]
    if not is_working(kept, day):
        return before
    until = min(moment, closing(kept, day))
    return before + max((until - opening(kept, day)) // SECOND, 0)


@lru_cache(maxsize=MOST_YEARS)
def worked_before(kept: Calendar, year: int) -> tuple[int, ...]:
    """Return the working seconds of a year before each of its days, and of the whole year at the end."""
    return tuple(accumulate((seconds_of(kept, day) for day in days_of(year)), initial=0))


def seconds_of(kept: Calendar, day: date) -> int:
    """Return how long a day's work is: the clocks may be changed during it."""
    if not is_working(kept, day):
        return 0
    return max((closing(kept, day) - opening(kept, day)) // SECOND, 0)


def days_of(year: int) -> Iterable[date]:
    """Yield every day of a year."""
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return (first + number * DAY for number in range(length))


def next_working_day(kept: Calendar, day: date) -> date:
    """Return the first working day after a day."""
    day += DAY
    while not is_working(kept, day):
        day += DAY
    return day


def is_working(kept: Calendar, day: date) -> bool:
    """Return whether a day is one of work."""
    return (
        day.weekday() in kept.weekdays
        and day not in kept.closed
        and day not in holidays_of(kept.holidays, day.year)
    )


@lru_cache(maxsize=MOST_YEARS)
def holidays_of(place: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year in a country or a part of one; none for no place."""
    if not place:
        return frozenset()
    from holidays import country_holidays  # noqa: PLC0415 -- it takes a quarter of a second

    country, _hyphen, part = place.partition("-")
    return frozenset(country_holidays(country, subdiv=part or None, years=year))
