import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import verify_password

from app.accounts import passwords, signing_in
from app.audit.log import SYSTEM
from app.core.database import db
from tests.accounts.people import (
    EMAIL,
    PASSWORD,
    acts,
    add_staff,
    fill_in,
    is_at_desk,
    set_up,
    sign_in,
    staff,
)
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.pages import page_of
from tests.support.worker import send_all

PAGE = "/desk/account/password"
NEW = "four slow tortoises"


def test_a_new_password_signs_in_from_now_on(app: Flask, client: FlaskClient) -> None:
    user_id = add_staff(app)
    sign_in(client)
    answer = fill_in(client, PAGE, password=PASSWORD, new_password=NEW)
    assert answer.location == "/desk/account"
    assert "Your password is changed." in page_of(client.get("/desk/account")).text
    assert acts(app)[1:] == [("staff", "user.password_changed", user_id)]
    browser = app.test_client()
    assert sign_in(browser).status_code == 422
    assert sign_in(browser, password=NEW).location == "/desk"


def test_this_browser_stays_signed_in_and_no_other(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    fill_in(client, PAGE, password=PASSWORD, new_password=NEW)
    assert is_at_desk(client)
    assert not is_at_desk(other)


def test_the_old_password_signs_nobody_in_that_is_replaced_while_it_is_looked_at(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_staff(app)

    def looked_at_slowly(typed: str, kept: str) -> bool:
        is_right: bool = verify_password(typed, kept)
        user = staff(app)
        with app.app_context():
            passwords.change_password(db.session.merge(user), NEW, SYSTEM, but=None)
        return is_right

    monkeypatch.setattr(signing_in, "verify_password", looked_at_slowly)
    with app.app_context():
        assert signing_in.find_by_password(EMAIL, PASSWORD, "192.0.2.1") is None
        assert verify_password(NEW, staff(app).password or "")


def test_a_sign_in_that_was_begun_with_the_old_password_ends(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    set_up(client)
    thief = app.test_client()
    assert sign_in(thief).location == "/desk/second-factor?next=/desk"
    fill_in(client, PAGE, password=PASSWORD, new_password=NEW)
    assert thief.get("/desk/second-factor").location == "/desk/sign-in"


def test_its_owner_is_told_by_mail(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    add_staff(app)
    sign_in(client)
    fill_in(client, PAGE, password=PASSWORD, new_password=NEW)
    send_all(app)
    (mail,) = smtp.received
    assert mail.recipients == (EMAIL,)
    assert "was changed" in mail.message["Subject"]
    assert "https://portal.example/desk/forgotten" in mail.text
    assert NEW not in mail.text


def test_who_does_not_know_the_password_does_not_change_it(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    page = page_of(fill_in(client, PAGE, password="not the password", new_password=NEW))
    assert page.errors == {"password": "This is not your password. Check it and try again."}
    assert sign_in(app.test_client()).location == "/desk"


def test_guessing_it_from_a_stolen_session_stops_after_ten(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    for _ in range(10):
        fill_in(client, PAGE, password="not the password", new_password=NEW)
    page = page_of(fill_in(client, PAGE, password=PASSWORD, new_password=NEW))
    assert "Too many tries did not work." in page.errors["password"]


@ON_SQLITE
@pytest.mark.parametrize(("new", "words"), [("", "Write your password."), ("short", "at least 12")])
def test_a_new_password_is_long_enough(app: Flask, client: FlaskClient, new: str, words: str) -> None:
    add_staff(app)
    sign_in(client)
    answer = fill_in(client, PAGE, password=PASSWORD, new_password=new)
    assert answer.status_code == 422
    assert words in page_of(answer).errors["new_password"]
    assert PASSWORD not in answer.text
