import altcha
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.proof import is_proven
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of
from tests.support.sending import opened_form

pytestmark = ON_SQLITE

ADDRESS = "/inquiries/challenge"


def test_a_browser_gets_a_challenge_for_its_form_and_what_it_finds_counts(
    app: Flask, client: FlaskClient
) -> None:
    (form_key,) = opened_form(client)["form_key"]

    answer = client.post(ADDRESS, data={"form_key": form_key})

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    challenge = altcha.Challenge.from_dict(answer.get_json())
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    with app.app_context():
        assert is_proven(form_key, altcha.Payload(challenge, solution).to_base64())


def test_a_challenge_needs_no_cookie_no_token_and_leaves_none(app: Flask) -> None:
    answer = app.test_client(use_cookies=False).post(ADDRESS, data={"form_key": "A" * 43})

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("key", [None, "", "short", "é" * 43, "A" * 44, "A" * 42 + "\n", "\x00" * 43])
def test_a_key_that_this_site_did_not_make_gets_no_challenge(client: FlaskClient, key: str | None) -> None:
    answer = client.post(ADDRESS, data={"form_key": key} if key is not None else {})

    assert answer.status_code == 400
    assert page_of(answer).heading == "We could not read that"


def test_a_challenge_is_not_to_be_had_by_a_link(client: FlaskClient) -> None:
    assert client.get(ADDRESS).status_code == 405
