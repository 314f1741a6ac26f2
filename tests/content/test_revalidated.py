"""Pages that browsers keep and ask for again: right at once after a change, and nobody's own."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.support.counting import statements
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import StrictClient
from tests.support.publishing import publish_cases, publish_story, withdraw

PATHS = ["/cases", "/stories", "/cases?region=cervical", "/cases/{case}", "/stories/{story}", "/sitemap.xml"]
PATHS += ["/robots.txt", "/feed"]


@pytest.fixture
def places(app: Flask) -> dict[str, str]:
    """The addresses of a case and of a story."""
    (case,) = publish_cases(app, 1)
    return {"case": case, "story": publish_story(app)}


@pytest.fixture
def other(app: Flask, environ: dict[str, str]) -> Iterator[FlaskClient]:
    """A browser that another process of the same site answers."""
    another = create_app(environ)
    another.test_client_class = StrictClient
    yield another.test_client()
    close(another)


def asked_again(client: FlaskClient, path: str, tag: str) -> int:
    return client.get(path, headers={"If-None-Match": tag}).status_code


@pytest.mark.parametrize("path", PATHS)
def test_a_page_that_did_not_change_is_not_sent_again_by_any_process(
    client: FlaskClient, other: FlaskClient, places: dict[str, str], path: str
) -> None:
    first = client.get(path.format(**places))

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert {"Accept-Language", "Cookie"} <= set(first.headers["Vary"].split(", "))
    for visitor in (client, other, client, other):
        again = visitor.get(path.format(**places), headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        # The page that is kept was sent with the policy that names its nonce.
        assert "Content-Security-Policy" not in again.headers


def test_saying_that_nothing_changed_costs_one_statement(
    app: Flask, client: FlaskClient, places: dict[str, str]
) -> None:
    tag = client.get("/cases").headers["ETag"]
    assert asked_again(client, "/cases", tag) == 304
    with statements(app) as asked:
        assert asked_again(client, "/cases", tag) == 304

    assert ["content_state" in statement for statement in asked] == [True]


def test_what_was_withdrawn_is_gone_for_who_has_kept_it(
    app: Flask, client: FlaskClient, other: FlaskClient, places: dict[str, str]
) -> None:
    paths = ["/stories", f"/stories/{places['story']}", "/feed", "/sitemap.xml"]
    tags = {path: client.get(path).headers["ETag"] for path in paths}
    for visitor in (client, other):
        assert [asked_again(visitor, path, tags[path]) for path in paths] == [304] * 4

    withdraw(app, "story", places["story"])

    for visitor in (client, other):
        assert [asked_again(visitor, path, tags[path]) for path in paths] == [200, 404, 200, 200]


@ON_SQLITE
def test_a_permission_that_ended_is_asked_for_anew_on_the_next_day(app: Flask, client: FlaskClient) -> None:
    noon = datetime(2030, 3, 4, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        path = f"/stories/{publish_story(app, {'ends_on': noon.date()})}"
        tag = client.get(path).headers["ETag"]
        assert asked_again(client, path, tag) == asked_again(client, path, tag) == 304
    with time_machine.travel(noon + timedelta(hours=12), tick=False):
        assert asked_again(client, path, tag) == 404


@ON_SQLITE
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_the_same_for_everybody_but_for_its_nonce(
    app: Flask, coordinator: FlaskClient, places: dict[str, str], path: str
) -> None:
    visitor = app.test_client()
    visitor.get("/")
    pages = [
        re.sub(r'nonce="[\w-]+"', "", client.get(path.format(**places)).text)
        for client in (app.test_client(), visitor, coordinator)
    ]

    assert pages[0] == pages[1] == pages[2]
    assert "csrf" not in pages[0]


@ON_SQLITE
def test_each_language_and_address_has_its_own_tag(client: FlaskClient, places: dict[str, str]) -> None:
    tag = client.get("/cases").headers["ETag"]

    assert client.get("/cases?region=lumbar").headers["ETag"] != tag
    assert asked_again(client, "/cases?lang=es", tag) == 200
    assert client.get("/cases").headers["ETag"] != tag  # it is in the language that was chosen now
    # In English again, to its last byte.
    assert asked_again(client, "/cases?lang=en", tag) == 304
    assert asked_again(client, "/cases", tag) == 304


@ON_SQLITE
@pytest.mark.parametrize("header", ['"other"', "x", "W/", '"', "a" * 5000])
def test_a_tag_of_another_page_brings_the_page(client: FlaskClient, header: str) -> None:
    assert asked_again(client, "/cases", header) == 200
    assert asked_again(client, "/cases", header) == 200


@ON_SQLITE
def test_no_more_than_a_few_tags_are_remembered(app: Flask, client: FlaskClient) -> None:
    for number in range(1030):
        client.get(f"/robots.txt?{number}", headers={"If-None-Match": '"x"'})

    assert len(app.extensions["page_tags"]) <= 1024
