"""Entries and sections as pages show them: texts rendered, files by address, all in the reader’s words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.content import queries
from app.content.found import PLACES
from app.content.markdown import render, split
from app.content.pictures import Address, ShownPicture, shown_picture
from app.content.queries import Entry
from app.content.shapes import Claim, Section
from app.content.vocabulary import BASES, MEASURES, ORIGINS
from app.content.words import (
    LARGE_FILE,
    age_text,
    completeness_text,
    country_name,
    day_of,
    file_facts,
    injury_text,
    person_text,
    region_text,
    web_address,
    when_text,
    words,
)
from app.core import names, terms
from app.core.i18n import page_language

HOME_CASES = 12
HOME_STORIES = 6
LISTS = {
    "studies": ("study", queries.PAGE_SIZE),
    "cases": ("case", HOME_CASES),
    "stories": ("story", HOME_STORIES),
    "recent": ("recent", queries.PAGE_SIZE),
}
"""The layouts that end with a list: of which kind, and how many."""
IN_PARTS = {"balance", "protocols", "notice"}
"""The layouts in which each ``###`` heading starts a part of its own."""

Part = tuple[str, Markup]
"""A heading and the text under it."""
Rows = list[tuple[str, str, bool]]
"""Label, value, and whether the value is long."""


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """Who says it, and when somebody last looked."""

    source: str
    source_url: str
    nature: str
    checked: date | None
    language: str
    """The language of the words; empty where it is the page's."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a case or a story."""

    kind: str
    address: str
    title: str
    picture: ShownPicture | None
    facts: list[str]
    language: str
    """The language of title and summary; the facts are in the page's."""
    summary: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ShownStudy:
    """A study, on its own page and in a list."""

    address: str
    title: str
    facts: list[str]
    measured: Markup
    picture: ShownPicture | None
    file_address: str
    """Empty while the file is awaited."""
    read_address: str
    """Where it is read page by page; the file itself in a version that visitors do not see."""
    file_facts: str
    """Kind, pages and size of the file."""
    is_large: bool
    language: str
    """The language of what is told of it."""
    claim: ShownClaim


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case study on its own page."""

    title: str
    summary: str
    picture: ShownPicture | None
    rows: Rows
    treatment: Markup
    outcome: list[tuple[str, str, str]]
    """Measure, and what was recorded before and after."""
    measured: Markup
    notes: Markup
    language: str
    claim: ShownClaim


@dataclass(frozen=True, slots=True)
class ShownStory:
    """A patient's account on its own page."""

    title: str
    summary: str
    origin: str
    facts: list[str]
    picture: ShownPicture | None
    parts: list[Part]
    recording: str
    """Where the recording is; empty without one."""
    recording_type: str
    captions: str
    language: str
    transcript: Markup
    interview_url: str
    claim: ShownClaim


@dataclass(frozen=True, slots=True)
class ShownRecent:
    """A line in the list of recent patients."""

    name: str
    country: str
    injury: str
    language: str
    """The language in which the injury is told."""
    age: str
    basis: str
    """What the publication rests on, where visitors are told."""
    story_address: str
    interview_url: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the treatment page."""

    anchor: str
    layout: str
    heading: str
    lead: Markup
    parts: list[Part]
    entries: Sequence[Any]
    """What the list shows: cards, studies or recent patients."""
    has_more: bool
    """Whether there is more than the list shows."""
    claim: ShownClaim


def shown_entry(entry: Entry, *, preview: bool) -> Any:
    """Return an entry as its page shows it."""
    address = preview_address(entry) if preview else public_file_address(entry)
    return {
        "treatment": shown_treatment,
        "study": shown_study,
        "case": shown_case,
        "story": shown_story,
        "recent": shown_recent,
    }[entry.item.kind](entry, address)


def public_file_address(entry: Entry) -> Address:
    """Return where visitors find the files of an entry."""
    kinds = PLACES.get(entry.item.kind, "")
    return lambda name: url_for("content.file", kinds=kinds, slug=entry.item.slug, name=name)


def preview_address(entry: Entry) -> Address:
    """Return where editors find the files of an entry's version."""
    item, number = entry.item, entry.version.number
    return lambda name: url_for(
        "editing.version_file", kind=item.kind, slug=item.slug, number=number, name=name
    )


def shown_treatment(entry: Entry, _address: Address) -> dict[str, Any]:
    """Return the treatment page."""
    return {
        "title": entry.body.title,
        "lead": entry.body.lead,
        "sections": [shown_section(section) for section in entry.body.sections],
    }


def shown_section(section: Section) -> ShownSection:
    """Return a section with the list that its layout ends with."""
    lead, parts = split(section.body) if section.layout in IN_PARTS else (section.body, [])
    kind, limit = LISTS.get(section.layout, ("", 0))
    entries = queries.published_entries(kind, limit=limit + 1) if kind else []
    return ShownSection(
        anchor=section.anchor,
        layout=section.layout,
        heading=section.heading,
        lead=render(lead),
        parts=[(heading, render(text)) for heading, text in parts],
        entries=listed(kind, entries[:limit]),
        has_more=len(entries) > limit,
        claim=shown_claim(section),
    )


def listed(kind: str, entries: Sequence[Entry]) -> list[Any]:
    """Return entries of one kind as a list shows them."""
    if kind == "recent":
        stories = stories_led_to(entries)
        return [shown_recent(entry, stories=stories) for entry in entries]
    if kind == "study":
        return [shown_study(entry, public_file_address(entry)) for entry in entries]
    return [card(entry) for entry in entries]


def stories_led_to(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Return by slug the stories that these entries lead to and visitors may see."""
    slugs = {entry.body.story for entry in entries if entry.body.story}
    return {story.item.slug: story for story in queries.published_among("story", slugs)} if slugs else {}


def card(entry: Entry) -> Card:
    """Return what a list shows of a case or a story."""
    kind, body = entry.item.kind, entry.body
    is_case = kind == "case"
    person = [region_text(body), person_text(body)] if is_case else [person_text(body, entry.name)]
    return Card(
        kind=kind,
        address=url_for(f"content.{kind}", slug=entry.item.slug),
        title=body.title,
        picture=shown_picture(body.picture, public_file_address(entry)),
        facts=[fact for fact in (injury_text(body), *person) if fact],
        language=entry.item.language,
        summary="" if is_case else body.summary,
        origin="" if is_case else words(ORIGINS, body.origin),
    )


def shown_study(entry: Entry, address: Address) -> ShownStudy:
    """Return a study."""
    body = entry.body
    language = names.language_names(page_language()).get(body.language, "")
    file_address = address("study.pdf") if body.file else ""
    is_public = entry.version.number == entry.item.published
    patients = ngettext("%(num)s patient", "%(num)s patients", body.patients) if body.patients else ""
    return ShownStudy(
        address=url_for("content.study", slug=entry.item.slug),
        title=body.title,
        facts=[fact for fact in (str(body.year or ""), patients, language) if fact],
        measured=render(body.measured),
        picture=shown_picture(body.picture, address, _("The first page of the paper")),
        file_address=file_address,
        read_address=url_for("content.read_study", slug=entry.item.slug) if is_public else file_address,
        file_facts=file_facts(body),
        is_large=(body.size or 0) >= LARGE_FILE,
        language=entry.item.language,
        claim=shown_claim(body, entry.item.language),
    )


def shown_case(entry: Entry, address: Address) -> ShownCase:
    """Return a case study; of its outcome only what was recorded."""
    body = entry.body
    pairs = {measure: body.outcome.get(measure, ("", "")) for measure in MEASURES}
    return ShownCase(
        title=body.title,
        summary=body.summary,
        picture=shown_picture(body.picture, address),
        rows=case_rows(body),
        treatment=render(body.treatment),
        outcome=[(words(MEASURES, measure), *pair) for measure, pair in pairs.items() if any(pair)],
        measured=render(body.measured),
        notes=render(body.notes),
        language=entry.item.language,
        claim=shown_claim(body, entry.item.language),
    )


def case_rows(body: Any) -> Rows:
    """Return the summary of the patient; what is not told is left out."""
    rows = [
        (_("Level of the injury"), terms.read_level(body.level) or ""),
        (_("Region of the injury"), region_text(body)),
        (_("Completeness"), completeness_text(body.completeness).capitalize()),
        (_("When it happened"), when_text(body)),
        (_("Age at treatment"), age_text(body.age)),
        (_("Country"), country_name(body.country)),
    ]
    return [(label, value, False) for label, value in rows if value]


def shown_story(entry: Entry, address: Address) -> ShownStory:
    """Return a patient's account in its three parts."""
    body = entry.body
    parts = (
        (_("Before treatment"), body.before),
        (_("Protocols received"), body.protocols),
        (_("After treatment"), body.after),
    )
    return ShownStory(
        title=body.title,
        summary=body.summary,
        origin=words(ORIGINS, body.origin),
        facts=[fact for fact in (person_text(body, entry.name), injury_text(body)) if fact],
        picture=shown_picture(body.picture, address),
        parts=[(heading, render(text)) for heading, text in parts if text],
        recording=address("recording") if body.recording else "",
        recording_type=body.recording_type,
        captions=address("captions.vtt") if body.captions else "",
        language=entry.item.language,
        transcript=render(body.transcript),
        interview_url=web_address(body.interview_url),
        claim=shown_claim(body, entry.item.language),
    )


def shown_recent(
    entry: Entry, _address: Address | None = None, stories: Mapping[str, Entry] | None = None
) -> ShownRecent:
    """Return a recent patient; ``stories`` are those that may be led to, by their slugs.

    A name here does not lead to an account whose own permission shows none: the two together would tell
    whose account it is.
    """
    body, permission = entry.body, entry.permission
    story = (stories_led_to([entry]) if stories is None else stories).get(body.story)
    is_led_to = story is not None and bool(story.name or not entry.name)
    is_of_clinic = permission is not None and permission.basis == "clinic_page"
    return ShownRecent(
        name=entry.name,
        country=country_name(body.country),
        injury=body.injury,
        language=entry.item.language,
        age=age_text(body.age),
        basis=words(BASES, "clinic_page") if is_of_clinic else "",
        story_address=url_for("content.story", slug=body.story) if is_led_to else "",
        interview_url=web_address(body.interview_url),
    )


def shown_claim(claim: Claim, language: str = "") -> ShownClaim:
    """Return who says it and when somebody last looked."""
    return ShownClaim(
        claim.source.rstrip("."),
        web_address(claim.source_url),
        claim.nature,
        day_of(claim.checked),
        language,
    )
