"""The start page that is kept: for each visit it is what Flask would have rendered."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import brotli  # type: ignore[import-untyped]
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.site.front import Front
from app.site.visits import UNSEEN
from tests.support import cast, stored
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import StrictClient, page_of
from tests.support.publishing import change, publish_story, withdraw
from tests.support.sending import ACTION, filled, post

VALUES = re.compile(r'(?:nonce=|name="(?:csrf_token|form_key|opened)"[^>]* value=)"([^"]+)"')
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "identity": bytes,
}
LANGUAGES = ("en", "es", "ar")


def behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a browser whose every request is answered by Flask itself."""
    monkeypatch.setattr(Front, "page_for", lambda *_arguments: None)
    return app.test_client()


def html_of(response: TestResponse) -> str:
    return CODINGS[response.headers.get("Content-Encoding", "identity")](response.data).decode()


def values_of(html: str) -> list[str]:
    return VALUES.findall(html)


def get(client: FlaskClient, **headers: str) -> TestResponse:
    """Ask for the page; what is compressed is not looked at by the strict client."""
    return FlaskClient.open(
        client, "/", headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


@ON_SQLITE
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_and_language_is_the_page_that_flask_renders(
    app: Flask, monkeypatch: pytest.MonkeyPatch, language: str, coding: str
) -> None:
    response = get(app.test_client(), Accept_Encoding=coding, Accept_Language=language)
    kept = html_of(response)

    rendered = get(behind(app, monkeypatch), Accept_Language=language).text

    assert response.headers.get("Content-Encoding", "identity") == coding
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert VALUES.sub("", kept) == VALUES.sub("", rendered)
    assert list(map(len, values_of(kept))) == list(map(len, values_of(rendered)))


@ON_SQLITE
def test_its_headers_are_those_of_flask_and_say_what_the_answer_depends_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shape(response: TestResponse) -> dict[str, str]:
        found = {name: re.sub(r"nonce-[\w-]+", "nonce-X", text) for name, text in response.headers.items()}
        return {**found, "Set-Cookie": found["Set-Cookie"].partition(";")[2]}

    kept = shape(get(app.test_client()))
    rendered = shape(get(behind(app, monkeypatch)))

    assert kept.pop("Vary") == "Accept-Encoding, Accept-Language, Cookie"
    assert rendered.pop("Vary") == "Cookie"
    assert kept == rendered


@ON_SQLITE
def test_every_visit_has_values_of_its_own(app: Flask) -> None:
    visits = [get(app.test_client(), Accept_Encoding="br") for _visit in range(5)]
    pages = [values_of(html_of(visit)) for visit in visits]

    nonces = {
        re.findall(r"'nonce-([\w-]+)'", visit.headers["Content-Security-Policy"])[0] for visit in visits
    }
    assert len(nonces) == 5
    assert {page[0] for page in pages} == nonces
    assert [len({page[place] for page in pages}) for place in (1, 2)] == [5, 5]
    assert len({visit.headers["Set-Cookie"] for visit in visits}) == 5


@pytest.mark.parametrize("coding", CODINGS)
def test_a_form_of_a_kept_page_is_taken_by_flask_wtf(app: Flask, client: FlaskClient, coding: str) -> None:
    app.test_client().get("/")
    html = html_of(get(client, Accept_Encoding=coding))
    names = re.findall(r'name="(csrf_token|form_key)"[^>]* value="([^"]+)"', html)

    assert post(client, {**filled(client), **dict(names)}).status_code == 303
    assert len(stored.inquiries(app)) == 1


@ON_SQLITE
def test_the_token_of_a_kept_page_without_its_cookie_is_not_taken(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_ONE)

    assert post(app.test_client(), fields).status_code == 422
    assert stored.inquiries(app) == []


@ON_SQLITE
def test_a_second_tab_keeps_the_first_ones_form_good(app: Flask, client: FlaskClient) -> None:
    first = filled(client, cast.EXAMPLE_ONE)
    again = client.get("/")

    assert "Set-Cookie" not in again.headers
    assert page_of(again).values(ACTION)["form_key"] == first["form_key"]
    assert post(client, first).status_code == 303


@ON_SQLITE
def test_a_page_with_a_draft_shows_its_answers(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_TWO)
    assert post(client, {**fields, "action": "save"}).status_code == 303

    page = page_of(client.get("/"))

    assert page.values(ACTION)["patient_name"] == [cast.EXAMPLE_TWO["patient_name"]]
    assert page_of(app.test_client().get("/")).values(ACTION)["patient_name"] == [""]


@pytest.fixture
def other(app: Flask, environ: dict[str, str]) -> Iterator[FlaskClient]:
    """A browser that another process of the same site answers."""
    another = create_app(environ)
    another.test_client_class = StrictClient
    yield another.test_client()
    close(another)


def test_an_edit_and_a_withdrawn_permission_are_seen_at_the_next_visit_in_every_process(
    app: Flask, client: FlaskClient, other: FlaskClient
) -> None:
    story = publish_story(app)
    for visitor in (client, other, client, other):
        assert story in html_of(get(visitor, Accept_Encoding="br"))

    withdraw(app, "story", story)
    for visitor in (client, other):
        assert story not in html_of(get(visitor, Accept_Encoding="br"))

    change(app, "treatment", "en", lead="An example lead, changed")
    for visitor in (client, other):
        assert "An example lead, changed" in html_of(get(visitor, Accept_Encoding="gzip"))


@ON_SQLITE
def test_a_permission_that_ends_is_over_on_the_next_day(app: Flask, client: FlaskClient) -> None:
    noon = datetime(2030, 3, 4, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        story = publish_story(app, {"ends_on": noon.date()})
        assert story in get(client).text
    with time_machine.travel(noon + timedelta(hours=12), tick=False):
        assert story not in get(client).text


@ON_SQLITE
def test_a_language_that_was_chosen_is_kept_to(app: Flask, client: FlaskClient) -> None:
    assert 'lang="es"' in client.get("/?lang=es").text[:100]
    assert 'lang="es"' in client.get("/", headers={"Accept-Language": "ar"}).text[:100]
    assert 'lang="ar"' in app.test_client().get("/", headers={"Accept-Language": "ar"}).text[:100]


@ON_SQLITE
@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ.awZJ1Q.bad", '"', "é", "a" * 4000])
def test_a_cookie_that_says_nothing_is_replaced_as_flask_does(app: Flask, cookie: str) -> None:
    client = app.test_client()
    client.set_cookie("portal", cookie)

    response = client.get("/")

    assert response.status_code == 200
    assert "portal=" in response.headers["Set-Cookie"]
    assert post(client, filled(client)).status_code == 303


@ON_SQLITE
@pytest.mark.parametrize("cookie", ["other=1", "myportal=1; b=2", "theme=portal"])
def test_cookies_of_others_change_nothing(app: Flask, cookie: str) -> None:
    response = app.test_client(use_cookies=False).get("/", headers={"Cookie": cookie})

    assert "portal=" in response.headers["Set-Cookie"]
    assert response.headers["Vary"].startswith("Accept-Encoding")


@ON_SQLITE
@pytest.mark.parametrize("changed", ["has_draft", "_user_id", "staff_session", "_flashes", "tf_state", "new"])
def test_a_session_that_holds_anything_else_is_for_flask(client: FlaskClient, changed: str) -> None:
    client.get("/")
    with client.session_transaction() as session:
        session[changed] = []

    assert client.get("/").headers["Vary"] == "Cookie"
    assert changed not in UNSEEN


@ON_SQLITE
@pytest.mark.parametrize("name", ["form_key", "csrf_token"])
@pytest.mark.parametrize("value", ["short", "<script>", None, 7])
def test_a_session_whose_values_do_not_fit_is_for_flask(
    client: FlaskClient, name: str, value: str | int | None
) -> None:
    client.get("/")
    with client.session_transaction() as session:
        session[name] = value

    assert client.get("/").headers["Vary"] == "Cookie"


@ON_SQLITE
def test_asking_for_the_head_alone_gives_the_same_headers(app: Flask) -> None:
    page, head = get(app.test_client()), FlaskClient.open(app.test_client(), "/", method="HEAD")

    assert head.status_code == 200
    assert head.data == b""
    assert list(head.headers.keys()) == list(page.headers.keys())
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


@ON_SQLITE
def test_nothing_that_one_visitor_sends_is_on_anothers_page(app: Flask) -> None:
    odd = {
        "Host": "canary.example",
        "X-Forwarded-Host": "canary.example",
        "Referer": "https://canary.example",
    }
    first = app.test_client(use_cookies=False).get("/", headers={**odd, "Accept-Language": "en, canary"})

    assert first.status_code == 200
    assert "canary" not in app.test_client().get("/").text


@ON_SQLITE
def test_only_get_and_head_of_the_plain_address_are_answered_before_flask(client: FlaskClient) -> None:
    assert client.delete("/").status_code == 405
    assert client.get("/?x=1").headers["Vary"] == "Cookie"
    assert client.get("/", json={}).status_code == 415
