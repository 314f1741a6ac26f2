"""The sections of the treatment page, in their order."""

from dataclasses import replace

from app.content.shapes import Section, Treatment


def section_of(page: Treatment, anchor: str) -> Section | None:
    """Return the section of this address, or None."""
    return next((section for section in page.sections if section.anchor == anchor), None)


def put(page: Treatment, section: Section) -> Treatment:
    """Return the page with a section in the place of the one of its address, or at the end."""
    if section_of(page, section.anchor) is None:
        return replace(page, sections=(*page.sections, section))
    others = (section if known.anchor == section.anchor else known for known in page.sections)
    return replace(page, sections=tuple(others))


def without(page: Treatment, anchor: str) -> Treatment:
    """Return the page without a section."""
    return replace(page, sections=tuple(known for known in page.sections if known.anchor != anchor))


def moved(page: Treatment, anchor: str, *, up: bool) -> Treatment:
    """Return the page with a section one place higher or lower; at the end of the page it stays."""
    sections = list(page.sections)
    here = next(index for index, section in enumerate(sections) if section.anchor == anchor)
    there = min(max(here + (-1 if up else 1), 0), len(sections) - 1)
    sections[here], sections[there] = sections[there], sections[here]
    return replace(page, sections=tuple(sections))
