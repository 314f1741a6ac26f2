"""A session that is over ends alone, and takes nothing with it that was typed."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core.typed import LONGEST_SHOWN, MOST_SHOWN
from tests.accounts.people import PASSWORD, acts, add_staff, is_at_desk, sign_in, work_on
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import page_of, text_of

TWELVE_HOURS = timedelta(hours=12)


def test_a_session_that_is_over_leaves_the_persons_younger_ones_alone(app: Flask) -> None:
    add_staff(app)
    with time_machine.travel(0, tick=False) as clock:
        old, young = app.test_client(), app.test_client()
        sign_in(old)
        work_on(old, clock, 6 * 60)
        sign_in(young)
        for _ in range(6 * 6):
            work_on(old, clock, 10)
            assert is_at_desk(young)
        clock.shift(1)
        assert not is_at_desk(old)
        assert not is_at_desk(old)
        assert is_at_desk(young)
    assert [act[1] for act in acts(app)] == ["user.signed_in", "user.signed_in"]


def test_a_note_that_was_typed_when_the_session_ended_is_given_back(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    reference = make_inquiry(app)
    inquiry = f"/desk/inquiries/{reference}"
    note = "\nShe called:\n<b>walks</b> & sits\x00 again. "
    with time_machine.travel(0, tick=False) as clock:
        sign_in(client)
        fields = page_of(client.get(inquiry)).values(f"{inquiry}/notes")
        clock.shift(TWELVE_HOURS + timedelta(seconds=1))
        answer = client.post(f"{inquiry}/notes", data={**fields, "text": note})
    assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "no-store"
    page = page_of(answer)
    assert page.heading == "Your session has ended"
    (area,) = page.all("textarea")
    assert "".join(area.itertext()) == "She called:\n<b>walks</b> & sits again."
    assert area.get("readonly") is not None
    links = {text_of(link): link.get("href") for link in page.all("a")}
    assert links["Sign in"] == f"/desk/sign-in?next={inquiry}"
    sign_in(client)
    assert is_at_desk(client)


@ON_SQLITE
def test_what_was_typed_is_given_back_where_the_form_stood_on_the_page_above(
    app: Flask, client: FlaskClient
) -> None:
    reference = make_inquiry(app)
    address = f"/desk/inquiries/{reference}/notes"  # its view checks the token itself
    answer = client.post(address, data={"text": "A note"})
    assert answer.status_code == 401
    assert f"/desk/sign-in?next=/desk/inquiries/{reference}" in answer.text
    other = client.post("/desk/inquiries/%5C%5Cevil%09/notes", data={"text": "A note"})
    assert {link.get("href") for link in page_of(other).all("a")} >= {"/desk/sign-in?next=/desk"}


@ON_SQLITE
def test_only_what_was_typed_is_shown_and_only_so_much(app: Flask, client: FlaskClient) -> None:
    address = f"/desk/inquiries/{make_inquiry(app)}/notes"
    kept_back = {
        "csrf_token": "ONE",
        "version": "TWO",
        "target": "THREE",
        "next": "FOUR",
        "new_password": "FIVE",
        "Password2": "SIX",
        "recovery_code": "SEVEN",
        "TOKEN": "EIGHT",
        "submit": "NINE",
    }
    answer = client.post(address, data={**kept_back, "text": "A note", "reason": "  ", "more": "Another"})
    areas = page_of(answer).all("textarea")
    assert ["".join(area.itertext()) for area in areas] == ["A note", "Another"]
    assert not [
        value for value in kept_back.values() if f">{value}<" in answer.text or f'"{value}"' in answer.text
    ]
    long = client.post(address, data={"text": "x" * 50_000, **{f"text{n}": "y" for n in range(50)}})
    areas = page_of(long).all("textarea")
    assert len(areas) == MOST_SHOWN
    assert len("".join(areas[0].itertext())) == LONGEST_SHOWN


@ON_SQLITE
@pytest.mark.parametrize("fields", [{}, {"text": " \n"}, {"version": "1", "target": "in_contact"}])
def test_where_nothing_was_typed_the_sign_in_page_comes_at_once(
    app: Flask, client: FlaskClient, fields: dict[str, str]
) -> None:
    answer = client.post(f"/desk/inquiries/{make_inquiry(app)}/notes", data=fields)
    assert answer.status_code == 303
    assert answer.location == "/desk/sign-in"


@ON_SQLITE
@pytest.mark.parametrize(
    "address", ["/desk/sign-in", "/desk/confirm-password", "/desk/recovery-codes", "/desk/sign-out"]
)
def test_nothing_is_given_back_of_what_belongs_to_signing_in(
    app: Flask, client: FlaskClient, address: str
) -> None:
    token = page_of(client.get("/desk/sign-in")).values("/desk/sign-in")["csrf_token"]
    typed = {"email": "canary@clinic.example", "password": PASSWORD, "code": "1a2b-3c4d", "text": "canary"}
    answer = client.post(address, data={"csrf_token": token, **typed})
    assert "<textarea" not in answer.text
    assert PASSWORD not in answer.text
    if address != "/desk/sign-in":
        assert answer.location == "/desk/sign-in"
