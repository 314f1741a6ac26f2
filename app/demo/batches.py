"""Rows for many inquiries at once, in the form in which each engine takes them fastest.

Batches are made in processes of their own, which know the settings but neither database nor pages.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects import sqlite

from app.core.crypto import Sealed, init_crypto, keyring
from app.core.database import Base, UTCDateTime
from app.demo import names, people
from app.demo.ids import id_of
from app.demo.life import Row, Story, Team, live
from app.inquiries import lookup
from app.inquiries.answers import Answers
from app.inquiries.consents import VERSIONS
from app.inquiries.models import CONSENT_KINDS, Consent, Inquiry, InquiryEvent, InquiryLookup
from app.inquiries.sending import answer_due, write_answers
from app.outbox.models import OutboxMail

SPAN = timedelta(days=730)
BEFORE_NOW = timedelta(hours=1)
"""The newest is this old: floods are told by what came in the last minutes."""
CHANNELS = {"form": 55, "steps": 25, "call": 10, "phone": 10}
TABLES: dict[str, sa.Table] = {
    model.__tablename__: cast(sa.Table, model.__table__)
    for model in (Inquiry, Consent, InquiryLookup, InquiryEvent, OutboxMail)
}
"""In an order in which each names only rows of those before it."""
COLUMNS = {name: [column.name for column in table.columns] for name, table in TABLES.items()}
FIRST_LANGUAGE = "en"
WRITE_TWICE = 0.02
"""The part of inquiries that somebody sends who sent the one before too."""
MARKED, UNPROVEN = 0.015, 0.08
"""The parts of inquiries that seem to come from a machine, and that came without script."""
MOST_KEPT = 65_536
"""Values that are kept ready: blind indexes, and moments as SQLite has them."""
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


Rows = dict[str, list[tuple[Any, ...]]]
"""Values of columns, by table."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for every batch of one load."""

    settings: Mapping[str, Any]
    engine: str
    """``sqlite`` or ``postgresql``."""
    seed: str
    total: int
    now: datetime
    team: Team
    treatment_versions: Mapping[str, str]
    """The version of the treatment page that is shown now, by language."""
    consent_words: Mapping[str, Mapping[str, str]]
    """What stands beside each box, by language."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows by table: parameters of an INSERT for SQLite, lines of a COPY for PostgreSQL."""

    count: int
    rows: dict[str, Any]


def settings_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the rows depend on."""
    return {name: config[name] for name in SETTINGS}


def application(settings: Mapping[str, Any]) -> Flask:
    """Return an application that can seal and count working time, and nothing else."""
    app = Flask("demonstration")
    app.config.from_mapping(settings)
    init_crypto(app)
    return app


PREPARED: dict[str, Any] = {}
"""What a process keeps between its batches."""


def prepare(plan: Plan) -> None:
    """Begin a process that makes batches."""
    index_of.cache_clear()  # another application may have another key
    PREPARED.update(plan=plan, app=application(plan.settings))


def batch_here(number: int, references: list[str], first: int) -> Batch:
    """Make one batch in the process that was prepared for it."""
    with PREPARED["app"].app_context():
        return batch(PREPARED["plan"], number, references, first)


def batch(plan: Plan, number: int, references: list[str], first: int) -> Batch:
    """Make the inquiries with these references, the ``first``-th of all and those after it."""
    rng = Random(f"{plan.seed}/{number}")  # noqa: S311 -- not a secret
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
    given: Answers | None = None
    for place, reference in enumerate(references, first):
        sent_at = moment_of(plan, place + rng.random())
        channel = people.pick(rng, CHANNELS)
        is_call = channel == "call"
        if given is None or is_call == bool(given.filling_in) or rng.random() > WRITE_TWICE:
            given = (
                people.who_wants_a_call(rng) if is_call else people.who_fills_in_the_form(rng, place, sent_at)
            )
        inquiry = begun(plan, rng, reference, sent_at=sent_at, channel=channel, given=given)
        add_inquiry(rows, plan, rng, inquiry, given)
    encode = ENCODERS[plan.engine]
    return Batch(len(references), {name: encode(TABLES[name], rows[name]) for name in TABLES})


def moment_of(plan: Plan, place: float) -> datetime:
    """Return when the inquiry of this place was sent: the later, the more at once."""
    age: timedelta = SPAN * max(1 - place / plan.total, 0.0) ** 1.5
    return (plan.now - BEFORE_NOW - age).replace(microsecond=0)


class InquiryRow:
    """An inquiry's columns without the model, which the services' functions fill in as if it were one."""

    __tablename__ = Inquiry.__tablename__

    answers = Sealed()
    hints = Sealed()


def begun(
    plan: Plan, rng: Random, reference: str, *, sent_at: datetime, channel: str, given: Answers
) -> Inquiry:
    """Return an inquiry as ``sending.add_inquiry`` begins one."""
    spoken = names.language_of(given.country)
    page_language = spoken if spoken in plan.treatment_versions else FIRST_LANGUAGE
    is_marked = rng.random() < MARKED
    row = InquiryRow()
    vars(row).update(
        id=id_of(sent_at),
        reference=reference,
        form_key_digest=secrets.token_bytes(32),
        version=1,
        status="new",
        sent_at=sent_at,
        waiting_since=sent_at,
        answer_due_at=answer_due(sent_at),
        page_language=page_language,
        treatment_version=plan.treatment_versions[page_language],
        channel=channel,
        marks=["trap"] if is_marked else ["no_proof"] if rng.random() < UNPROVEN else [],
        suspicious=is_marked,
        owner_id=None,
        first_answered_at=None,
        is_demo=True,
    )
    inquiry = cast(Inquiry, row)
    write_answers(inquiry, given)
    return inquiry


def add_inquiry(rows: Rows, plan: Plan, rng: Random, inquiry: Inquiry, given: Answers) -> None:
    """Add the rows of an inquiry, and of all that happened to it."""
    story = Story(
        rng=rng,
        inquiry=inquiry,
        row=inquiry.id.hex,
        email=given.email,
        has_phone=bool(given.phone),
        team=plan.team,
        now=plan.now,
        moment=inquiry.sent_at,
    )
    live(story, plan.settings["ANSWER_WORKING_DAYS"])
    agreed = CONSENT_KINDS[:1] if inquiry.channel == "call" else CONSENT_KINDS
    add(rows, Inquiry, [{**vars(inquiry), "id": story.row}])
    add(rows, Consent, [consent(plan, story, kind, given) for kind in agreed])
    add(rows, InquiryEvent, story.events)
    add(rows, OutboxMail, story.mails)
    rows[InquiryLookup.__tablename__] += [
        (kind, index_of(kind, value), story.row)
        for kind, value in [*lookup.values_of(given), *(("hint", hint) for hint, *_rest in inquiry.hints)]
    ]


def consent(plan: Plan, story: Story, kind: str, given: Answers) -> Row:
    """Return a box that was ticked."""
    inquiry = story.inquiry
    return {
        "inquiry_id": story.row,
        "kind": kind,
        "version": VERSIONS[kind],
        "text": plan.consent_words[inquiry.page_language][kind],
        "given_at": inquiry.sent_at,
        "given_by": given.filling_in or None,
        "authority": given.helper_authority or None,
    }


@lru_cache(maxsize=MOST_KEPT)
def index_of(kind: str, value: str) -> bytes:
    """Return a blind index: the beginnings of names come again and again."""
    return keyring().blind_index(kind, value)


def add(rows: Rows, model: type[Base], values: Iterable[Row]) -> None:
    """Add rows of a model's table, with their values in its columns' order."""
    columns = COLUMNS[model.__tablename__]
    rows[model.__tablename__] += [tuple(map(row.get, columns)) for row in values]


def for_sqlite(table: sa.Table, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows as SQLite's driver takes them."""
    columns = zip(*rows, strict=True)
    processed = [
        map(process, values) if process else values
        for process, values in zip(map(processor, table.columns), columns, strict=False)
    ]
    return list(zip(*processed, strict=True))


def processor(column: sa.Column[Any]) -> Any:
    """Return what makes a value one that SQLite's driver takes; None where it is one."""
    if isinstance(column.type, sa.Uuid):
        return None
    return moment_for_sqlite if isinstance(column.type, UTCDateTime) else processor_of(column.type)


def processor_of(kind: sa.types.TypeEngine[Any]) -> Any:
    """Return what SQLAlchemy makes of values of a type for SQLite's driver; None for as they are."""
    dialect = sqlite.dialect()
    return kind.dialect_impl(dialect).bind_processor(dialect)


process_moment = processor_of(UTCDateTime())


@lru_cache(maxsize=MOST_KEPT)
def moment_for_sqlite(moment: datetime | None) -> Any:
    """Return a moment as SQLite keeps it: many rows tell of the same one."""
    return process_moment(moment)


def for_postgresql(table: sa.Table, rows: list[tuple[Any, ...]]) -> bytes:
    """Return rows as lines of PostgreSQL's COPY, in its text format."""
    are_json = [isinstance(column.type, sa.JSON) for column in table.columns]
    lines = (
        "\t".join([copied(value, is_json) for value, is_json in zip(row, are_json, strict=True)])
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines).encode()


def copied(value: Any, is_json: bool) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, str) or is_json:
        text = json.dumps(value) if is_json else value
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return str(value)


ENCODERS = {"sqlite": for_sqlite, "postgresql": for_postgresql}
