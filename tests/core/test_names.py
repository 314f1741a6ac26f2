"""Countries, languages and months are read as people write them."""

import pytest

from app.core.names import code_of, country_names, plain_form, read_month


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
