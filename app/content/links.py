"""Links inside the site that lead nowhere, in what visitors see and in what waits to be published."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from app.content import queries
from app.content.found import PLACES
from app.content.markdown import links
from app.content.queries import Entry
from app.content.shapes import SHAPES, Treatment
from app.content.vocabulary import FIELDS

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
    entries = [
        entry for kind in SHAPES for newest in queries.items_of_kind(kind) for entry in versions(newest)
    ]
    anchors = {section.anchor for entry in entries for section in getattr(entry.body, "sections", ())}
    stories = {slug for _kind, slug, _at in queries.published_slugs(["story"])}
    broken = [
        BrokenLink(entry, place, address)
        for entry in entries
        for place, text in texts_of(entry.body)
        for address in links(text)
        if leads_nowhere(urljoin(place_of(entry), address), anchors | ON_HOME)
    ]
    broken += [
        BrokenLink(entry, str(FIELDS["story"]), f"/stories/{entry.body.story}")
        for entry in entries
        if getattr(entry.body, "story", "") and entry.body.story not in stories
    ]
    return broken


def versions(newest: Entry) -> list[Entry]:
    """Return an item in its newest version, and in the one that visitors see if that is another."""
    item = newest.item
    if item.published in {None, item.newest}:
        return [newest]
    public = queries.entry_in_version(item, item.published or 0)
    return [newest, public] if public else [newest]


def place_of(entry: Entry) -> str:
    """Return the address of the page that an entry's texts stand on: its links are read from there."""
    place = PLACES.get(entry.item.kind)
    return f"/{place}/{entry.item.slug}" if place else "/"


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
