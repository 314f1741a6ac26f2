from datetime import date
from typing import Any

import pytest

from app.core.terms import COMPLETENESS
from app.inquiries.flags import HINTS, RULES, RULES_VERSION, hints_in
from app.inquiries.vocabulary import PATIENT_AWARE

SENT = date(2026, 11, 24)


def kinds(**given: Any) -> dict[str, str]:
    """Return the hints of answers, each with the answer that it rests on."""
    return {hint.kind: hint.source for hint in hints_in(given, SENT)}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {}),
        ({"birth_year": 2009}, {"under_18": "birth_year"}),
        ({"birth_year": 2008}, {"under_18": "birth_year"}),  # may turn 18 in December
        ({"birth_year": 2007}, {}),
        ({"patient_aware": "no"}, {"unaware": "patient_aware"}),
        ({"patient_aware": "cannot_be_asked"}, {"unaware": "patient_aware"}),
        ({"patient_aware": "yes"}, {}),
        ({"injury_year": 2026, "injury_month": 9}, {"recent": "injury_year"}),
        ({"injury_year": 2026, "injury_month": 8}, {"recent": "injury_year"}),  # the 31st of it
        ({"injury_year": 2026, "injury_month": 7}, {}),
        ({"injury_year": 2026}, {"recent": "injury_year"}),  # nobody told in which month
        ({"injury_year": 2025}, {}),
        ({"completeness": "complete"}, {"second_protocol": "completeness"}),
        ({"completeness": "incomplete", "injury_year": 2021}, {"second_protocol": "injury_year"}),
        ({"completeness": "unknown", "injury_year": 2022}, {}),
        ({"injury_level": "C5"}, {"high_level": "injury_level"}),
        ({"injury_region": "cervical"}, {"high_level": "injury_region"}),
        ({"message": "I have a fever"}, {"infection": "message"}),
    ],
)
def test_a_hint_tells_the_answer_that_it_rests_on(given: dict[str, Any], found: dict[str, str]) -> None:
    assert kinds(**given) == found


def test_a_year_that_just_ended_may_be_less_than_three_months_ago() -> None:
    assert [hint.kind for hint in hints_in({"injury_year": 2025}, date(2026, 2, 1))] == ["recent"]


def test_the_most_urgent_hint_comes_first() -> None:
    found = kinds(completeness="complete", birth_year=2015, message="I want to die", injury_level="T2")

    assert list(found) == ["suicidal", "high_level", "under_18", "second_protocol"]


def test_every_kind_has_words_and_a_version() -> None:
    assert set(HINTS) == set(RULES)
    assert min(RULES.values()) >= 1
    assert max(RULES.values()) <= RULES_VERSION


@pytest.mark.parametrize("aware", PATIENT_AWARE)
@pytest.mark.parametrize("completeness", COMPLETENESS)
def test_no_combination_of_answers_is_too_much_for_the_rules(aware: str, completeness: str) -> None:
    for year in (None, 1900, 2026):
        for month in (None, 1, 12):
            given = {"patient_aware": aware, "completeness": completeness, "birth_year": year}
            hints_in({**given, "injury_year": year, "injury_month": month}, SENT)
