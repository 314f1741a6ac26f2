import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of
from tests.support.sending import filled, lost, post, send

pytestmark = ON_SQLITE


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("country", "spain", "ES"),
        ("country", " SPAIN ", "ES"),
        ("country", "es", "ES"),
        ("country", "cote d'ivoire", "CI"),
        ("country", "Côte d’Ivoire", "CI"),
        ("country", "TÜRKIYE", "TR"),
        ("country", "united  states", "US"),
        ("country", "Bosnia and Herzegovina", "BA"),
        ("phone", "+34 600 123 457", "+34600123457"),
        ("phone", "0034 600-123-457", "+34600123457"),
        ("phone", "600 123 457", "+34600123457"),
        ("phone", "(+34) 600.123.457", "+34600123457"),
        ("phone", "+٣٤ ٦٠٠ ١٢٣ ٤٥٧", "+34600123457"),
        ("phone", "+1 202 456 1111 ext. 5", "+12024561111 ext. 5"),
        ("email", " Example.One@MAIL.example.com ", "Example.One@mail.example.com"),
        ("email", "a+b@sub.example.com", "a+b@sub.example.com"),
        ("injury_level", "t10", "T10"),
        ("injury_level", " T-10 ", "T10"),
        ("injury_level", "t 10", "T10"),
        ("injury_level", "Ｔ１０", "T10"),
        ("injury_month", "April", 4),
        ("injury_month", "apr", 4),
        ("injury_month", "APR", 4),
        ("injury_month", "04", 4),
        ("injury_month", "٤", 4),
        ("birth_year", "١٩٨٥", 1985),
        ("injury_year", " 2019 ", 2019),
        ("patient_name", "  Zoë \t  Example\u2028One ", "Zoë Example One"),
        ("language", "spanish", "es"),
        ("language", "Quechua, or Spanish", "Quechua, or Spanish"),
    ],
)
def test_an_answer_is_understood_in_many_spellings(
    app: Flask, client: FlaskClient, name: str, typed: str, kept: object
) -> None:
    response = send(client, cast.EXAMPLE_ONE, **{name: typed})

    assert response.status_code == 303, page_of(response).errors
    assert stored.only_inquiry(app)[name] == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("s4/5", "S4-5"), ("S5", "S4-5"), ("S 4–5", "S4-5"), ("s1", "S1")]
)
def test_the_lowest_levels_are_one(app: Flask, client: FlaskClient, typed: str, kept: str) -> None:
    send(client, cast.EXAMPLE_ONE, injury_region="sacral", injury_level=typed)

    assert stored.only_inquiry(app)["injury_level"] == kept


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("country", "Atlantis", "We do not know this country. Choose one from the list."),
        ("country", "EU", "We do not know this country. Choose one from the list."),
        ("country", "ZZ", "We do not know this country. Choose one from the list."),
        ("phone", "12", "Check the phone number. Start with + and the country code, as in +34 600 000 000."),
        ("phone", "call me", "Check the phone number."),
        ("phone", "+" + "1" * 50, "Check the phone number."),
        ("email", "example.one", "Check the e-mail address. It looks like name@example.com"),
        ("email", "one@", "Check the e-mail address."),
        ("email", "one@localhost", "Check the e-mail address."),
        ("email", "one@mail.example.com, two@mail.example.com", "Check the e-mail address."),
        ("email", "one@mail.example.com\r\nBcc: two@mail.example.com", "Check the e-mail address."),
        ("injury_level", "T13", "Write the level as a letter and a number"),
        ("injury_level", "C0", "Write the level as a letter and a number"),
        ("injury_level", "10", "Write the level as a letter and a number"),
        ("injury_month", "13", "Write the month as a number from 1 to 12, or its name."),
        ("injury_month", "0", "Write the month as a number from 1 to 12, or its name."),
        ("injury_month", "spring", "Write the month as a number from 1 to 12, or its name."),
        ("birth_year", "85", "Write a year from 1900 to 2026."),
        ("birth_year", "1899", "Write a year from 1900 to 2026."),
        ("birth_year", "19850", "Write a year from 1900 to 2026."),
        ("injury_year", "2027", "Write a year from 1900 to 2026."),
        ("injury_year", "-2019", "Write a year from 1900 to 2026."),
        ("injury_year", "two years ago", "Write a year from 1900 to 2026."),
    ],
)
def test_what_is_not_understood_is_asked_about_and_stays_as_it_was_typed(
    app: Flask, client: FlaskClient, name: str, typed: str, told: str
) -> None:
    with time_machine.travel("2026-06-15T12:00:00Z"):
        fields = filled(client, cast.EXAMPLE_ONE, **{name: typed})
        response = post(client, fields)

    page = page_of(response)
    assert response.status_code == 422
    assert list(page.errors) == [name]
    assert page.errors[name].startswith(told)
    assert lost(page, {**fields, name: " ".join(typed.split())}) == {}
    assert stored.inquiries(app) == []


@pytest.mark.parametrize(("month", "status"), [("6", 303), ("7", 422), ("December", 422)])
def test_an_injury_lies_in_the_past(client: FlaskClient, month: str, status: int) -> None:
    with time_machine.travel("2026-06-15T12:00:00Z"):
        response = send(client, cast.EXAMPLE_ONE, injury_year="2026", injury_month=month)

    assert response.status_code == status
    if status == 422:
        assert page_of(response).errors == {
            "injury_month": "This month has not come yet. Change the month or the year."
        }
