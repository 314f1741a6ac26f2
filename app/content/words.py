"""What content holds, in the words of its readers. A preview may hold anything: what is odd is left out."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from app.core import names, terms
from app.core.i18n import comma_list, isolated, page_language

LARGE_FILE = 10_000_000
"""Bytes from which a page says that a file may take minutes."""


def person_text(body: Any, name: str = "") -> str:
    """Return name, age and country, as far as they may be told."""
    parts = (isolated(name), age_text(body.age), country_name(body.country))
    return comma_list(parts)


def injury_text(body: Any) -> str:
    """Return level and completeness on one line."""
    level = terms.read_level(body.level) or ""
    return comma_list((level, completeness_text(body.completeness)))


def region_text(body: Any) -> str:
    """Return the region of the injury, by its level where one is known."""
    level = terms.read_level(body.level)
    region = terms.region_of(level) if level else body.region
    return _("Region not known") if region == "unknown" else words(terms.INJURY_REGION, region)


def completeness_text(key: str) -> str:
    """Return the completeness, as it stands inside a line."""
    texts = {
        "complete": _("complete"),
        "incomplete": _("incomplete"),
        "unknown": _("completeness not known"),
    }
    return texts.get(key, "")


def age_text(age: int | None) -> str:
    """Return an age in years."""
    return "" if age is None else ngettext("%(num)s year old", "%(num)s years old", age)


def country_name(code: str) -> str:
    """Return a country's name in the page's language."""
    return names.country_names(page_language()).get(code, "")


def when_text(body: Any) -> str:
    """Return when the injury happened, as exactly as it is told."""
    if not body.injury_year or body.injury_month not in range(1, 13):
        return str(body.injury_year or "")
    return str(format_date(date(body.injury_year, body.injury_month, 1), "LLLL y"))


def words(choices: terms.Choices, key: str) -> str:
    """Return the words of a key, or nothing where none was chosen."""
    return str(choices[key]) if key in choices else ""


def file_facts(body: Any) -> str:
    """Return kind, pages and size of a study's file."""
    pages = ngettext("%(num)s page", "%(num)s pages", body.pages) if body.pages else ""
    return comma_list((_("PDF"), pages, size_text(body.size)))


def size_text(size: int | None) -> str:
    """Return a number of bytes as people say it."""
    if not size:
        return ""
    if size < 1_000_000:
        return _("%(size)s kB", size=format_decimal(max(size / 1_000, 1), "#,##0"))
    return _("%(size)s MB", size=format_decimal(size / 1_000_000, "#,##0" if size >= LARGE_FILE else "0.#"))


def day_of(text: str) -> date | None:
    """Return the day of an ISO 8601 text; a preview may hold one that is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def web_address(text: str) -> str:
    """Return an address that leads to another site, or nothing: a preview may hold anything."""
    try:
        return text if urlsplit(text).scheme in {"http", "https"} else ""
    except ValueError:
        return ""
