"""What all parts of one load have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.demo.story import Team
from app.inquiries.sending import REFERENCE_LETTERS

FIRST_LANGUAGE = "en"
SPAN = timedelta(days=730)
BEFORE_NOW = 3600
"""The newest is so many seconds old: floods are told by what came in the last minutes."""
PAIRS = tuple(first + second for first in REFERENCE_LETTERS for second in REFERENCE_LETTERS)
"""Every two letters that can follow each other in a reference."""
REFERENCES = len(PAIRS) ** 4
STEP = 500_000_003
"""Between the numbers of two references that follow each other: prime, so that none comes twice."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for every batch of one load."""

    settings: Mapping[str, Any]
    engine: str
    """``sqlite`` or ``postgresql``."""
    seed: str
    total: int
    now: int
    """In seconds since 1970."""
    team: Team
    treatment_versions: Mapping[str, str]
    """The version of the treatment page that is shown now, by language."""
    consent_words: Mapping[str, Mapping[str, str]]
    """What stands beside each box, by language."""
    taken: frozenset[str]
    """The references of the inquiries that are there."""


def moment_of(plan: Plan, place: float) -> int:
    """Return when the inquiry of this place was sent, in seconds since 1970: the later, the more at once."""
    age = SPAN.total_seconds() * max(1 - place / plan.total, 0.0) ** 1.5
    return int(plan.now - BEFORE_NOW - age)


def reference_of(plan: Plan, place: int) -> str:
    """Return the reference of the inquiry of this place: one that no other has."""
    start = int.from_bytes(plan.seed.encode())
    while (reference := written(start + place * STEP)) in plan.taken:
        place += plan.total
    return reference


def written(number: int) -> str:
    """Return the reference with a number; those of the first ``REFERENCES`` numbers all differ."""
    rest, first = divmod(number % REFERENCES, len(PAIRS))
    rest, second = divmod(rest, len(PAIRS))
    fourth, third = divmod(rest, len(PAIRS))
    return f"SCI-{PAIRS[first]}{PAIRS[second]}-{PAIRS[third]}{PAIRS[fourth]}"
