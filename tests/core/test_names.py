"""Countries, languages and months are read as people write them."""

import pytest

import config
from app.core.names import (
    code_of,
    countries_by_spelling,
    country_names,
    plain_form,
    read_country,
    read_month,
    spelling,
    usual_names,
)


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


@pytest.mark.parametrize("language", config.languages())
def test_no_two_countries_are_written_alike_in_a_language_of_the_site(language: str) -> None:
    names = country_names(language).values()

    assert len({spelling(name) for name in names}) == len(names) == 250


@pytest.mark.parametrize("language", config.languages())
def test_a_usual_name_stands_for_a_country_or_a_month_and_is_in_no_list_already(language: str) -> None:
    countries, months = usual_names("countries", language), usual_names("months", language)
    listed = {spelling(name) for name in country_names(language).values()}

    assert set(countries.values()) <= set(country_names(language))
    assert set(months.values()) <= {str(number) for number in range(1, 13)}
    assert set(countries) & listed == set()


def test_no_name_stands_for_one_country_here_and_another_there() -> None:
    found: dict[str, set[str]] = {}
    for language in config.languages():
        for name, code in countries_by_spelling(language).items():
            found.setdefault(name, set()).add(code)

    assert {name: codes for name, codes in found.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("page", config.languages())
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Spain", "ES"),
        ("uk", "GB"),
        ("U.S.A.", "US"),
        ("the Netherlands", "NL"),
        ("Bosnia and Herzegovina", "BA"),
        ("españa", "ES"),
        ("Estados Unidos", "US"),
        ("EE. UU.", "US"),
        ("EEUU", "US"),
        ("Inglaterra", "GB"),
        ("Arabia Saudita", "SA"),
        ("السعودية", "SA"),
        ("السعوديه", "SA"),
        ("المملكة العربية السعودية", "SA"),
        ("الإمارات", "AE"),
        ("الامارات", "AE"),
        ("امارات", "AE"),
        ("أمريكا", "US"),
        ("امريكا", "US"),
        ("الولايات المتحده الامريكيه", "US"),
        ("عمان", "OM"),
        ("مِصر", "EG"),
        ("ســوريا", "SY"),
        ("البوسنة و الهرسك", "BA"),
        ("عراق", "IQ"),
        ("Atlantis", None),
        ("الـ", None),
        ("", None),
    ],
)
def test_a_country_is_understood_in_every_language_whatever_the_pages(
    text: str, code: str | None, page: str
) -> None:
    assert read_country(text, page) == code


@pytest.mark.parametrize("page", config.languages())
@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("December", 12),
        ("sept.", 9),
        ("enero", 1),
        ("Setiembre", 9),
        ("يناير", 1),
        ("كانون الثاني", 1),
        ("كانون ثاني", 1),
        ("أيلول", 9),
        ("ايلول", 9),
        ("غشت", 8),
        ("١٢", 12),
        ("٠٣", 3),
        ("۱۲", 12),
        ("١٣", None),
        ("كانون", None),
    ],
)
def test_a_month_is_understood_in_every_language_and_in_any_digits(
    text: str, month: int | None, page: str
) -> None:
    assert read_month(text, page) == month


def test_arabic_names_stand_in_the_order_of_their_letters() -> None:
    names = list(country_names("ar").values())

    assert names.index("إثيوبيا") < names.index("أذربيجان") < names.index("آيسلندا") < names.index("باكستان")
    assert names[-1].startswith("هونغ كونغ")
