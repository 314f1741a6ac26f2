"""Guessing is stopped by what all processes count together, and stops nobody else."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import attempts
from app.accounts.attempts import LIMITS, Allowed
from app.accounts.models import SignInAttempt
from app.core.database import db
from tests.accounts.people import EMAIL, PASSWORD, add_staff, fill_in, sign_in
from tests.support.counting import statements
from tests.support.databases import close
from tests.support.mailbox import Mailbox
from tests.support.pages import StrictClient, page_of
from tests.support.worker import send_all

NOBODY = "nobody@clinic.example"
WRONG = "not the password"
TOO_MANY = "Too many tries did not work. Wait 15 minutes, then try again."


@pytest.fixture
def second_app(environ: dict[str, str]) -> Iterator[Flask]:
    """Another process's application, on the same database."""
    app = create_app(environ)
    app.test_client_class = StrictClient
    yield app
    close(app)


def browser_at(app: Flask, address: str) -> FlaskClient:
    """Return a browser of a network."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def guess(client: FlaskClient, times: int, email: str = EMAIL) -> None:
    """Try wrong passwords."""
    for _ in range(times):
        sign_in(client, email, WRONG)


def test_ten_wrong_passwords_are_looked_at_whichever_process_is_asked(app: Flask, second_app: Flask) -> None:
    add_staff(app)
    guess(app.test_client(), 5)
    guess(second_app.test_client(), 5)
    for one in (app, second_app):
        answer = sign_in(one.test_client())
        assert answer.status_code == 422
        assert page_of(answer).errors == {"email": TOO_MANY}


def test_the_words_are_the_same_where_there_is_no_account(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    pages = []
    for email in (EMAIL, NOBODY):
        guess(client, 10, email)
        pages.append(page_of(sign_in(client, email, WRONG)).text)
    assert pages[0] == pages[1]


def test_after_a_quarter_of_an_hour_it_can_be_tried_again(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        guess(client, 12)
        clock.shift(15 * 60)
        assert sign_in(client).location == "/desk"


def test_a_right_password_forgives_the_wrong_ones_before(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    for _ in range(3):
        guess(app.test_client(), 9)
        assert sign_in(app.test_client()).location == "/desk"


def test_who_guesses_elsewhere_does_not_stop_the_owner(app: Flask) -> None:
    add_staff(app)
    guess(browser_at(app, "203.0.113.1"), 12)
    assert sign_in(browser_at(app, "198.51.100.1")).location == "/desk"


def test_who_guesses_from_everywhere_does_not_stop_the_owner_where_they_signed_in_before(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_staff(app)
    small = {**LIMITS["sign_in"], "of_account": Allowed(6, attempts.HOUR)}
    monkeypatch.setitem(attempts.LIMITS, "sign_in", small)
    sign_in(browser_at(app, "198.51.100.1"))
    for number in range(3):
        guess(browser_at(app, f"203.0.113.{number}"), 2)
    assert page_of(sign_in(browser_at(app, "203.0.113.200"))).errors == {"email": TOO_MANY}
    assert sign_in(browser_at(app, "198.51.100.1")).location == "/desk"


def test_an_owner_in_a_new_place_comes_in_by_the_link_in_a_mail(
    app: Flask, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_staff(app)
    small = {**LIMITS["sign_in"], "of_account": Allowed(6, attempts.HOUR)}
    monkeypatch.setitem(attempts.LIMITS, "sign_in", small)
    for number in range(3):
        guess(browser_at(app, f"203.0.113.{number}"), 2)
    owner = browser_at(app, "198.51.100.1")
    assert page_of(sign_in(owner)).errors == {"email": TOO_MANY}
    fill_in(owner, "/desk/forgotten", email=EMAIL)
    send_all(app)
    link = re.search(r"/desk/reset/[\w-]{43}", smtp.received[0].text)
    assert link
    assert fill_in(owner, link.group(), new_password=PASSWORD).location == "/desk/sign-in"
    assert sign_in(owner).location == "/desk"


def test_guessing_at_many_accounts_slows_strangers_and_not_known_networks(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_staff(app)
    small = {**LIMITS["sign_in"], "in_all": Allowed(6, attempts.HOUR)}
    monkeypatch.setitem(attempts.LIMITS, "sign_in", small)
    sign_in(browser_at(app, "198.51.100.1"))
    for number in range(6):
        guess(browser_at(app, f"203.0.113.{number}"), 1, f"someone.{number}@clinic.example")
    assert page_of(sign_in(browser_at(app, "203.0.113.200"))).errors == {"email": TOO_MANY}
    assert sign_in(browser_at(app, "198.51.100.1")).location == "/desk"


def test_one_network_guesses_at_thirty_accounts(app: Flask, client: FlaskClient) -> None:
    for number in range(30):
        guess(client, 1, f"someone.{number}@clinic.example")
    assert page_of(sign_in(client, NOBODY, WRONG)).errors == {"email": TOO_MANY}


def test_known_and_unknown_accounts_ask_the_same_of_the_database(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    add_staff(app, "gone@clinic.example", active=False)
    asked = []
    for email in (EMAIL, NOBODY, "gone@clinic.example"):
        with statements(app) as sent:
            sign_in(client, email, WRONG)
        asked.append(sent)
    assert asked[0] == asked[1] == asked[2]


def test_neither_addresses_nor_networks_are_kept_and_tries_are_forgotten_after_a_day(
    app: Flask, client: FlaskClient
) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock, app.app_context():
        guess(client, 1)
        row = db.session.scalars(sa.select(SignInAttempt)).one()
        assert len(row.email_index) == len(row.network_index) == 16
        clock.shift(24 * 3600 - 1)
        assert attempts.forget_attempts() == 0
        clock.shift(1)
        assert attempts.forget_attempts() == 1
