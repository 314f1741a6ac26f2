"""What staff should see of an inquiry at once. Nothing here decides anything: a doctor does.

A hint is kept with the version of the rule that found it and the answer that it rests on, so that it can be
understood later. Whoever changes a rule counts its version and ``RULES_VERSION`` up: the worker then looks
at every inquiry again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.terms import Choices
from app.inquiries.answers import ADULT_AGE
from app.inquiries.models import Inquiry
from app.inquiries.urgency import URGENT, urgent_kinds

HINTS: Choices = {
    **URGENT,
    "under_18": _l("May be under 18"),
    "unaware": _l("Asked for by someone else; the injured person does not know"),
    "recent": _l("The injury may be less than 3 months old"),
    "second_protocol": _l("Complete, or long ago: the second protocol may come up at the review"),
}
"""Kinds, the most urgent first, with their words for staff."""
RULES = {**dict.fromkeys(URGENT, 1), "under_18": 1, "unaware": 1, "recent": 1, "second_protocol": 1}
"""The version of each kind's rule."""
RULES_VERSION = 1
"""The version of all of them together."""
RECENT_MONTHS = 3
"""An injury this young is still changing by itself (INTAKE: hints for triage)."""
LONG_AGO_YEARS = 5
"""Our own choice of "long ago": the clinic's page says "very old injuries" and gives no number."""
SOURCES = {"under_18": "birth_year", "unaware": "patient_aware", "recent": "injury_year"}


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint of an inquiry."""

    kind: str
    """A key of ``HINTS``."""
    version: int
    """The version of the rule that found it."""
    source: str
    """The name of the answer that it rests on, as in ``Answers``."""


def hints_in(given: Mapping[str, Any], sent_on: date) -> list[Hint]:
    """Return the hints that answers give reason for, the most urgent first.

    ``given`` holds answers by their names in ``Answers``; what was not answered may be missing.
    """
    urgent = urgent_kinds(
        given.get("injury_level") or "", given.get("injury_region") or "", [given.get("message") or ""]
    )
    found = {
        **{kind: urgent_source(kind, given) for kind in urgent},
        **{kind: SOURCES[kind] for kind in plain_kinds(given, sent_on)},
    }
    if source := second_protocol_source(given, sent_on):
        found["second_protocol"] = source
    return [Hint(kind, RULES[kind], found[kind]) for kind in HINTS if kind in found]


def urgent_source(kind: str, given: Mapping[str, Any]) -> str:
    """Return the name of the answer that an urgent kind rests on."""
    if kind != "high_level":
        return "message"
    return "injury_level" if given.get("injury_level") else "injury_region"


def plain_kinds(given: Mapping[str, Any], sent_on: date) -> list[str]:
    """Return the kinds that one answer alone gives reason for."""
    birth_year = given.get("birth_year")
    tests = {
        # The birthday is not asked: whoever turns 18 this year may still be 17.
        "under_18": birth_year is not None and sent_on.year - birth_year <= ADULT_AGE,
        "unaware": given.get("patient_aware") in {"no", "cannot_be_asked"},
        "recent": months_since(given, sent_on) < RECENT_MONTHS,
    }
    return [kind for kind, applies in tests.items() if applies]


def months_since(given: Mapping[str, Any], sent_on: date) -> float:
    """Return the least number of whole months since the injury; infinity if its year was not told."""
    year, month = given.get("injury_year"), given.get("injury_month")
    if not year:
        return float("inf")
    latest = month or (sent_on.month if year == sent_on.year else 12)
    whole = (sent_on.year - int(year)) * 12 + sent_on.month - int(latest) - 1
    return max(whole, 0)


def second_protocol_source(given: Mapping[str, Any], sent_on: date) -> str | None:
    """Return which answer calls for a look at the second protocol, None if none does."""
    if given.get("completeness") == "complete":
        return "completeness"
    year = given.get("injury_year")
    return "injury_year" if year and sent_on.year - year >= LONG_AGO_YEARS else None


def urgent_in(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the kinds of ``urgency`` that an inquiry's answers call for, the most urgent first."""
    texts = [inquiry.answers.get("message", "")]
    return urgent_kinds(inquiry.injury_level or "", inquiry.injury_region or "", texts)
