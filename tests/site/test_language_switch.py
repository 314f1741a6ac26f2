"""Another language in the middle of a form: every answer stays, and names are written in the new one."""

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.inquiries.models import Inquiry
from tests.support import cast, stored
from tests.support.calling import ASKED_FOR, CALL, filled_call
from tests.support.drafting import code_on, go_on, mail_link
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.pages import Page, page_of, text_of
from tests.support.sending import ACTION, filled, lost, post, send
from tests.support.stepping import CHECK, OURS, address, filled_step, go_through, send_checked, step_page
from tests.support.worker import send_all

pytestmark = ON_SQLITE


@dataclass(frozen=True)
class Into:
    """A language to change to, and names in it."""

    code: str
    direction: str
    spain: str
    english: str
    april: str


SPANISH = Into("es", "ltr", "España", "inglés", "abril")
ARABIC = Into("ar", "rtl", "إسبانيا", "الإنجليزية", "أبريل")
INTO = pytest.mark.parametrize("into", [SPANISH, ARABIC], ids=["es", "ar"])


def marked(page: Page) -> tuple[str | None, str | None]:
    """Return the language and the direction that a page says it is in."""
    (root,) = page.all("html")
    return root.get("lang"), root.get("dir")


@INTO
def test_the_one_page_form_comes_in_the_language_with_every_answer(
    app: Flask, client: FlaskClient, into: Into
) -> None:
    # Another language has a treatment page of its own.
    fields = filled(client, cast.EXAMPLE_TWO, injury_month="April", treatment_version=None)

    response = post(client, {**fields, "action": f"language-{into.code}"})

    page = page_of(response)
    assert response.status_code == 200
    assert marked(page) == (into.code, into.direction)
    assert lost(page, {**fields, "country": into.spain, "language": into.english, "injury_month": "4"}) == {}
    assert page.errors == {}
    assert stored.everything(app) == (0, 0, 0, 0)
    assert page.values(ACTION)["lang"] == [into.code]
    # It is sent from there as it would have been in the first language.
    assert post(client, {**page.values(ACTION), "opened": ""}).status_code == 303
    kept = stored.only_inquiry(app)
    assert (kept["country"], kept["language"], kept["injury_month"]) == ("ES", "en", 4)


@INTO
def test_wrong_and_unfinished_answers_stay_as_they_are(client: FlaskClient, into: Into) -> None:
    wrong = {"country": "Atlantis", "email": "canary.one", "injury_month": "Smarch", "message": "x" * 4001}
    fields = filled(client, wrong, treatment_version=None)

    page = page_of(post(client, {**fields, "action": f"language-{into.code}"}))

    assert lost(page, fields) == {}
    assert page.errors == {}


@INTO
def test_a_step_comes_in_the_language_with_every_answer(client: FlaskClient, into: Into) -> None:
    go_through(client, cast.EXAMPLE_ONE, up_to="person")
    fields = filled_step(step_page(client, "person"), "person", cast.EXAMPLE_ONE)

    response = client.post(address("person"), data={**fields, "action": f"language-{into.code}"})

    assert response.location == address("person")
    page = page_of(client.get(response.location))
    assert marked(page) == (into.code, into.direction)
    assert page.errors == {}
    stands = page.values(address("person"))
    assert (stands["country"], stands["patient_name"]) == ([into.spain], [cast.PATIENT_NAME])
    assert client.post(address("person"), data=stands).location == address("reach")


@INTO
def test_the_answers_to_be_checked_come_in_the_language(app: Flask, client: FlaskClient, into: Into) -> None:
    go_through(client, cast.EXAMPLE_ONE)
    fields = page_of(client.get(CHECK)).values(CHECK)

    response = client.post(CHECK, data={**fields, "action": f"language-{into.code}"})

    assert response.location == CHECK
    page = page_of(client.get(CHECK))
    assert marked(page) == (into.code, into.direction)
    shown = [text_of(value) for value in page.all("dd")]
    assert {cast.PATIENT_NAME, cast.MESSAGE, "T10", "2019"} <= set(shown)
    assert stored.inquiries(app) == []
    assert {into.spain, into.april} <= set(shown)
    assert into.english in shown
    assert send_checked(client).location == "/inquiries/sent"
    assert stored.only_inquiry(app)["language"] == "en"


@INTO
def test_the_request_to_be_called_comes_in_the_language(app: Flask, client: FlaskClient, into: Into) -> None:
    page = page_of(client.post(CALL, data=filled_call(client, action=f"language-{into.code}")))

    assert marked(page) == (into.code, into.direction)
    expected = {**ASKED_FOR, "country": into.spain}
    assert {name: page.values(CALL)[name] for name in expected} == {
        name: [value] for name, value in expected.items()
    }
    assert (page.errors, stored.inquiries(app)) == ({}, [])


def test_the_pages_after_it_and_the_inquiry_are_in_the_language(app: Flask, client: FlaskClient) -> None:
    page = page_of(post(client, filled(client, cast.EXAMPLE_ONE, action="language-es")))
    post(client, {**page.values(ACTION), "opened": ""})

    assert marked(page_of(client.get("/inquiries/sent"))) == ("es", "ltr")
    with app.app_context():
        assert db.session.scalars(sa.select(Inquiry.page_language)).one() == "es"


@pytest.mark.parametrize("path", ["/inquiries", "/inquiries/call", "/inquiries/continue", address("hopes")])
def test_a_language_asked_for_in_the_address_is_remembered(client: FlaskClient, path: str) -> None:
    assert marked(page_of(client.get(f"{path}?lang=ar"))) == ("ar", "rtl")
    assert marked(page_of(client.get(path))) == ("ar", "rtl")


def test_without_cookies_the_form_itself_tells_the_language(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    fields = page_of(client.get("/?lang=ar")).values(ACTION)

    page = page_of(client.post(ACTION, data={**fields, **cast.EXAMPLE_ONE, "country": ""}, headers=OURS))

    assert marked(page) == ("ar", "rtl")
    assert list(page.errors) == ["country"]


@pytest.mark.parametrize("where", [ACTION, CALL, address("person")])
def test_without_cookies_the_language_can_be_changed(app: Flask, where: str) -> None:
    client = app.test_client(use_cookies=False)
    path = "/" if where == ACTION else where
    fields: dict[str, Any] = {**page_of(client.get(path)).values(where), **ASKED_FOR}

    page = page_of(client.post(where, data={**fields, "action": "language-es"}, headers=OURS))

    assert marked(page) == ("es", "ltr")
    shown = where if where == CALL else ACTION
    assert (page.values(shown)["country"], page.values(shown)["lang"]) == (["Espa\u00f1a"], ["es"])


@pytest.mark.parametrize("language", ["xx", "EN"])
def test_a_language_that_the_site_does_not_have_sends_nothing(
    app: Flask, client: FlaskClient, language: str
) -> None:
    response = send(client, action=f"language-{language}")

    assert marked(page_of(client.get("/"))) == ("en", "ltr")
    assert stored.inquiries(app) == [], "a button for a language sent the form"
    assert response.status_code < 500


def test_the_mailed_link_is_in_the_language_that_was_chosen_on_the_way(
    app: Flask, client: FlaskClient, smtp: Mailbox
) -> None:
    go_through(client, cast.EXAMPLE_ONE, up_to="person")
    fields = filled_step(step_page(client, "person"), "person", cast.EXAMPLE_ONE)
    client.post(address("person"), data={**fields, "action": "language-ar"})
    fields = step_page(client, "person").values(address("person"))
    client.post(address("person"), data={**fields, "action": "save"})
    page = page_of(client.get("/inquiries/saved"))
    mail_link(client, cast.PATIENT_EMAIL)

    other = app.test_client()
    assert go_on(other, code_on(page)).status_code == 303
    assert marked(page_of(other.get(address("reach")))) == ("ar", "rtl")
    send_all(app)
    (mail,) = smtp.wait_for(1)
    assert 'dir="rtl"' in mail.text
