from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, format_decimal
from werkzeug.test import TestResponse

from app import create_app
from app.core import wording
from app.core.i18n import (
    language_choices,
    page_language,
    short_day,
    shown_day,
    shown_time,
    speaking,
)
from app.core.wording import gettext
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, page_of, text_of

pytestmark = ON_SQLITE


ENGLISH, SPANISH, ARABIC = ("en", "ltr"), ("es", "ltr"), ("ar", "rtl")


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("en-GB,en;q=0.8", ENGLISH),
        ("es-419,es;q=0.9,en;q=0.8", SPANISH),
        ("ar-EG", ARABIC),
        ("zh, ar;q=0.9", ARABIC),
        *((odd, ENGLISH) for odd in ("", "*", "zh", ";;;q=", "x" * 5000, "en;q=abc")),
    ],
)
def test_a_page_comes_in_the_language_of_the_site_that_the_browser_likes_best(
    client: FlaskClient, wanted: str, given: tuple[str, str]
) -> None:
    response = client.get("/", headers={"Accept-Language": wanted})

    assert response.status_code == 200
    assert language_of(response) == given


def test_a_language_that_is_asked_for_is_kept_for_the_pages_after(client: FlaskClient) -> None:
    first = client.get("/?lang=ar", headers={"Accept-Language": "es"})
    after = client.get("/cases", headers={"Accept-Language": "es"})
    back = client.get("/?lang=en")

    assert [language_of(page) for page in (first, after, back)] == [ARABIC, ARABIC, ENGLISH]


@pytest.mark.parametrize("odd", ["xx", "", "ES", "en_GB", "../ar", "\x00", "ar" * 2000])
def test_a_language_that_the_site_has_not_changes_nothing(client: FlaskClient, odd: str) -> None:
    client.get("/?lang=es")

    assert language_of(client.get("/", query_string={"lang": odd})) == SPANISH
    assert language_of(client.get("/cases")) == SPANISH


def test_a_form_that_names_its_language_is_answered_in_it(client: FlaskClient) -> None:
    answer = client.post("/no-such-page", data={"lang": "es"})

    assert language_of(answer) == SPANISH
    assert language_of(client.get("/")) == ENGLISH


def test_a_form_that_cannot_be_read_is_answered_in_the_browsers_language(client: FlaskClient) -> None:
    headers = {"Accept-Language": "es"}
    broken = client.post("/inquiries", data=b"x", content_type="multipart/form-data", headers=headers)
    too_many = client.post("/inquiries", data={f"f{n}": "x" for n in range(2000)} | {"lang": "ar"})
    too_large = client.post("/inquiries", data={"lang": "ar", "a": "x" * 11_000_000}, headers=headers)

    assert language_of(broken) == SPANISH
    assert too_many.status_code < 500
    assert (too_large.status_code, language_of(too_large)) == (413, SPANISH)


def test_every_language_is_offered_by_its_own_name(app: Flask) -> None:
    with app.app_context():
        assert language_choices() == [
            ("en", "English", "ltr"),
            ("ar", "العربية", "rtl"),
            ("es", "Español", "ltr"),
        ]


def test_each_page_leads_to_itself_in_the_other_languages(client: FlaskClient) -> None:
    page = page_of(client.get("/cases?region=cervical&lang=es"))

    assert switch(page) == [
        ("English", "en", "ltr", "?region=cervical&lang=en"),
        ("العربية", "ar", "rtl", "?region=cervical&lang=ar"),
        ("Español", "es", "ltr", None),
    ]
    (current,) = [choice for choice in page.with_class("languages__choice") if choice.get("aria-current")]
    assert current.get("lang") == "es"


def test_the_answer_to_a_form_leads_to_a_page_that_can_be_asked_for(client: FlaskClient) -> None:
    answer = page_of(client.post("/cases"))

    assert [address for *_, address in switch(answer)] == [None, "/?lang=ar", "/?lang=es"]


def test_a_form_is_taken_along_and_enter_in_it_does_not_change_the_language(client: FlaskClient) -> None:
    page = page_of(client.get("/"))

    of_form = [button for button in page.all("button") if button.get("form") == "inquiry-form"]
    assert [button.get("value") for button in of_form] == [None, "language-ar", "language-es"]
    assert [button.get("name") for button in of_form] == [None, "action", "action"]
    assert page.by_id("inquiry-form").tag == "form"


def test_staff_choose_their_language_in_the_menu_of_their_account(coordinator: FlaskClient) -> None:
    page = page_of(coordinator.get("/desk?lang=ar"))

    assert language_of(coordinator.get("/desk")) == ARABIC
    assert [address for *_, address in switch(page)] == ["?lang=en", None, "?lang=es"]


def switch(page: Page) -> list[tuple[str, str | None, str | None, str | None]]:
    """Return the choices of the language switch: name, language, direction and address."""
    return [
        (text_of(choice), choice.get("lang"), choice.get("dir"), choice.get("href"))
        for choice in page.with_class("languages__choice")
    ]


def language_of(response: TestResponse) -> tuple[str | None, str | None]:
    (html,) = page_of(response).all("html")
    return html.get("lang"), html.get("dir")


def test_the_language_can_be_asked_for_outside_a_request(app: Flask) -> None:
    with app.app_context():
        assert page_language() == "en"


def test_another_language_can_be_spoken_for_a_while(app: Flask) -> None:
    day = date(2026, 7, 1)
    with app.app_context():
        assert (page_language(), gettext("Yes"), shown_day(day)) == ("en", "Yes", "1 July 2026")
        with speaking("es"):
            assert (page_language(), gettext("Yes"), shown_day(day)) == ("es", "Sí", "1 de julio de 2026")
            with speaking("en"):
                assert (page_language(), gettext("Yes"), shown_day(day)) == ("en", "Yes", "1 July 2026")
            assert (page_language(), gettext("Yes"), shown_day(day)) == ("es", "Sí", "1 de julio de 2026")
        assert (page_language(), gettext("Yes"), shown_day(day)) == ("en", "Yes", "1 July 2026")


def test_the_language_of_before_is_spoken_again_after_a_failure(app: Flask) -> None:
    def fail() -> None:
        with speaking("es"):
            assert gettext("Yes") == "Sí"
            raise ValueError("on purpose")

    with app.app_context():
        assert gettext("Yes") == "Yes"
        with pytest.raises(ValueError, match="on purpose"):
            fail()
        assert gettext("Yes") == "Yes"


def test_words_are_found_again_when_too_many_were_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "MOST_KEPT", 3)
    with app.app_context(), speaking("es"):
        for _time in range(2):
            said = [gettext(text) for text in ("Yes", "No", "Sent", "Any")]
            assert said == ["Sí", "No", "Enviado", "Cualquiera"]
        assert len(wording.kept().words) <= 3


def test_a_moment_is_shown_as_the_day_that_it_is_for_the_reader(app: Flask, environ: dict[str, str]) -> None:
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    with app.app_context():
        assert (shown_day(late), short_day(late)) == ("1 July 2026", "1 Jul 2026")
    elsewhere = create_app({**environ, "SITE_TIMEZONE": "Europe/Madrid"})
    with elsewhere.app_context():
        assert (shown_day(late), short_day(late)) == ("2 July 2026", "2 Jul 2026")
    close(elsewhere)


def test_a_time_is_shown_with_its_zone(app: Flask, environ: dict[str, str]) -> None:
    moment = datetime(2026, 7, 1, 9, 5, tzinfo=UTC)
    with app.app_context():
        assert shown_time(moment) == "1 Jul 2026, 09:05 UTC"

    elsewhere = create_app({**environ, "SITE_TIMEZONE": "Europe/Madrid"})
    with elsewhere.app_context():
        assert shown_time(moment).startswith("1 Jul 2026, 11:05 ")
    close(elsewhere)


@pytest.mark.parametrize(
    ("language", "day", "time", "number"),
    [
        ("en", "1 July 2026", "1 Jul 2026, 09:05 UTC", "12,345.5"),
        ("es", "1 de julio de 2026", "1 jul 2026, 09:05 UTC", "12.345,5"),
        ("ar", "1 يوليو 2026", "1 يوليو 2026، 09:05 UTC", "12,345.5"),
    ],
)
def test_days_times_and_numbers_are_shown_as_their_readers_write_them(
    app: Flask, language: str, day: str, time: str, number: str
) -> None:
    moment = datetime(2026, 7, 1, 9, 5, tzinfo=UTC)
    with app.app_context(), force_locale(language):
        assert shown_day(moment.date()) == day
        assert shown_time(moment) == time
        assert format_decimal(12345.5) == number
