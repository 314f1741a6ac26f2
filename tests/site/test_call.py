""" "Call me instead": an inquiry like any other, of which the rest is asked on the phone."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.inquiries.consents import VERSIONS
from app.inquiries.models import Consent, Inquiry
from tests.support import cast, stored
from tests.support.calling import ASKED_FOR, BEST_TIME, CALL, ask_for_call, called_reference, filled_call
from tests.support.engines import ON_SQLITE
from tests.support.environment import COORDINATORS
from tests.support.locking import locked, wait_shorter
from tests.support.pages import Page, page_of, text_of
from tests.support.sending import sent_reference
from tests.support.staff import signed_in
from tests.support.stepping import OURS


def stands(page: Page) -> dict[str, str]:
    """Return what the page's form holds of what a person types or ticks."""
    return {name: texts[0] for name, texts in page.values(CALL).items() if name in ASKED_FOR}


def test_it_is_kept_as_an_inquiry_that_coordinators_are_told_of(app: Flask, client: FlaskClient) -> None:
    reference = called_reference(client)

    assert stored.only_inquiry(app) == {
        "patient_name": cast.PATIENT_NAME,
        "country": "ES",
        "phone": cast.PATIENT_PHONE,
        "contact_by": "phone",
        "best_time": BEST_TIME,
    }
    with app.app_context():
        inquiry = db.session.scalars(sa.select(Inquiry)).one()
        assert (inquiry.reference, inquiry.channel, inquiry.status) == (reference, "call", "new")
        assert (inquiry.filling_in, inquiry.injury_region) == (None, None)
    assert stored.mails(app) == [("new_inquiry", coordinator) for coordinator in COORDINATORS]
    assert stored.acts(app) == ["inquiry.sent"]


def test_only_what_was_agreed_to_is_kept(app: Flask, client: FlaskClient) -> None:
    page = page_of(client.get(CALL))
    ask_for_call(client)

    with app.app_context():
        consent = db.session.scalars(sa.select(Consent)).one()
        assert (consent.kind, consent.version) == ("consent_processing", VERSIONS["consent_processing"])
        assert (consent.given_by, consent.authority) == (None, None)
        assert consent.text in page.text


@ON_SQLITE
def test_staff_see_whom_to_call_and_when_and_what_is_still_to_be_asked(
    app: Flask, client: FlaskClient
) -> None:
    reference = called_reference(client)
    desk = signed_in(app, "coordinator")

    queue, page = page_of(desk.get("/desk")), page_of(desk.get(f"/desk/inquiries/{reference}"))

    (row,) = queue.all("tbody")[0]
    assert "Wants a call" in text_of(row)
    assert text_of(row).count("to be asked on the phone") == 1
    answers = dict(
        zip(map(text_of, page.all("dt")), map(text_of, page.all("dd")), strict=True),
    )
    assert answers["Good time"] == BEST_TIME
    assert answers["Phone"].replace(" ", "") == cast.PATIENT_PHONE
    assert answers["Reach by"] == "Phone"
    assert answers["Filled in by"] == answers["Region"] == "to be asked on the phone"
    assert answers["It came by"] == "A request to be called"


@ON_SQLITE
def test_the_next_page_says_when_the_call_comes(app: Flask, client: FlaskClient) -> None:
    ask_for_call(client)

    page = page_of(client.get("/inquiries/sent"))

    assert "A coordinator calls you within 3 working days, at the number you gave." in page.text
    assert "we send a short mail" not in page.text


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("patient_name", "", "Write your name."),
        ("country", "", "Write the country that you are in, so that we call at a good hour."),
        ("country", "Atlantis", "We do not know this country. Choose one from the list."),
        ("phone", "", "Write the number that we should call."),
        ("phone", "twelve", "Check the phone number. Start with + and the country code"),
        ("best_time", "x" * 121, "This is 1 character too long. Shorten it to 120."),
        ("consent_processing", "", "Tick the box if you agree. Without it we may not keep your number."),
    ],
)
def test_what_has_to_be_put_right_is_told_and_every_other_answer_stays(
    app: Flask, client: FlaskClient, name: str, wrong: str, told: str
) -> None:
    response = ask_for_call(client, **{name: wrong})

    page = page_of(response)
    assert response.status_code == 422
    assert list(page.errors) == [name]
    assert page.errors[name].startswith(told)
    expected = {**ASKED_FOR, name: wrong}
    assert {field: text for field, text in expected.items() if text or field != name} == {
        field: text for field, text in stands(page).items() if text or field != name
    }
    assert stored.everything(app) == (0, 0, 0, 0)
    assert client.post(CALL, data={**page.values(CALL), name: ASKED_FOR[name]}).status_code == 303


def test_asking_twice_is_one(app: Flask, client: FlaskClient) -> None:
    fields = filled_call(client)

    answers = [client.post(CALL, data=fields), client.post(CALL, data=fields), ask_for_call(client)]

    assert [answer.location for answer in answers] == ["/inquiries/sent"] * 3
    assert len(stored.inquiries(app)) == 1


@ON_SQLITE
def test_asking_for_a_call_and_writing_an_inquiry_are_two(app: Flask, client: FlaskClient) -> None:
    assert called_reference(client) != sent_reference(client)

    assert len(stored.inquiries(app)) == 2


@ON_SQLITE
def test_another_number_after_asking_is_asked_about(app: Flask, client: FlaskClient) -> None:
    ask_for_call(client)

    page = page_of(ask_for_call(client, phone="+34600123458"))

    assert "Which answers count?" in page.text
    assert client.post(CALL, data={**page.values(CALL), "action": "replace"}).status_code == 303
    assert stored.only_inquiry(app)["phone"] == "+34600123458"


@ON_SQLITE
def test_without_a_good_token_it_comes_back_whole(app: Flask, client: FlaskClient) -> None:
    response = ask_for_call(client, csrf_token="")

    page = page_of(response)
    assert response.status_code == 422
    assert "press “Ask for a call” again" in page.text
    assert stands(page) == ASKED_FOR
    assert client.post(CALL, data=page.values(CALL)).status_code == 303


@ON_SQLITE
def test_without_cookies_it_can_be_sent(app: Flask) -> None:
    client = app.test_client(use_cookies=False)

    assert client.post(CALL, data=filled_call(client), headers=OURS).status_code == 303
    assert len(stored.inquiries(app)) == 1


@ON_SQLITE
def test_a_locked_database_loses_no_answer(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    fields = filled_call(client)
    wait_shorter(app)
    with app.app_context():
        db.engine.dispose()
    with locked(tmp_path / "portal.sqlite"):
        response = client.post(CALL, data=fields)

    page = page_of(response)
    assert response.status_code == 503
    assert stands(page) == ASKED_FOR
    assert client.post(CALL, data=page.values(CALL)).status_code == 303
    assert len(stored.inquiries(app)) == 1
