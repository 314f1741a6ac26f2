"""One form, sent again with other answers: the person says which ones count."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.inquiries.arrival import TO_EMAIL
from app.inquiries.models import Consent, Inquiry
from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.environment import COORDINATORS
from tests.support.finding import found
from tests.support.pages import Page, page_of, text_of
from tests.support.sending import ACTION, filled, lost, post, sent_reference
from tests.support.staff import signed_in

NEW = "I forgot to say that I can move a toe."
NEW_EMAIL = "canary.one.new@mail.example.com"


def asked(client: FlaskClient, **changes: Any) -> Page:
    """Send the form again with other answers, and return the page that asks which count."""
    fields = filled(client, cast.EXAMPLE_ONE, **{"message": NEW, **changes})
    response = post(client, fields)
    assert response.status_code == 409
    page = page_of(response)
    assert lost(page, fields) == {}
    return page


def press(client: FlaskClient, page: Page, action: str) -> int:
    """Press a button of that page."""
    return post(client, {**page.values(ACTION), "opened": "", "action": action}).status_code


def offered(page: Page) -> list[str | None]:
    """Return what the notice's buttons ask for."""
    return [button.get("value") for button in page.by_id("notice").iter("button")]


def close_inquiry(app: Flask) -> None:
    with app.app_context():
        db.session.execute(sa.update(Inquiry).values(status="closed"))
        db.session.commit()


def test_the_new_answers_take_the_place_of_the_old_ones_and_staff_see_both(
    app: Flask, client: FlaskClient
) -> None:
    reference = sent_reference(client, cast.EXAMPLE_ONE)
    page = asked(client, country="France")
    assert offered(page) == ["replace", "second"]
    assert "Leave it as I sent it first" in page.text

    assert press(client, page, "replace") == 303

    answers = stored.only_inquiry(app)
    assert (answers["message"], answers["country"]) == (NEW, "FR")
    assert reference in page_of(client.get("/inquiries/sent")).text
    desk = signed_in(app, "coordinator")
    shown = page_of(desk.get(f"/desk/inquiries/{reference}"))
    newest, oldest = map(text_of, shown.with_class("timeline__event"))
    assert newest.startswith("Changed the answers The person who asked")
    assert (cast.MESSAGE in newest, "Spain" in newest, NEW in newest) == (True, True, False)
    assert oldest.startswith("Sent the inquiry")
    assert stored.acts(app)[:2] == ["inquiry.sent", "inquiry.changed"]


def test_coordinators_are_told_and_a_new_address_gets_a_confirmation(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_ONE)
    before = stored.mails(app)

    press(client, asked(client, email=NEW_EMAIL), "replace")

    told = [("changed_inquiry", coordinator) for coordinator in COORDINATORS]
    assert stored.mails(app) == sorted([*before, *told, ("inquiry_received", NEW_EMAIL)])


@ON_SQLITE
def test_the_same_address_gets_no_second_confirmation(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_ONE)

    press(client, asked(client), "replace")

    assert stored.mails(app).count(("inquiry_received", cast.PATIENT_EMAIL)) == 1


def test_pressing_use_these_answers_twice_changes_it_once(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_ONE)
    page = asked(client)

    assert [press(client, page, "replace") for _ in range(3)] == [303, 303, 303]

    assert stored.acts(app).count("inquiry.changed") == 1
    assert len([mail for mail in stored.mails(app) if mail[0] == "changed_inquiry"]) == 2


def test_however_often_second_is_pressed_it_is_one_more(app: Flask, client: FlaskClient) -> None:
    reference = sent_reference(client, cast.EXAMPLE_ONE)
    page = asked(client)

    assert [press(client, page, "second") for _ in range(4)] == [303] * 4

    assert [inquiry["message"] for inquiry in stored.inquiries(app)] == [cast.MESSAGE, NEW]
    assert reference not in page_of(client.get("/inquiries/sent")).text


def test_what_is_closed_is_not_changed_any_more(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_ONE)
    open_page = asked(client)
    close_inquiry(app)

    # A page that was opened before it was closed still has the button.
    answer = post(client, {**open_page.values(ACTION), "action": "replace"})

    assert answer.status_code == 409
    assert offered(page_of(answer)) == ["second"]
    assert stored.only_inquiry(app)["message"] == cast.MESSAGE
    assert offered(asked(client)) == ["second"]
    assert press(client, page_of(answer), "second") == 303
    assert len(stored.inquiries(app)) == 2


@ON_SQLITE
def test_what_is_agreed_to_is_kept_anew_with_the_new_answers(app: Flask, client: FlaskClient) -> None:
    start = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        sent_reference(client, cast.EXAMPLE_ONE)
    with time_machine.travel(start + timedelta(days=2), tick=False):
        page = asked(client, filling_in="relative", helper_authority="asked")
        press(client, page, "replace")

    with app.app_context():
        consents = db.session.scalars(sa.select(Consent)).all()
        assert {(one.given_by, one.authority) for one in consents} == {("relative", "asked")}
        assert {one.given_at for one in consents} == {start + timedelta(days=2)}


@ON_SQLITE
def test_it_is_found_by_the_new_answers_and_not_by_the_old_ones(app: Flask, client: FlaskClient) -> None:
    reference = sent_reference(client, cast.EXAMPLE_ONE)
    press(client, asked(client, email=NEW_EMAIL), "replace")

    with app.app_context():
        assert [inquiry.reference for inquiry in found(NEW_EMAIL)] == [reference]
        assert found(cast.PATIENT_EMAIL) == []


@ON_SQLITE
def test_no_address_is_mailed_without_end_by_changing_an_inquiry_again_and_again(
    app: Flask, client: FlaskClient
) -> None:
    sent_reference(client, cast.EXAMPLE_ONE)

    for number in range(12):
        email = NEW_EMAIL if number % 2 == 0 else cast.PATIENT_EMAIL
        press(client, asked(client, email=email, message=f"Number {number}"), "replace")

    assert stored.mails(app).count(("inquiry_received", NEW_EMAIL)) <= TO_EMAIL


@ON_SQLITE
@pytest.mark.parametrize("action", ["replace", "second"])
def test_on_a_form_that_was_never_sent_these_buttons_send_it(
    app: Flask, client: FlaskClient, action: str
) -> None:
    assert post(client, {**filled(client, cast.EXAMPLE_ONE), "action": action}).status_code == 303

    assert len(stored.inquiries(app)) == 1
