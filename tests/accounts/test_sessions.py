from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import keeping, sessions
from app.accounts.models import StaffSession
from app.audit.log import SYSTEM
from app.core.database import db
from tests.accounts.people import EMAIL, add_staff, is_at_desk, sign_in, staff, work_on
from tests.support.counting import statements
from tests.support.pages import page_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOON = 1_800_000_000


def copy_of(app: Flask, client: FlaskClient) -> FlaskClient:
    """Return another browser with a copy of the cookie."""
    cookie = client.get_cookie("portal")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("portal", cookie.value)
    return thief


def sign_out(client: FlaskClient) -> None:
    """Sign out by the button of the desk."""
    token = page_of(client.get("/desk/account")).values("/desk/sign-out")
    assert client.post("/desk/sign-out", data=token).location == "/desk/sign-in"


def is_signed_in(client: FlaskClient) -> bool:
    """Return whether a session goes on; asking is no use of it."""
    return client.get("/desk/session").status_code == 200


def test_signing_out_ends_this_session_and_its_copies_and_no_other(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    thief = copy_of(app, client)
    assert is_signed_in(thief)
    sign_out(client)
    assert not is_signed_in(client)
    assert not is_signed_in(thief)
    assert is_signed_in(other)


@pytest.mark.parametrize("address", ["/desk/second-factor/set-up", "/desk/second-factor"])
def test_a_copied_cookie_sets_up_no_second_factor_after_signing_out(
    app: Flask, client: FlaskClient, address: str
) -> None:
    add_staff(app)
    sign_in(client)
    thief = copy_of(app, client)
    sign_out(client)
    assert thief.get(address).location == "/desk/sign-in"
    assert thief.get("/desk/sign-in").status_code == 200
    assert not is_signed_in(thief)


def test_a_session_ends_after_fifteen_minutes_without_use(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=15))
        assert is_at_desk(client)
        clock.shift(timedelta(minutes=15, seconds=1))
        assert not is_at_desk(client)
        assert "Your session has ended." in page_of(client.get("/desk/sign-in")).text


def test_a_session_that_is_used_ends_after_twelve_hours(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        work_on(client, clock, 12 * 60)
        clock.shift(1)
        assert not is_at_desk(client)


def test_asking_how_long_it_goes_on_is_no_use_and_a_word_of_the_script_is(
    app: Flask, client: FlaskClient
) -> None:
    add_staff(app)
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        token = page_of(client.get("/desk/account")).values("/desk/session")
        clock.shift(timedelta(minutes=10))
        answer = client.get("/desk/session").get_json()
        assert (answer["left"], answer["who"]) == (300, EMAIL)
        clock.shift(timedelta(minutes=4))
        assert client.post("/desk/session", data=token).get_json()["left"] == 900
        clock.shift(timedelta(minutes=14))
        assert is_signed_in(client)
        clock.shift(timedelta(minutes=1, seconds=1))
        assert not is_signed_in(client)


def test_what_script_asks_in_the_background_is_no_use(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=10))
        assert client.get("/desk/account", headers={"X-Background": "1"}).status_code == 200
        clock.shift(timedelta(minutes=5, seconds=1))
        assert not is_signed_in(client)


def test_another_site_cannot_keep_a_session_going(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    assert client.post("/desk/session").status_code == 400


def test_no_answer_of_the_script_holds_a_way_to_sign_in(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    assert set(client.get("/desk/session").get_json()) == {"left", "who", "csrf_token"}


def test_use_is_written_at_most_once_a_minute(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        for seconds, writes in ((59, 0), (1, 1), (30, 0), (30, 1)):
            clock.shift(seconds)
            with statements(app) as sent:
                client.get("/desk/account")
            updates = [statement for statement in sent if statement.startswith("UPDATE staff_sessions")]
            assert len(updates) == writes, seconds


def test_a_cookie_of_the_release_before_asks_to_sign_in(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    with client.session_transaction() as session:
        del session["staff_session"]
    assert not is_signed_in(client)


def test_the_token_of_someone_elses_session_is_worth_nothing(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    add_staff(app, "other@clinic.example")
    other = app.test_client()
    sign_in(client)
    sign_in(other, "other@clinic.example")
    with client.session_transaction() as session, other.session_transaction() as others:
        session["staff_session"] = others["staff_session"]
    assert not is_signed_in(client)


@pytest.mark.parametrize("act", [keeping.switch_off, keeping.reset_second_factor])
def test_what_takes_an_account_away_ends_every_session(app: Flask, client: FlaskClient, act: object) -> None:
    add_staff(app)
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    with app.app_context():
        act(EMAIL, SYSTEM)  # type: ignore[operator]
    assert not is_signed_in(client)
    assert not is_signed_in(other)
    with app.app_context():
        assert list(sessions.sessions_of(db.session.merge(staff(app)))) == []


def test_the_list_names_the_browser_and_the_network_and_leaves_out_what_is_over(
    app: Flask, client: FlaskClient
) -> None:
    add_staff(app)
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(app.test_client())
        clock.shift(timedelta(minutes=15, seconds=1))
        client.environ_base["HTTP_USER_AGENT"] = FIREFOX
        client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2:3::4"
        sign_in(client)
        with app.app_context():
            (row,) = sessions.sessions_of(db.session.merge(staff(app)))
    assert (row.browser, row.address, row.network) == (
        "Firefox, Linux",
        "2001:db8:1:2:3::4",
        "2001:db8:1:2::/64",
    )


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, words: str) -> None:
    assert sessions.browser_words(agent) == words


def test_sessions_are_forgotten_after_ninety_days(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with time_machine.travel(NOON, tick=False) as clock, app.app_context():
        sign_in(client)
        clock.shift(timedelta(days=90))
        assert sessions.forget_sessions() == 0
        clock.shift(1)
        assert sessions.forget_sessions() == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StaffSession)) == 0
