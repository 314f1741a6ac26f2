"""What no page of ours sends: pages of accounts answer it in their own words, and soon."""

import time
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import spelling
from app.accounts.forms import recovery_code_form
from tests.accounts.people import EMAIL, PASSWORD, add_staff, fill_in, set_up, sign_in, start_set_up
from tests.accounts.test_invitations import first_link, invite
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of

MARKS = "a" + "\u0300\u0327" * 80_000
"""Unicode normalisation puts marks in order, in time that grows with the square of their number."""


def file() -> tuple[BytesIO, str]:
    return BytesIO(b"%PDF-1.7"), "letter.pdf"


def send_files(client: FlaskClient, address: str, action: str, *names: str) -> TestResponse:
    """Send a form with a file in place of each of some texts."""
    fields = page_of(client.get(address)).values(action)
    texts = {name: value for name, value in fields.items() if name not in names}
    return client.post(action, data={**texts, **{name: file() for name in names}})


@ON_SQLITE
def test_a_password_of_many_marks_takes_no_longer_than_another(app: Flask) -> None:
    start = time.thread_time()
    assert len(spelling.normal_password(MARKS)) == 4096
    assert time.thread_time() - start < 0.5


@ON_SQLITE
def test_addresses_and_codes_of_many_marks_are_cut(app: Flask, client: FlaskClient) -> None:
    assert len(spelling.address_form(MARKS)) == 4096
    assert len(recovery_code_form("x" * 100_000)) < 6000
    link = first_link(app)
    page = page_of(fill_in(client, link, name="Ada", email=f"{MARKS}@x.example", password=PASSWORD))
    assert page.errors == {"email": "This is 3842 characters too long. Shorten it to 254."}


def test_files_in_place_of_what_an_invited_person_chooses_are_as_nothing(
    app: Flask, client: FlaskClient
) -> None:
    link = invite(app)
    page = page_of(send_files(client, link, link, "name", "password"))
    assert page.errors == {
        "name": "Write your name, as colleagues know you.",
        "password": "Write your password.",
    }


@ON_SQLITE
def test_files_in_place_of_what_the_first_administrator_chooses_are_as_nothing(
    app: Flask, client: FlaskClient
) -> None:
    link = first_link(app)
    page = page_of(send_files(client, link, link, "name", "email", "password"))
    assert page.errors.keys() == {"name", "email", "password"}


@ON_SQLITE
def test_files_in_place_of_address_and_password_are_as_nothing(app: Flask, client: FlaskClient) -> None:
    page = page_of(send_files(client, "/desk/sign-in", "/desk/sign-in", "email", "password", "next"))
    assert page.errors == {"email": "Write your e-mail address.", "password": "Write your password."}


@ON_SQLITE
def test_files_in_place_of_codes_are_as_nothing(strict_app: Flask, strict_client: FlaskClient) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    address = "/desk/second-factor/set-up"
    assert send_files(strict_client, address, address, "setup", "code", "phone").status_code == 200
    page, _key = start_set_up(strict_client)
    token = page.values("/desk/second-factor")["csrf_token"]
    answer = strict_client.post("/desk/second-factor", data={"csrf_token": token, "code": file()})
    assert page_of(answer).errors == {"code": "Write the 6 digits that your app shows."}


@ON_SQLITE
@pytest.mark.parametrize("address", ["/desk/second-factor", "/desk/recovery-code"])
def test_files_in_place_of_the_codes_of_a_sign_in_are_as_nothing(
    strict_app: Flask, strict_client: FlaskClient, address: str
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    set_up(strict_client)
    browser = strict_app.test_client()
    sign_in(browser)
    page = page_of(send_files(browser, address, address, "code", "help_setup"))
    assert page.errors.keys() == {"code"}


@ON_SQLITE
def test_files_in_place_of_the_password_once_more_are_as_nothing(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    address = "/desk/confirm-password"
    page = page_of(send_files(client, address, address, "password", "next"))
    assert page.errors == {"password": "Write your password."}
    answer = send_files(client, "/desk/recovery-codes", "/desk/recovery-codes", "generate_new_codes")
    assert answer.status_code == 200


@ON_SQLITE
def test_json_in_place_of_a_form_is_refused(app: Flask, client: FlaskClient) -> None:
    link = invite(app)
    token = page_of(client.get(link)).values(link)["csrf_token"][0]
    for address in (link, "/desk/sign-in", "/desk/second-factor", "/desk/recovery-code"):
        answer = client.post(
            address,
            json={"name": 7, "email": [EMAIL], "password": {}, "code": 123456},
            headers={"X-CSRFToken": token},
        )
        assert answer.status_code == 415
