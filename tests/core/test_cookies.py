"""Sessions whose keys are derived once are the ones that Flask itself keeps."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.core.cookies import CookieSessions

MOMENT = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)
HELD = {"form_key": "k" * 43, "at": MOMENT, "pair": (1, "two"), "long": "words " * 100, "known": True}


def signing(interface: SecureCookieSessionInterface, app: Flask) -> URLSafeTimedSerializer:
    found = interface.get_signing_serializer(app)
    assert found
    return found


@pytest.fixture(params=[None, ["a key from before", "one before that"]])
def plain(request: pytest.FixtureRequest) -> Flask:
    app = Flask("test")
    app.secret_key = "a key"
    app.config["SECRET_KEY_FALLBACKS"] = request.param
    return app


def test_a_cookie_is_the_one_that_flask_gives(plain: Flask) -> None:
    with time_machine.travel(MOMENT, tick=False):
        ours, flasks = (
            signing(interface, plain) for interface in (CookieSessions(plain), SecureCookieSessionInterface())
        )
        assert ours.dumps(HELD) == flasks.dumps(HELD)
        assert ours.loads(flasks.dumps(HELD), max_age=1) == HELD


def test_a_cookie_of_an_older_key_is_taken_as_long_as_the_key_is_known(plain: Flask) -> None:
    older = Flask("older")
    older.secret_key = "one before that"
    cookie = signing(CookieSessions(older), older).dumps(HELD)
    if plain.config["SECRET_KEY_FALLBACKS"]:
        assert signing(CookieSessions(plain), plain).loads(cookie) == HELD
    else:
        with pytest.raises(BadSignature):
            signing(CookieSessions(plain), plain).loads(cookie)


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_cookie_that_was_altered_or_is_too_old_is_refused(plain: Flask, place: int) -> None:
    ours = signing(CookieSessions(plain), plain)
    with time_machine.travel(MOMENT, tick=False):
        cookie = ours.dumps(HELD)
        letters = list(cookie)
        letters[place] = "A" if letters[place] != "A" else "B"
        with pytest.raises(BadSignature):
            ours.loads("".join(letters))
    with time_machine.travel(MOMENT + timedelta(seconds=5), tick=False), pytest.raises(BadSignature):
        ours.loads(cookie, max_age=4)


def test_an_application_without_a_key_keeps_no_sessions() -> None:
    app = Flask("test")
    assert CookieSessions(app).get_signing_serializer(app) is None
