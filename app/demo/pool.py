"""People who do not exist, prepared: all that is the same whenever one of them writes is made once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from app.core.crypto import as_json, keyring
from app.demo import names, people
from app.demo.plan import FIRST_LANGUAGE, Plan
from app.inquiries import lookup
from app.inquiries.answers import PLAIN
from app.inquiries.models import Inquiry
from app.inquiries.sending import canonical, write_answers

PEOPLE = 503
"""People of each month: whoever writes more often than that in it does so with another e-mail address."""
MOST_KEPT = 65_536
"""Blind indexes that are kept ready: the beginnings of names come again and again."""
NUMBER = "#"
"""Stands in texts where the number in the e-mail address belongs; no other text has it."""
PERSON_COLUMNS = (*PLAIN, "answer_language", "hints_version", "page_language", "treatment_version")


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody who may write in a certain month. What the address is part of is cut where its number goes."""

    email: list[str]
    answers: list[bytes]
    """As JSON; those that are kept in the clear stand in ``columns``."""
    canonical: list[str]
    """All answers as one text, as ``sending.canonical`` makes it."""
    columns: tuple[Any, ...]
    """Of ``PERSON_COLUMNS``."""
    hints: bytes
    """As JSON."""
    found_by: tuple[tuple[str, bytes], ...]
    """The kinds and blind indexes of everything but the address."""
    has_phone: bool
    filling_in: str
    authority: str
    page_language: str
    answer_language: str


def prepared(plan: Plan, is_call: bool, month: str, number: int) -> Person:
    """Return one of the people who write, or call, in a month, which is told as 2025-03."""
    rng = Random(f"{plan.seed}/{is_call}/{month}/{number}")  # noqa: S311 -- not a secret
    sent_at = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    given = people.who_wants_a_call(rng) if is_call else people.who_fills_in_the_form(rng, NUMBER, sent_at)
    spoken = names.language_of(given.country)
    language = spoken if spoken in plan.treatment_versions else FIRST_LANGUAGE
    row = SimpleNamespace(
        sent_at=sent_at, page_language=language, treatment_version=plan.treatment_versions[language]
    )
    write_answers(cast(Inquiry, row), given)
    values = [value for value in lookup.values_of(given) if value[0] != "email"]
    values += [("hint", kind) for kind, _version, _source in row.hints]
    return Person(
        email=given.email.split(NUMBER),
        answers=as_json(row.answers).encode().split(NUMBER.encode()),
        canonical=canonical(given).split(NUMBER),
        columns=tuple(getattr(row, name) for name in PERSON_COLUMNS),
        hints=as_json(row.hints).encode(),
        found_by=tuple((kind, index_of(kind, value)) for kind, value in values),
        has_phone=bool(given.phone),
        filling_in=given.filling_in,
        authority=given.helper_authority,
        page_language=language,
        answer_language=row.answer_language,
    )


@lru_cache(maxsize=MOST_KEPT)
def index_of(kind: str, value: str) -> bytes:
    """Return a blind index."""
    return keyring().blind_index(kind, value)
