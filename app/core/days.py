"""Days, as forms ask for them and as the site counts them."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from wtforms.fields import Field
from wtforms.validators import ValidationError

from app.core.clock import now


def today() -> date:
    """Return today's day in the site's zone."""
    return now().astimezone(ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])).date()


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins in the site's zone."""
    return datetime.combine(day, time(), ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"]))


def read_day(text: str) -> date | None:
    """Return the day that an ISO 8601 text names, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def check_day(_form: Any, field: Field) -> None:
    """Ask again for what is no day."""
    if read_day(field.data) is None:
        raise ValidationError(_("Write the day as year-month-day, for example 2026-11-23."))


def check_not_past(_form: Any, field: Field) -> None:
    """Ask again for a day that is over."""
    day = read_day(field.data)
    if day and day < today():
        raise ValidationError(_("This day is over. Write today or a later day."))
