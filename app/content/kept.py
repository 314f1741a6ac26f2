"""Pages kept rendered in this process, until something that visitors see is changed.

What is kept is kept by the content's revision, which every process asks for at each request: an edit or a
withdrawn permission shows at the next one. It is kept by the day as well, because permissions end.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_babel import gettext as _
from markupsafe import Markup

from app.content import queries, views
from app.content.found import Found, found_home

MOST_PAGES = 32
"""More are not kept at once; the oldest goes first."""
LABEL = re.compile(r"([A-Za-z-]{2,40})-([1-9][0-9]{0,8})")
"""A version of the treatment page, as inquiries are stored with it."""
NO_VERSION = "none"
"""Stored with an inquiry that was sent while no treatment page was published."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Information:
    """The treatment page, as the start page shows it beside the form."""

    html: Markup
    title: str
    found: Found | None
    """What others read of it; None while there is nothing to find."""
    version: str
    """The version's label, such as "en-1"; empty while there is no treatment page."""


def init_kept(app: Flask) -> None:
    """Give an application its own store."""
    queries.init_queries(app)
    app.extensions["kept_pages"] = {}


def kept(name: str, language: str, render: Callable[[], Kept]) -> Kept:
    """Return what ``render`` returned for this name and language since the last change of the content."""
    pages = current_app.extensions["kept_pages"]
    key = (name, language, queries.revision(), queries.today())
    found: Kept | None = pages.get(key)
    if found is None:
        found = render()
        keep(pages, key, found, MOST_PAGES)
    return found


def keep(store: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    """Keep a value; of more than ``most`` the oldest goes first."""
    while len(store) >= most:
        store.pop(next(iter(list(store))), None)
    store[key] = value


def information(language: str) -> Information:
    """Return the treatment page in a language, or in the site's first one where it is not translated."""
    return kept("information", language, lambda: render_information(language))


def render_information(language: str) -> Information:
    """Render the treatment page."""
    first: str = current_app.config["LANGUAGES"][0]
    entry = queries.published_entry("treatment", language) or queries.published_entry("treatment", first)
    if entry is None:
        return no_information()
    label = f"{entry.item.slug}-{entry.version.number}"
    return Information(views.render_information(entry), entry.body.title, found_home(entry), label)


def no_information() -> Information:
    """Return what stands in the treatment page's place while it cannot be shown."""
    title = _("Stem cell therapy for spinal cord injury (SCI)")
    return Information(views.render_no_information(title), title, None, "")


def version_sent_beside(label: str, language: str) -> str:
    """Return the version that an inquiry says it was sent beside, or the one shown now.

    A label that is none, or of a version that visitors never saw, does not count.
    """
    shown = information(language).version or NO_VERSION
    named = version_named(label) if label != shown else None
    return label if named and queries.was_published(*named) else shown


def version_named(label: str) -> tuple[str, int] | None:
    """Return the slug and the number that a label names, or None if it names no version."""
    found = LABEL.fullmatch(label)
    return (found[1], int(found[2])) if found else None


def treatment_is_published() -> bool:
    """Return whether the start page has something to tell in the site's first language."""
    return queries.published_entry("treatment", current_app.config["LANGUAGES"][0]) is not None
