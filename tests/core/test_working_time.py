"""Working time: nights, days off, holidays, and clocks that are changed."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import config
from app.core.working_time import (
    after_working_days,
    is_working_day,
    is_working_time,
    shown_working_time,
    working_seconds,
)
from tests.support.engines import ON_SQLITE

HOUR = 3600
MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Madrid", "America/Havana", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Beirut", "UTC")
CALENDARS = st.fixed_dictionaries(
    {
        "SITE_TIMEZONE": st.sampled_from(ZONES),
        "WORKING_DAYS": st.sampled_from(("mon-fri", "sun,mon,tue,wed,thu", "mon-sun", "sat")),
        "WORKING_HOURS": st.sampled_from(("09:00-17:00", "00:00-24:00", "07:30-15:15", "00:00-06:00")),
        "HOLIDAYS": st.sampled_from(("", "ES", "ES-MD")),
        "CLOSED_DAYS": st.sampled_from(("", "2026-03-27, 2026-12-24")),
    }
)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 12 * 366 * 24 * HOUR * 1000).map(lambda ms: FIRST + timedelta(milliseconds=ms))


@contextmanager
def team(**settings: str) -> Iterator[None]:
    """A team that is there when ``settings`` say."""
    app = Flask(__name__)
    app.config.from_mapping(config.working_time(settings))
    app.config["BABEL_DEFAULT_TIMEZONE"] = settings.get("SITE_TIMEZONE", "UTC")
    with app.app_context():
        yield


def utc(text: str) -> datetime:
    """The moment that is written."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def in_madrid(text: str) -> datetime:
    """The moment at which Madrid's clocks show what is written."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Madrid")).astimezone(UTC)


def minutes_counted(settings: dict[str, str], start: datetime, end: datetime) -> int:
    """Count working minutes one by one."""
    zone = ZoneInfo(settings["SITE_TIMEZONE"])
    begins, ends = config.working_hours(settings["WORKING_HOURS"])
    counted = 0
    while start < end:
        shown = start.astimezone(zone)
        since_midnight = timedelta(hours=shown.hour, minutes=shown.minute)
        counted += is_working_day(shown.date()) and begins <= since_midnight < ends
        start += MINUTE
    return counted


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(
    settings: dict[str, str], one: datetime, two: datetime, three: datetime
) -> None:
    first, middle, last = sorted((one, two, three))

    with team(**settings):
        parts = working_seconds(first, middle) + working_seconds(middle, last)

        assert parts == working_seconds(first, last)
        assert 0 <= parts <= (last - first).total_seconds() + 1


@given(
    CALENDARS,
    st.sampled_from(("2026-03-07", "2026-03-28", "2026-04-04", "2026-10-24", "2026-10-31", "2026-12-30")),
    st.integers(0, 1500),
    st.integers(0, 2500),
)
def test_working_time_is_what_counting_minutes_gives(
    settings: dict[str, str], day: str, minutes: int, length: int
) -> None:
    start = utc(day) + minutes * MINUTE
    end = start + length * MINUTE

    with team(**settings):
        assert working_seconds(start, end) == 60 * minutes_counted(settings, start, end)


@given(CALENDARS, MOMENTS, st.integers(0, 12))
def test_so_many_working_days_later_is_the_end_of_one(
    settings: dict[str, str], moment: datetime, days: int
) -> None:
    with team(**settings):
        end = after_working_days(moment, days)

        assert end > moment
        assert after_working_days(end - timedelta(seconds=1), 0) == end
        assert after_working_days(end, 1) == after_working_days(moment, days + 2)


def test_nights_and_days_off_are_no_working_time() -> None:
    friday, monday = in_madrid("2026-06-05 16:00"), in_madrid("2026-06-08 10:30")

    with team(SITE_TIMEZONE="Europe/Madrid", CLOSED_DAYS="2026-06-09"):
        assert working_seconds(friday, monday) == HOUR + HOUR * 3 // 2
        assert working_seconds(monday, friday) == 0
        assert working_seconds(in_madrid("2026-06-08 23:00"), in_madrid("2026-06-10 08:00")) == 0


def test_an_hour_that_the_clocks_show_twice_or_not_at_all_is_counted_as_it_is() -> None:
    with team(SITE_TIMEZONE="Europe/Madrid", WORKING_DAYS="mon-sun", WORKING_HOURS="00:00-24:00"):
        assert working_seconds(in_madrid("2026-03-29"), in_madrid("2026-03-30")) == 23 * HOUR
        assert working_seconds(in_madrid("2026-10-25"), in_madrid("2026-10-26")) == 25 * HOUR


def test_the_holidays_of_a_country_and_of_its_parts_are_no_working_days() -> None:
    in_all_of_it, in_a_part = (
        date(2026, 10, 12),
        date(2026, 11, 9),
    )  # the Hispanic day, and Madrid's own city's

    with team(HOLIDAYS="ES"):
        assert not is_working_day(in_all_of_it)
        assert is_working_day(in_a_part)
    with team(HOLIDAYS="ES-MD"):
        assert not is_working_day(date(2026, 4, 2))  # Maundy Thursday, which Catalonia works on
    with team(HOLIDAYS="ES-CT"):
        assert is_working_day(date(2026, 4, 2))
    with team():
        assert is_working_day(in_all_of_it)


def test_an_answer_is_due_at_the_end_of_a_working_day() -> None:
    with team(SITE_TIMEZONE="Europe/Madrid", HOLIDAYS="ES"):
        assert after_working_days(in_madrid("2026-06-01 10:00"), 3) == in_madrid("2026-06-04 17:00")
        assert after_working_days(in_madrid("2026-06-01 06:00"), 3) == in_madrid("2026-06-04 17:00")
        assert after_working_days(in_madrid("2026-06-05 17:00"), 3) == in_madrid("2026-06-11 17:00")
        # New Year's Day and Epiphany are holidays, and a weekend lies between.
        assert after_working_days(in_madrid("2025-12-31 12:00"), 3) == in_madrid("2026-01-07 17:00")


def test_a_day_begins_at_its_opening_hour_in_summer_and_in_winter() -> None:
    with team(SITE_TIMEZONE="Europe/Madrid", WORKING_HOURS="8:30-15:00"):
        assert [
            is_working_time(utc(f"2026-07-01 {hour}")) for hour in ("06:29", "06:30", "12:59", "13:00")
        ] == [
            False,
            True,
            True,
            False,
        ]
        assert [is_working_time(utc(f"2026-12-01 {hour}")) for hour in ("07:29", "07:30")] == [False, True]
        assert not is_working_time(utc("2026-12-05 10:00"))


def test_ten_years_cost_less_than_a_millisecond() -> None:
    start, end = utc("2020-02-01"), utc("2030-01-31")

    with team(SITE_TIMEZONE="Europe/Madrid", HOLIDAYS="ES-MD"):
        working_seconds(start, end)
        before = time.perf_counter()
        for _each in range(100):
            working_seconds(start, end)

        assert (time.perf_counter() - before) / 100 < 0.001


@ON_SQLITE
@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 working minutes"),
        (60, "1 working minute"),
        (HOUR - 1, "59 working minutes"),
        (3 * HOUR + 59, "3 working hours"),
        (8 * HOUR, "1 working day"),
        (17 * HOUR, "2 working days 1 hour"),
    ],
)
def test_working_time_is_told_in_days_of_work(app: Flask, seconds: int, shown: str) -> None:
    with app.test_request_context():
        assert shown_working_time(seconds) == shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_TIMEZONE", "Madrid"),
        ("SITE_TIMEZONE", "../etc/passwd"),
        ("WORKING_DAYS", "monday"),
        ("WORKING_DAYS", "mon,,fri"),
        ("WORKING_HOURS", "9 to 5"),
        ("WORKING_HOURS", "17:00-09:00"),
        ("WORKING_HOURS", "09:00-24:01"),
        ("HOLIDAYS", "Spain"),
        ("HOLIDAYS", "ES-"),
        ("HOLIDAYS", "ES-XX"),
        ("CLOSED_DAYS", "24.12.2026"),
    ],
)
def test_working_time_that_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(config.ConfigurationError, match=f"^{name} must be"):
        config.working_time({name: value})


def test_days_are_read_one_by_one_and_from_one_to_another() -> None:
    assert config.weekdays("mon-fri") == (0, 1, 2, 3, 4)
    assert config.weekdays("sun-Thu") == (0, 1, 2, 3, 6)
    assert config.weekdays("sat, sun") == (5, 6)


def test_a_process_starts_without_the_library_of_holidays() -> None:
    started = "import sys, app.core.working_time, config; sys.exit('holidays' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", started], check=False).returncode == 0
