"""The keys are a contract: they stand in the database, and what is built on it reads them."""

import pytest

from app.core import terms
from app.core.terms import read_level

KEYS = {
    "INJURY_REGION": "cervical thoracic lumbar sacral unknown",
    "COMPLETENESS": "complete incomplete unknown",
}
LEVELS = "C1 C2 C3 C4 C5 C6 C7 C8 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3 L4 L5 S1 S2 S3 S4-5"


@pytest.mark.parametrize("name", KEYS)
def test_the_keys_are_those_of_the_intakes_contract(name: str) -> None:
    assert list(getattr(terms, name)) == KEYS[name].split()


def test_there_are_the_29_levels_of_isncsci_each_in_one_region() -> None:
    assert list(terms.LEVELS) == LEVELS.split()
    assert len(set(terms.LEVELS)) == 29
    assert {terms.region_of(level)[0].upper() for level in terms.LEVELS} == set("CTLS")


@pytest.mark.parametrize("level", LEVELS.split())
def test_a_level_is_read_as_it_is_written(level: str) -> None:
    assert read_level(level) == read_level(f" {level.lower()} ") == level


@pytest.mark.parametrize(
    "text", ["", "C", "C9", "T0", "T13", "L6", "S6", "X1", "T1T2", "T10 complete", "10", "²"]
)
def test_what_is_no_level_is_not_guessed_at(text: str) -> None:
    assert read_level(text) is None
