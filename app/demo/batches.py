"""Rows for many inquiries at once, in the form in which each engine takes them fastest.

Batches are made in processes of their own, which know the settings but neither database nor pages.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from random import Random
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from app.core.crypto import Keyring, init_crypto, keyring
from app.core.links import site_host
from app.demo import people
from app.demo.life import live
from app.demo.lines import EVENT_COLUMNS, EVENTS, MAIL_COLUMNS, MAILS
from app.demo.plan import Plan, moment_of, reference_of
from app.demo.pool import PEOPLE, PERSON_COLUMNS, Person, index_of, prepared
from app.demo.story import Row, Seal, Setting, Standing, Story
from app.demo.values import digits_of, id_at, moment_text, told
from app.inquiries import lookup
from app.inquiries.consents import VERSIONS
from app.inquiries.models import CONSENT_KINDS, Consent, Inquiry, InquiryEvent, InquiryLookup
from app.inquiries.sending import answer_due
from app.outbox.models import OutboxMail
from app.outbox.queue import RECIPIENT

CHANNELS = {"form": 55, "steps": 25, "call": 10, "phone": 10}
TABLES: dict[str, sa.Table] = {
    model.__tablename__: cast(sa.Table, model.__table__)
    for model in (Inquiry, Consent, InquiryLookup, InquiryEvent, OutboxMail)
}
"""In an order in which each names only rows of those before it."""
INQUIRIES, CONSENTS, LOOKUPS = Inquiry.__tablename__, Consent.__tablename__, InquiryLookup.__tablename__
COLUMNS = {
    INQUIRIES: (
        *PERSON_COLUMNS,
        "id",
        "reference",
        "form_key_digest",
        "content_index",
        "version",
        "status",
        "sent_at",
        "channel",
        "marks",
        "suspicious",
        "owner_id",
        "follow_up_on",
        "reason",
        "waiting_since",
        "answer_due_at",
        "first_answered_at",
        "is_demo",
        "answers_sealed",
        "hints_sealed",
    ),
    CONSENTS: ("inquiry_id", "kind", "version", "text", "given_at", "given_by", "authority"),
    LOOKUPS: ("kind", "index", "inquiry_id"),
    EVENTS: EVENT_COLUMNS,
    MAILS: MAIL_COLUMNS,
}
"""The columns that rows have values for."""
WRITE_TWICE = 0.02
"""The part of inquiries that somebody sends who sent the one before too."""
MARKED, UNPROVEN = 0.015, 0.08
"""The parts of inquiries that seem to come from a machine, and that came without script."""
SETTINGS = (
    "FIELD_KEYS",
    "PUBLIC_URL",
    "LANGUAGES",
    "LANGUAGES_FOLDER",
    "ANSWER_WORKING_DAYS",
    "BABEL_DEFAULT_TIMEZONE",
    "WORKING_DAYS",
    "WORKING_HOURS",
    "HOLIDAYS",
    "CLOSED_DAYS",
)
"""What the rows depend on."""

Rows = dict[str, list[Row]]
"""Values of columns, by table."""
Found = dict[tuple[str, bytes], list[str]]
"""The inquiries that are found by a kind and a blind index."""
LAST_SECOND = timedelta(minutes=59, seconds=59)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows by table: parameters of an INSERT for SQLite, lines of a COPY for PostgreSQL."""

    count: int
    rows: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a process keeps between the batches that it makes."""

    plan: Plan
    app: Flask
    setting: Setting
    person: Callable[[bool, int, int, int], Person]


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who sends an inquiry."""

    person: Person
    number: str
    """The one in the e-mail address."""
    channel: str
    sent_at: datetime


WORKSHOPS: list[Workshop] = []
"""The one of this process."""


def settings_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the rows depend on."""
    return {name: config[name] for name in SETTINGS}


def application(settings: Mapping[str, Any]) -> Flask:
    """Return an application that can seal and count working time, and nothing else."""
    app = Flask("demonstration")
    app.config.from_mapping(settings)
    init_crypto(app)
    return app


def prepare(plan: Plan) -> None:
    """Begin a process that makes batches."""
    # Another application may have another key, and other hours.
    index_of.cache_clear()
    due_in.cache_clear()
    app = application(plan.settings)
    with app.app_context():
        setting = Setting(
            plan.team, plan.now, plan.settings["ANSWER_WORKING_DAYS"], site_host(), sealing(keyring())
        )
    person = lru_cache(maxsize=4 * PEOPLE)(partial(prepared, plan))
    WORKSHOPS[:] = [Workshop(plan, app, setting, person)]


def sealing(keys: Keyring) -> Seal:
    """Return what seals a value for its place."""

    def seal(table: str, column: str, row: str, value: bytes) -> bytes:
        # Only the text of an id is looked at.
        return keys.seal(table, column, cast(UUID, row), value)

    return seal


def batch_here(first: int, count: int) -> Batch:
    """Make so many inquiries, the ``first``-th of all and those after it, in a process prepared for it."""
    (workshop,) = WORKSHOPS
    with workshop.app.app_context():
        return batch(workshop, first, count)


def batch(workshop: Workshop, first: int, count: int) -> Batch:
    """Make so many inquiries, the ``first``-th of all and those after it."""
    plan = workshop.plan
    rng = Random(f"{plan.seed}/{first}")  # noqa: S311 -- not a secret
    rows: Rows = {name: [] for name in TABLES}
    found: Found = defaultdict(list)
    writing = first
    for place in range(first, first + count):
        if rng.random() > WRITE_TWICE:
            writing = place
        sender = sender_of(workshop, rng, moment_of(plan, place + rng.random()), writing)
        add_inquiry(rows, found, workshop, rng, sender=sender, reference=reference_of(plan, place))
    rows[LOOKUPS] = [(*key, row) for key in sorted(found) for row in found[key]]
    encode = ENCODERS[plan.engine]
    return Batch(count, {name: encode(values) for name, values in rows.items()})


def sender_of(workshop: Workshop, rng: Random, sent_at: datetime, number: int) -> Sender:
    """Return who sends an inquiry at a moment, of whom there is one for each number."""
    channel = people.pick(rng, CHANNELS)
    person = workshop.person(channel == "call", sent_at.year, sent_at.month, number % PEOPLE)
    return Sender(person, str(number), channel, sent_at)


def add_inquiry(
    rows: Rows, found: Found, workshop: Workshop, rng: Random, *, sender: Sender, reference: str
) -> None:
    """Add the rows of an inquiry, and of all that happened to it."""
    seal, keys = workshop.setting.seal, keyring()
    person, channel, sent = sender.person, sender.channel, told(sender.sent_at)
    row = id_at(sent)
    digits = digits_of(row)
    email = sender.number.join(person.email)
    story = Story(
        setting=workshop.setting,
        rng=rng,
        row=digits,
        reference=reference,
        channel=channel,
        page_language=person.page_language,
        answer_language=person.answer_language,
        email=email,
        email_index=keys.blind_index(RECIPIENT, email),
        has_phone=person.has_phone,
        standing=Standing(waiting_since=sent.at),
        moment=sent,
    )
    live(story)
    standing = story.standing
    is_marked = rng.random() < MARKED
    rows[INQUIRIES].append(
        (
            *person.columns,
            digits,
            reference,
            secrets.token_bytes(32),
            keys.blind_index("content", sender.number.join(person.canonical)),
            standing.version,
            standing.status,
            sent.text,
            channel,
            '["trap"]' if is_marked else '["no_proof"]' if rng.random() < UNPROVEN else "[]",
            int(is_marked),
            standing.owner_id,
            standing.follow_up_on and standing.follow_up_on.isoformat(),
            standing.reason,
            standing.waiting_since and moment_text(standing.waiting_since),
            moment_text(due(sent.at)),
            standing.first_answered_at and moment_text(standing.first_answered_at),
            1,
            seal(INQUIRIES, "answers_sealed", row, sender.number.encode().join(person.answers)),
            seal(INQUIRIES, "hints_sealed", row, person.hints),
        )
    )
    agreed = CONSENT_KINDS[:1] if channel == "call" else CONSENT_KINDS
    texts = workshop.plan.consent_words[person.page_language]
    by, authority = person.filling_in or None, person.authority or None
    rows[CONSENTS] += [
        (digits, kind, VERSIONS[kind], texts[kind], sent.text, by, authority) for kind in agreed
    ]
    rows[EVENTS] += story.events
    rows[MAILS] += story.mails
    for key in person.found_by:
        found[key].append(digits)
    if email:
        kind, value = lookup.email_value(email)
        found[kind, keys.blind_index(kind, value)].append(digits)


def due(sent_at: datetime) -> datetime:
    """Return when the first answer is overdue; most hours have one moment for all that is sent in them."""
    first, last = due_in(sent_at.replace(minute=0, second=0))
    return first if first == last else answer_due(sent_at)


@lru_cache
def due_in(hour: datetime) -> tuple[datetime, datetime]:
    """Return when the first answer is overdue to what is sent at the beginning and at the end of an hour."""
    return answer_due(hour), answer_due(hour + LAST_SECOND)


def for_sqlite(rows: list[Row]) -> list[Row]:
    """Return rows as SQLite's driver takes them."""
    return rows


def for_postgresql(rows: list[Row]) -> bytes:
    """Return rows as lines of PostgreSQL's COPY, in its text format."""
    return "".join(["\t".join(map(copied, row)) + "\n" for row in rows]).encode()


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copied(value: Any) -> str:
    """Return a value as COPY reads it."""
    if isinstance(value, str):
        return value if value.isalnum() else value.translate(ESCAPES)
    if value is None:
        return "\\N"
    return f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value)


ENCODERS: dict[str, Callable[[list[Row]], Any]] = {"sqlite": for_sqlite, "postgresql": for_postgresql}
