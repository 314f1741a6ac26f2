"""Whole pages of content for visitors and for previews, and parts of them."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from app.content.found import found_entry
from app.content.queries import Entry
from app.content.shapes import Section
from app.content.shown import shown_entry, shown_section


def render_page(entry: Entry, *, preview: bool = False) -> str:
    """Return an entry's whole page; as a preview it says so, takes its files from the version, and is
    not to be found by robots."""
    return render_template(
        f"content/{entry.item.kind}.html",
        shown=shown_entry(entry, preview=preview),
        preview=entry if preview else None,
        found=None if preview else found_entry(entry),
    )


def render_fragment(entry: Entry) -> Markup:
    """Return what a preview shows inside another page: an entry's page without what stands around it."""
    return part(f"_{entry.item.kind}.html", shown=shown_entry(entry, preview=True), alone=True)


def render_section(section: Section) -> Markup:
    """Return what a preview shows of one section of the treatment page."""
    return part("_section.html", section=shown_section(section), alone=True)


def render_information(entry: Entry) -> Markup:
    """Return the treatment page as it stands beside the form."""
    return part("_treatment.html", shown=shown_entry(entry, preview=False), with_form=True)


def render_no_information(title: str) -> Markup:
    """Return what stands beside the form while there is no treatment page to show."""
    return part("_no_treatment.html", title=title)


def part(template: str, **context: Any) -> Markup:
    """Return a part of a page, rendered by a template, which escapes what it is given."""
    return Markup(render_template(f"content/{template}", **context).strip())  # noqa: S704
