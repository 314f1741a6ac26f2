"""Published content about invented people, made by the services that the editors' pages call."""

import io
from dataclasses import replace
from typing import Any

import pikepdf
from flask import Flask
from PIL import Image, ImageDraw

from app.audit.log import Actor
from app.content import permissions, queries, services
from app.content.files import keep_file
from app.content.models import ContentItem
from app.content.permissions import Given, Terms
from app.content.shapes import Body, Case, Recent, Story
from app.core.database import db

EDITOR = Actor("staff")
EVERYTHING = ("text", "picture", "recording", "name")
NAME = "Example Person"
INJURIES = [
    ("C5", "complete", "ES"),
    ("T10", "incomplete", "AU"),
    ("L1", "incomplete", "BR"),
    ("T4", "complete", "DE"),
    ("C7", "incomplete", "IN"),
    ("S1", "unknown", "ZA"),
]
CASE = Case(
    title="Example case",
    summary="An invented case, for a test.",
    age=31,
    country="ES",
    level="T10",
    completeness="incomplete",
    injury_year=2019,
    injury_month=4,
    treatment="Invented for a test: **IV** and LP, four packets each.",
    outcome={"asia_motor": ("50", "52"), "ashworth": ("3", "3"), "bladder": ("", "No change told")},
    measured="Invented for a test: by an example doctor, three months after.",
    notes="Invented for a test: a headache for two days.",
    source="An invented source",
    nature="Not a controlled trial.",
    checked="2026-11-23",
)
STORY = Story(
    title="Example story",
    summary="An invented account, for a test.",
    age=40,
    country="PT",
    level="C6",
    completeness="incomplete",
    origin="interview",
    before="Invented for a test: before.",
    protocols="Invented for a test: protocols.",
    after="Invented for a test: after. It stayed as it was.",
    source="An invented source",
    checked="2026-11-23",
)


def publish(
    app: Flask, kind: str, body: Body, *, files: dict[str, io.BytesIO] | None = None, **terms: Any
) -> str:
    """Publish an entry with its files and a permission, and return its slug; ``terms`` change the latter."""
    with app.app_context():
        for what, content in (files or {}).items():
            body = keep_file(what, body, content, f"example-{what}", alt=f"An example {what}")
        item = services.create_item(kind, "en", body, "", EDITOR)
        if kind != "study":
            permissions.record_permission(item, given(**terms), item.version, EDITOR)
        services.publish(item, item.newest, item.version, EDITOR)
        return item.slug


def newest_body(item: ContentItem) -> Any:
    """Return the body of an item's newest version."""
    entry = queries.entry_in_version(item, item.newest)
    assert entry is not None
    return entry.body


def given(**changes: Any) -> Given:
    """Return a permission that covers everything; ``ends_on`` and ``basis`` are changed as its terms are."""
    outer = {name: changes.pop(name) for name in ("ends_on", "basis") if name in changes}
    terms = {"given_by": NAME, "shown_name": NAME, "covers": EVERYTHING, **changes}
    return Given(**{"basis": "signed", **outer}, terms=Terms(**terms))


def publish_cases(app: Flask, count: int, *, pictured: bool = False) -> list[str]:
    """Publish cases of several injuries and countries; return their slugs in the order of the site."""
    slugs = []
    for number in range(count):
        level, completeness, country = INJURIES[number % len(INJURIES)]
        body = replace(
            CASE,
            title=f"Example case {number + 1}",
            age=20 + number,
            level=level,
            completeness=completeness,
            country=country,
        )
        files = {"picture": drawing(number)} if pictured else None
        slugs.append(publish(app, "case", body, files=files, shown_name=""))
    return slugs


def publish_story(
    app: Flask,
    terms: dict[str, Any] | None = None,
    *,
    files: dict[str, io.BytesIO] | None = None,
    **changes: Any,
) -> str:
    """Publish a story and return its slug."""
    return publish(app, "story", replace(STORY, **changes), files=files, **(terms or {}))


def publish_recent(app: Flask, terms: dict[str, Any] | None = None, **changes: Any) -> str:
    """Publish a line in the list of recent patients and return its slug."""
    body = Recent(injury="Example injury, T10 incomplete", age=30, country="PT")
    return publish(app, "recent", replace(body, **changes), **(terms or {}))


def add_study_file(app: Flask, pages: int = 3) -> None:
    """Give the site's own study its file and publish that."""
    with app.app_context():
        item = item_of("study", "asia-2008")
        body = keep_file("study", newest_body(item), pdf(pages), "example.pdf")
        services.save_version(item, body, "", item.version, EDITOR, publish=True)


def withdraw(app: Flask, kind: str, slug: str) -> None:
    """Record that a person withdrew the permission."""
    with app.app_context():
        item = item_of(kind, slug)
        permissions.withdraw_permission(item, EDITOR)


def change(app: Flask, kind: str, slug: str, **changes: Any) -> None:
    """Publish an entry's newest version with changes."""
    with app.app_context():
        item = item_of(kind, slug)
        body: Any = newest_body(item)
        services.save_version(item, replace(body, **changes), "", item.version, EDITOR, publish=True)


def unpublish(app: Flask, kind: str, slug: str) -> None:
    """Take an entry from the site."""
    with app.app_context():
        item = item_of(kind, slug)
        services.unpublish(item, EDITOR)
        db.session.expunge_all()


def item_of(kind: str, slug: str) -> ContentItem:
    """Return an item that there is, in the current application context."""
    item = queries.item_by_slug(kind, slug)
    assert item is not None, f"no {kind} {slug}"
    return item


def drawing(number: int = 0, size: tuple[int, int] = (1400, 1050)) -> io.BytesIO:
    """Return a drawn picture that says what it is."""
    hue = (37 * number) % 120
    image = Image.new("RGB", size, (150 + hue // 2, 190 - hue // 3, 185))
    draw = ImageDraw.Draw(image)
    middle, step = size[0] // 2, size[1] // 12
    for place in range(1, 11):
        half = step * (2.2 - abs(place - 5.5) / 6)
        draw.rounded_rectangle(
            (middle - half, place * step, middle + half, place * step + step * 0.6), 20, fill=(250, 248, 240)
        )
    draw.text((40, 40), f"Example drawing {number + 1}", fill=(20, 40, 50), font_size=48)
    content = io.BytesIO()
    image.save(content, "PNG")
    content.seek(0)
    return content


def pdf(pages: int = 3) -> io.BytesIO:
    """Return a PDF of empty pages."""
    document, content = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        document.add_blank_page()
    document.save(content)
    content.seek(0)
    return content


def sound(seconds: int = 1) -> io.BytesIO:
    """Return silence as an MP3: frames of MPEG-1 layer III, 128 kbit/s, 44,100 Hz."""
    frame = bytes.fromhex("fffb9064") + bytes(413)
    return io.BytesIO(frame * 39 * seconds)


def captions() -> io.BytesIO:
    """Return captions of one line."""
    return io.BytesIO(b"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nAn example caption\n")
