"""Whole pages of content for visitors and for previews, and parts of them."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from app.content.found import found_entry
from app.content.queries import Entry
from app.content.shapes import Section
from app.content.shown import shown_entry, shown_section
from app.core.i18n import marks, speaking


def render_page(entry: Entry, *, preview: bool = False) -> str:
    """Return an entry's whole page; as a preview it says so, takes its files from the version, and is
    not to be found by robots."""
    is_treatment = entry.item.kind == "treatment"
    return render_template(
        f"content/{entry.item.kind}.html",
        shown=treatment_page(entry, preview=preview) if is_treatment else shown_entry(entry, preview=preview),
        preview=entry if preview else None,
        found=None if preview else found_entry(entry),
    )


def render_fragment(entry: Entry) -> Markup:
    """Return what a preview shows inside another page: an entry's page without what stands around it."""
    if entry.item.kind == "treatment":
        return treatment_page(entry, preview=True, alone=True)
    return part(f"_{entry.item.kind}.html", shown=shown_entry(entry, preview=True), alone=True)


def render_section(section: Section) -> Markup:
    """Return what a preview shows of one section of the treatment page."""
    return part("_section.html", section=shown_section(section), alone=True)


def render_information(entry: Entry) -> Markup:
    """Return the treatment page as it stands beside the form."""
    return treatment_page(entry, preview=False, with_form=True)


def treatment_page(entry: Entry, *, preview: bool, **context: Any) -> Markup:
    """Return the treatment page in its own language, all that stands around its texts as well.

    Where the page is in another language, it is marked as a whole.
    """
    language = entry.item.language
    with speaking(language):
        html = part("_treatment.html", shown=shown_entry(entry, preview=preview), **context)
    attributes = marks(language)
    return Markup("<div{}>{}</div>").format(attributes, html) if attributes else html


def render_no_information(title: str) -> Markup:
    """Return what stands beside the form while there is no treatment page to show."""
    return part("_no_treatment.html", title=title)


def part(template: str, **context: Any) -> Markup:
    """Return a part of a page, rendered by a template, which escapes what it is given."""
    return Markup(render_template(f"content/{template}", **context).strip())  # noqa: S704
