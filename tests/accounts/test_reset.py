from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import keeping, passwords
from app.accounts.models import PasswordReset
from app.audit.log import SYSTEM
from app.core.crypto import digest
from app.core.database import db
from tests.accounts.people import EMAIL, PASSWORD, acts, add_staff, fill_in, is_at_desk, set_up, sign_in
from tests.support.counting import statements
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.pages import page_of
from tests.support.stored import mails_to
from tests.support.worker import send_all

NEW = "four slow tortoises"
NOBODY = "nobody@clinic.example"
START = "https://portal.example"


def ask(client: FlaskClient, email: str = EMAIL) -> str:
    """Ask for a link, and return where that leads; empty where the form comes back."""
    return fill_in(client, "/desk/forgotten", email=email).location or ""


def link_in_mail(app: Flask, smtp: Mailbox) -> str:
    """Return the path of the link in the newest mail."""
    send_all(app)
    lines = smtp.received[-1].text.splitlines()
    (address,) = {line for line in lines if line.startswith(f"{START}/desk/reset/")}
    return address.removeprefix(START)


def test_a_link_sets_the_password_once(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    user_id = add_staff(app)
    assert ask(client) == "/desk/forgotten/sent"
    link = link_in_mail(app, smtp)
    assert fill_in(client, link, new_password=NEW).location == "/desk/sign-in"
    assert not is_at_desk(client)
    assert sign_in(client, password=NEW).location == "/desk"
    again = client.get(link)
    assert again.status_code == 410
    assert page_of(again).heading == "This link does not work"
    assert [act[1:] for act in acts(app)] == [
        ("user.reset_asked", user_id),
        ("user.password_reset", user_id),
        ("user.signed_in", user_id),
    ]


def test_looking_at_a_link_does_not_use_it_up(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    ask(client)
    link = link_in_mail(app, smtp)
    for _ in range(2):
        assert page_of(client.get(link)).by_id("new_password").get("autocomplete") == "new-password"
    assert sign_in(client).location == "/desk"


def test_every_session_ends_and_the_owner_is_told(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    thief = app.test_client()
    sign_in(thief)
    ask(client)
    fill_in(client, link_in_mail(app, smtp), new_password=NEW)
    assert not is_at_desk(thief)
    assert mails_to(app, EMAIL) == ["password_reset", "password_changed"]


def test_the_second_factor_is_still_asked_for(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    sign_in(client)
    set_up(client)
    browser = app.test_client()
    ask(browser)
    fill_in(browser, link_in_mail(app, smtp), new_password=NEW)
    assert sign_in(browser, password=NEW).location == "/desk/second-factor?next=/desk"
    assert not is_at_desk(browser)


def test_a_link_works_for_an_hour(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        ask(client)
        link = link_in_mail(app, smtp)
        clock.shift(timedelta(minutes=59, seconds=59))
        page = page_of(client.get(link)).values(link)
        clock.shift(1)
        assert client.get(link).status_code == 410
        assert client.post(link, data={**page, "new_password": NEW}).status_code == 410
        clock.shift(timedelta(days=90))
        with app.app_context():
            assert passwords.forget_resets() == 0
            clock.shift(1)
            assert passwords.forget_resets() == 1


def test_a_newer_link_ends_the_one_before(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    ask(client)
    first = link_in_mail(app, smtp)
    ask(client)
    second = link_in_mail(app, smtp)
    assert client.get(first).status_code == 410
    assert fill_in(client, second, new_password=NEW).location == "/desk/sign-in"


def test_of_two_browsers_with_one_link_one_wins(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    ask(client)
    token = link_in_mail(app, smtp).rpartition("/")[2]

    def use(new: str) -> bool:
        with app.app_context():
            try:
                passwords.reset_password(token, new, None)
            except passwords.ResetOverError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, [NEW, f"{NEW} again"])) == [False, True]


def test_the_link_is_kept_as_a_digest(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    ask(client)
    token = link_in_mail(app, smtp).rpartition("/")[2]
    assert len(token) == 43
    with app.app_context():
        reset = db.session.scalars(sa.select(PasswordReset)).one()
        assert reset.token_digest == digest(token)


@pytest.mark.parametrize("state", ["unknown", "switched off"])
def test_nobody_learns_from_it_who_has_an_account(app: Flask, client: FlaskClient, state: str) -> None:
    add_staff(app)
    if state == "switched off":
        add_staff(app, NOBODY, active=False)
    pages, asked = [], []
    for email in (EMAIL, NOBODY):
        with statements(app) as sent:
            assert ask(client, email) == "/desk/forgotten/sent"
        asked.append([statement.split(" ", 1)[0] for statement in sent])
        pages.append(page_of(client.get("/desk/forgotten/sent")).text)
    # What is added to the session is sent together; what differs is whether the mail is kept.
    known, unknown = ([word for word in words if word not in {"RELEASE", "ROLLBACK"}] for words in asked)
    assert known == unknown
    assert pages[0] == pages[1]
    assert mails_to(app, EMAIL) == ["password_reset"]
    assert mails_to(app, NOBODY) == []


def test_a_link_of_who_was_switched_off_since_does_not_work(
    app: Flask, client: FlaskClient, smtp: Mailbox
) -> None:
    add_staff(app)
    ask(client)
    link = link_in_mail(app, smtp)
    with app.app_context():
        keeping.switch_off(EMAIL, SYSTEM)
    assert client.get(link).status_code == 410


def test_asking_again_and_again_stops_for_known_and_unknown_alike(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    found = []
    for email in (EMAIL, NOBODY):
        for _ in range(3):
            assert ask(client, email) == "/desk/forgotten/sent"
        answer = fill_in(client, "/desk/forgotten", email=email)
        assert answer.status_code == 422
        found.append(page_of(answer).errors["email"])
    assert found[0] == found[1]
    assert mails_to(app, EMAIL) == ["password_reset"] * 3


def test_a_stranger_who_asks_does_not_keep_the_owner_from_asking(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    for number in range(8):
        stranger = app.test_client()
        stranger.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        ask(stranger)
    assert mails_to(app, EMAIL) == ["password_reset"] * 6
    owner = app.test_client()
    assert ask(owner) == "/desk/forgotten/sent"


@ON_SQLITE
@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "../../etc"])
def test_an_unknown_link_says_so(client: FlaskClient, token: str) -> None:
    assert client.get(f"/desk/reset/{token}").status_code == 404


@ON_SQLITE
@pytest.mark.parametrize("odd", ["", " ", "\0", "x" * 100_000, "ñ\u0301" * 9])
def test_odd_addresses_are_answered(client: FlaskClient, odd: str) -> None:
    assert fill_in(client, "/desk/forgotten", email=odd).status_code in {303, 422}


@ON_SQLITE
def test_a_password_that_is_too_short_is_asked_for_again(
    app: Flask, client: FlaskClient, smtp: Mailbox
) -> None:
    add_staff(app)
    ask(client)
    answer = fill_in(client, link_in_mail(app, smtp), new_password="short")
    assert answer.status_code == 422
    assert "at least 12 characters" in page_of(answer).errors["new_password"]
    assert sign_in(client, password=PASSWORD).location == "/desk"
