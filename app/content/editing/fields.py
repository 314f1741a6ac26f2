"""Fields that several of the editors' forms have: numbers, years, days and web addresses."""

from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from wtforms.fields import Field
from wtforms.validators import ValidationError

from app.content import queries
from app.content.shapes import ADDRESS_LENGTH, SHORT_LENGTH
from app.core.days import check_day, read_day
from app.core.fields import NumberBetween, text_field

FIRST_YEAR = 1900


def number_field(label: Any, first: int, last: int, *, hint: Any = "") -> Any:
    """Return an optional question that is answered by a whole number."""
    return text_field(label, SHORT_LENGTH, NumberBetween(first, last), hint=hint, inputmode="numeric")


def year_field(label: Any) -> Any:
    """Return an optional question that is answered by a year that has begun."""
    return text_field(label, SHORT_LENGTH, check_year, inputmode="numeric")


def day_field(label: Any, *checks: Any, hint: Any = "", required: Any = None) -> Any:
    """Return a question that is answered by a day, ISO 8601."""
    return text_field(label, SHORT_LENGTH, check_day, *checks, hint=hint, required=required, type="date")


def address_field(label: Any, *, hint: Any = "") -> Any:
    """Return an optional question that is answered by a web address."""
    return text_field(label, ADDRESS_LENGTH, check_address, hint=hint, inputmode="url", spellcheck="false")


def check_year(form: Any, field: Field) -> None:
    """Ask again for what is no year, or has not begun."""
    NumberBetween(FIRST_YEAR, queries.today().year)(form, field)


def check_not_future(_form: Any, field: Field) -> None:
    """Refuse a day that has not come yet."""
    day = read_day(field.data)
    if day and day > queries.today():
        raise ValidationError(_("This day has not come yet."))


def check_address(_form: Any, field: Field) -> None:
    """Take web addresses only: what stands in a page can be pressed."""
    try:
        parts = urlsplit(field.data)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError(_("Write the whole address, starting with https://"))
