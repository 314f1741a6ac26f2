""" "Did you mean …?": an address that looks mistyped is asked about once, and everybody can go on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import cast, drafting, stored
from tests.support.drafting import SAVED, saved
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, page_of, text_of
from tests.support.sending import ACTION, filled, lost, post, send
from tests.support.stepping import CHECK, address, filled_step, go_through, send_checked, step_page

pytestmark = ON_SQLITE

TYPED, MEANT = "canary.one@gmial.com", "canary.one@gmail.com"
ASKED = f"Did you mean {MEANT}?"
ANSWERS = {**cast.EXAMPLE_ONE, "email": TYPED}


def answer_button(page: Page) -> dict[str, str]:
    """Return what the button with the address sends."""
    (button,) = (button for button in page.all("button") if button.get("name") == "email_meant")
    assert text_of(button) == f"Yes, use {MEANT}"
    assert button.get("type") == "submit"
    return {"email_meant": button.get("value", "")}


def test_it_is_asked_once_with_a_button_and_nothing_else_is_wrong(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, ANSWERS)

    response = post(client, fields)

    page = page_of(response)
    assert response.status_code == 422
    assert page.errors == {"email": ASKED}
    assert lost(page, fields) == {}
    assert stored.inquiries(app) == []
    assert answer_button(page) == {"email_meant": MEANT}


def test_pressing_the_button_sends_with_the_address_that_was_meant(app: Flask, client: FlaskClient) -> None:
    page = page_of(post(client, filled(client, ANSWERS)))

    response = post(client, {**page.values(ACTION), "opened": "", **answer_button(page)})

    assert response.status_code == 303
    assert stored.only_inquiry(app)["email"] == MEANT
    assert ("inquiry_received", MEANT) in stored.mails(app)


def test_sending_it_again_unchanged_says_that_it_is_right(app: Flask, client: FlaskClient) -> None:
    page = page_of(post(client, filled(client, ANSWERS)))

    assert post(client, {**page.values(ACTION), "opened": ""}).status_code == 303
    assert stored.only_inquiry(app)["email"] == TYPED


def test_another_address_that_looks_mistyped_is_asked_about_again(app: Flask, client: FlaskClient) -> None:
    page = page_of(post(client, filled(client, ANSWERS)))

    response = post(client, {**page.values(ACTION), "email": "canary.one@hotmial.com"})

    assert page_of(response).errors["email"].startswith("Did you mean canary.one@hotmail.com?")


@pytest.mark.parametrize("right", ["canary.one@gmail.com", "canary.one@mail.example.com", "a@yahoo.es"])
def test_an_address_that_looks_right_is_not_asked_about(client: FlaskClient, right: str) -> None:
    assert send(client, email=right).status_code == 303


def test_the_button_counts_for_the_address_asked_about_alone(app: Flask, client: FlaskClient) -> None:
    page = page_of(post(client, filled(client, ANSWERS)))
    corrected = {**page.values(ACTION), "email": "right.one@mail.example.com", "opened": ""}

    assert post(client, {**corrected, **answer_button(page)}).status_code == 303
    assert stored.only_inquiry(app)["email"] == "right.one@mail.example.com"


def test_the_button_cannot_bring_in_an_address_that_is_none(app: Flask, client: FlaskClient) -> None:
    page = page_of(post(client, filled(client, ANSWERS)))

    response = post(client, {**page.values(ACTION), "email_meant": "no address"})

    assert response.status_code == 422
    assert page_of(response).values(ACTION)["email"] == ["no address"]
    assert stored.inquiries(app) == []


def test_pressing_the_button_in_a_step_goes_on(client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_ONE, up_to="reach")
    fields = filled_step(step_page(client, "reach"), "reach", ANSWERS)
    page = page_of(client.post(address("reach"), data=fields))
    assert page.errors == {"email": ASKED}

    response = client.post(address("reach"), data={**page.values(address("reach")), **answer_button(page)})

    assert response.location == address("injury")
    assert step_page(client, "reach").values(address("reach"))["email"] == [MEANT]


def test_in_the_steps_it_is_asked_once_and_never_again(app: Flask, client: FlaskClient) -> None:
    go_through(client, ANSWERS, up_to="reach")
    fields = filled_step(step_page(client, "reach"), "reach", ANSWERS)
    page = page_of(client.post(address("reach"), data=fields))

    location = client.post(address("reach"), data=page.values(address("reach"))).location

    for step in ("injury", "time", "hopes", "agreement"):
        assert location == address(step), f"asked again before {step}"
        location = client.post(
            address(step), data=filled_step(page_of(client.get(location)), step, ANSWERS)
        ).location
    assert location == CHECK
    assert client.get(CHECK).status_code == 200
    assert send_checked(client).location == "/inquiries/sent"
    assert stored.only_inquiry(app)["email"] == TYPED


def test_before_the_check_it_is_asked_once_and_never_again(app: Flask, client: FlaskClient) -> None:
    page = page_of(post(client, {**filled(client, ANSWERS), "action": "check"}))
    assert page.errors == {"email": ASKED}

    assert post(client, {**page.values(ACTION), "action": "check"}).location == CHECK
    assert client.get(CHECK).status_code == 200
    assert send_checked(client).location == "/inquiries/sent"
    assert stored.only_inquiry(app)["email"] == TYPED


@pytest.mark.parametrize(("presses", "mailed_to"), [(True, MEANT), (False, TYPED)])
def test_where_the_link_is_mailed_to_is_asked_about_too(
    app: Flask, client: FlaskClient, presses: bool, mailed_to: str
) -> None:
    saved(client, ANSWERS)
    fields = {**page_of(client.get(SAVED)).values(SAVED), "email": TYPED}
    page = page_of(client.post(SAVED, data=fields))
    assert page.errors == {"email": ASKED}
    assert stored.mails(app) == []

    again = {**page.values(SAVED), **(answer_button(page) if presses else {})}
    assert client.post(SAVED, data=again).status_code == 200

    assert stored.mails(app) == [("draft_link", mailed_to)]
    assert len(drafting.rows(app)) == 1


def test_a_change_of_language_in_between_does_not_answer_the_question(
    app: Flask, client: FlaskClient
) -> None:
    page = page_of(post(client, {**filled(client, ANSWERS), "action": "language-es"}))
    assert page.errors == {}

    response = post(client, page.values(ACTION))

    assert response.status_code == 422, "nobody was asked in words"
    assert list(page_of(response).errors) == ["email"]
