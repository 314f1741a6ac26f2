"""The templates that answers begin with, as administrators keep them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.inquiries import replies
from tests.support import stored
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import signed_in

LIST = "/desk/reply-templates"
NEW = f"{LIST}/new"
WRITTEN = {"name": "First answer", "language": "en", "status": "new", "text": "Hello {name},\n\nthank you."}


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return signed_in(app, "admin")


def send(client: FlaskClient, page: Page, to: str, **fields: str) -> TestResponse:
    return client.post(to, data={**page.values(to), **fields})


def write(client: FlaskClient, **changes: str) -> TestResponse:
    return send(client, page_of(client.get(NEW)), NEW, **{**WRITTEN, **changes})


def only_address(app: Flask) -> str:
    with app.app_context():
        (row,) = replies.all_templates()
        return f"{LIST}/{row.handle}"


def test_a_template_is_written_listed_and_changed(app: Flask, admin: FlaskClient) -> None:
    assert "There are no templates yet." in page_of(admin.get(LIST)).text

    done = write(admin)

    assert (done.status_code, done.location) == (303, LIST)
    listed = page_of(admin.get(LIST))
    assert "First answer" in listed.text
    assert [text_of(tag) for tag in listed.with_class("tag")] == ["New"]
    address = only_address(app)
    page = page_of(admin.get(address))
    values = page.values(address)
    assert {name: values[name][0] for name in WRITTEN} == WRITTEN
    assert send(admin, page, address, name="Renamed", status="all").status_code == 303
    listed = page_of(admin.get(LIST))
    assert "Renamed" in listed.text
    assert [text_of(tag) for tag in listed.with_class("tag")] == ["Any status"]
    acts = [act for act in stored.acts(app) if act.startswith("reply_template.")]
    assert acts == ["reply_template.created", "reply_template.changed"]


def test_the_page_says_what_is_put_in_by_itself(admin: FlaskClient) -> None:
    text = page_of(admin.get(NEW)).text

    for placeholder in ("{name}", "{reference}", "{coordinator}", "{site_name}", "{days}"):
        assert placeholder in text


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"name": ""}, "name", "Write a name."),
        ({"language": "xx"}, "language", "Choose one of the answers."),
        ({"status": ""}, "status", "Choose what it is offered for."),
        ({"text": ""}, "text", "Write the text."),
        ({"text": "Dear {nmae}"}, "text", "Nothing comes in the place of {nmae}."),
    ],
)
@ON_SQLITE
def test_what_cannot_be_kept_is_told_and_stays(
    admin: FlaskClient, changes: dict[str, str], field: str, told: str
) -> None:
    done = write(admin, **changes)

    page = page_of(done)
    assert done.status_code == 422
    assert next(iter(page.errors.values())).startswith(told)
    if field == "text":
        assert page.values(NEW)["text"] == [changes["text"]]


def test_a_promise_is_asked_about_before_it_is_kept(app: Flask, admin: FlaskClient) -> None:
    asked = write(admin, text="We guarantee that you will walk again.")

    page = page_of(asked)
    assert asked.status_code == 200
    assert "It may promise what nobody can promise" in page.text
    assert [text_of(mark) for mark in page.all("mark")] == ["guarantee", "you will walk"]
    assert "reply_template.created" not in stored.acts(app)
    assert send(admin, page, NEW, action="save_as_is").status_code == 303
    assert "reply_template.created" in stored.acts(app)


def test_two_at_once_see_both_versions(app: Flask, admin: FlaskClient) -> None:
    write(admin)
    address = only_address(app)
    mine = page_of(admin.get(address))
    send(admin, mine, address, text="Theirs came first.")

    done = send(admin, mine, address, text="Mine came later.")

    page = page_of(done)
    assert done.status_code == 409
    assert "Someone changed this template while you were writing" in page.text
    assert "Theirs came first." in page.text
    assert page.values(address)["text"] == ["Mine came later."]
    assert send(admin, page, address).status_code == 303


def test_a_template_is_removed_after_a_question(app: Flask, admin: FlaskClient) -> None:
    write(admin)
    address = only_address(app)
    page = page_of(admin.get(f"{address}/remove"))
    assert page.heading == "Remove this template?"

    assert send(admin, page, f"{address}/remove").status_code == 303

    assert admin.get(address).status_code == 404
    assert stored.acts(app).count("reply_template.removed") == 1


def test_a_template_that_changed_is_asked_about_again_before_it_is_removed(
    app: Flask, admin: FlaskClient
) -> None:
    write(admin)
    address = only_address(app)
    page = page_of(admin.get(f"{address}/remove"))
    send(admin, page_of(admin.get(address)), address, name="Renamed")

    done = send(admin, page, f"{address}/remove")

    assert done.location == f"{address}/remove"
    assert "reply_template.removed" not in stored.acts(app)


def test_what_was_written_of_a_removed_template_can_be_kept_as_a_new_one(
    app: Flask, admin: FlaskClient
) -> None:
    write(admin)
    address = only_address(app)
    mine = page_of(admin.get(address))
    send(admin, page_of(admin.get(f"{address}/remove")), f"{address}/remove")

    done = send(admin, mine, address, text="Mine came later.")

    page = page_of(done)
    assert done.status_code == 409
    assert page.values(NEW)["text"] == ["Mine came later."]
    assert send(admin, page, NEW).status_code == 303


@ON_SQLITE
def test_a_template_from_a_page_that_is_too_old_stays_in_its_fields(admin: FlaskClient) -> None:
    done = write(admin, csrf_token="old")

    assert done.status_code == 422
    assert page_of(done).values(NEW)["name"] == ["First answer"]


@ON_SQLITE
def test_a_coordinator_uses_templates_and_does_not_keep_them(coordinator: FlaskClient) -> None:
    assert coordinator.get(LIST).status_code == 403
