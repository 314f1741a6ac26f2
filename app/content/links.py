"""Links inside the site that lead nowhere, in what visitors see and in what waits to be published."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from app.content import queries
from app.content.markdown import links
from app.content.queries import Entry
from app.content.shapes import SHAPES, Treatment

TEXTS = ("measured", "treatment", "notes", "before", "protocols", "after", "transcript")
"""The fields of a body that are Markdown."""
ON_HOME = {"inquiry"}
"""What the start page has besides the sections."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link, and where it stands."""

    entry: Entry
    place: str
    """The section or field it stands in."""
    address: str


def broken_links() -> list[BrokenLink]:
    """Return every internal link that leads nowhere. Links to other sites are not followed."""
    anchors = {
        section.anchor for entry in queries.items_of_kind("treatment") for section in entry.body.sections
    }
    return [
        BrokenLink(entry, place, address)
        for kind in SHAPES
        for entry in queries.items_of_kind(kind)
        for place, text in texts_of(entry.body)
        for address in links(text)
        if leads_nowhere(address, anchors | ON_HOME)
    ]


def texts_of(body: Any) -> Iterator[tuple[str, str]]:
    """Yield every Markdown text of a body with the name of its place."""
    if isinstance(body, Treatment):
        yield from ((section.heading, section.body) for section in body.sections)
    else:
        yield from ((name, getattr(body, name)) for name in TEXTS if getattr(body, name, ""))


def leads_nowhere(address: str, anchors: set[str]) -> bool:
    """Return whether a link stays inside the site and finds nothing there."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return False
    if not parts.path or parts.path == "/":
        return bool(parts.fragment) and parts.fragment not in anchors
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except HTTPException as error:
        return error.code is None or error.code >= 400
    kind = {"content.case": "case", "content.story": "story", "content.study": "study"}.get(endpoint)
    return kind is not None and queries.published_entry(kind, values["slug"]) is None
