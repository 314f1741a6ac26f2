"""The keys are a contract: they stand in the database, and what is built on it reads them."""

import pytest

from app.inquiries import vocabulary
from app.inquiries.vocabulary import code_of, country_names, plain_form, read_level, read_month

KEYS = {
    "FILLING_IN": "self relative professional",
    "PATIENT_AWARE": "yes no cannot_be_asked",
    "CONTACT_BY": "email phone whatsapp",
    "INJURY_REGION": "cervical thoracic lumbar sacral unknown",
    "COMPLETENESS": "complete incomplete unknown",
    "HOPES": "movement strength sensation limb_control bladder bowel sweating other",
    "STATUS": ("new in_contact waiting_for_patient medical_review offered declined closed withdrawn"),
}
LEVELS = "C1 C2 C3 C4 C5 C6 C7 C8 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3 L4 L5 S1 S2 S3 S4-5"


@pytest.mark.parametrize("name", KEYS)
def test_the_keys_are_those_of_the_intakes_contract(name: str) -> None:
    assert list(getattr(vocabulary, name)) == KEYS[name].split()


def test_there_are_the_29_levels_of_isncsci_each_in_one_region() -> None:
    assert list(vocabulary.LEVELS) == LEVELS.split()
    assert len(set(vocabulary.LEVELS)) == 29
    assert {vocabulary.region_of(level)[0].upper() for level in vocabulary.LEVELS} == set("CTLS")


@pytest.mark.parametrize("level", LEVELS.split())
def test_a_level_is_read_as_it_is_written(level: str) -> None:
    assert read_level(level) == read_level(f" {level.lower()} ") == level


@pytest.mark.parametrize(
    "text", ["", "C", "C9", "T0", "T13", "L6", "S6", "X1", "T1T2", "T10 complete", "10", "²"]
)
def test_what_is_no_level_is_not_guessed_at(text: str) -> None:
    assert read_level(text) is None


def test_every_country_of_iso_3166_is_there_and_nothing_else() -> None:
    names = country_names("en")

    assert {"ES", "AU", "TW", "XK", "PS", "VA", "AQ", "SS", "CW"} <= set(names)
    assert not {"EU", "UN", "ZZ", "XA", "EZ", "QO", "AC", "001", "150"} & set(names)
    assert len(names) == 250  # ISO 3166-1 has 249; Kosovo uses the code that is left to users
    assert len({plain_form(name) for name in names.values()}) == len(names)


def test_countries_stand_in_the_order_of_their_names() -> None:
    names = list(country_names("en").values())

    assert names.index("Åland Islands") < names.index("Albania")
    assert names[0] == "Afghanistan"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Spain", "ES"),
        ("SPAIN ", "ES"),
        ("es", "ES"),
        ("Cote dIvoire", None),
        ("côte d'ivoire", "CI"),
        ("", None),
    ],
)
def test_a_country_is_found_by_its_name_or_code(text: str, code: str | None) -> None:
    assert code_of(text, country_names("en")) == code


@pytest.mark.parametrize("language", ["en", "es", "de", "ar", "zh", "ru", "fr"])
def test_a_month_is_read_by_number_in_english_and_in_the_pages_language(language: str) -> None:
    from babel import Locale

    own = Locale.parse(language).months["format"]["wide"]

    for month in range(1, 13):
        assert read_month(str(month), language) == month
        assert read_month(f"{month:02d}", language) == month
        assert read_month(own[month], language) == month
    assert read_month("december", language) == 12


@pytest.mark.parametrize("text", ["", "0", "13", "-1", "001", "1.5", "½", "²", "mayo-june", "spring"])
def test_what_is_no_month_is_not_guessed_at(text: str) -> None:
    assert read_month(text, "en") is None


def test_names_compare_without_case_accents_and_marks() -> None:
    assert plain_form("  O'Brien-Søren, Zoë ") == plain_form("o brien søren ZOE")
    assert plain_form("İstanbul") == plain_form("istanbul")
    assert plain_form("---") == ""
