"""A cookie that is deleted, a new key of the server, a restart: in mid-form, none of them loses an answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.support import cast, stored
from tests.support.calling import ASKED_FOR, CALL, filled_call
from tests.support.databases import close
from tests.support.drafting import WHOLE, code_on, go_on
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, StrictClient, page_of, text_of
from tests.support.sending import ACTION, Fields, filled, lost, post
from tests.support.stepping import ASKED, CHECK, OURS, address, answer, filled_step, send_checked, step_page

ANSWERS: Fields = {**cast.EXAMPLE_TWO, "helper_authority": "asked"}
STORED: dict[str, Any] = {
    **{name: value for name, value in ANSWERS.items() if name not in ASKED["agreement"]},
    "birth_year": 1985,
    "injury_year": 2019,
    "injury_month": 4,
    "country": "ES",
    "language": "en",
}
STORED_CALL = {
    **{name: ASKED_FOR[name] for name in ("patient_name", "phone", "best_time")},
    "country": "ES",
    "contact_by": "phone",
}
LOST, RENEWED, RESTARTED = "the cookie is deleted", "the server has a new key", "the server was restarted"
SAYS_NOTHING: dict[str, str] = {}
"""What an older browser says of where a form comes from."""

Mishap = Callable[[FlaskClient], FlaskClient]
"""Takes a browser in mid-form and returns it as it is afterwards."""

pytestmark = pytest.mark.parametrize("what", [LOST, RENEWED, RESTARTED])
BROWSERS = pytest.mark.parametrize("headers", [OURS, SAYS_NOTHING], ids=["new browser", "old browser"])


@pytest.fixture
def mishap(app: Flask, environ: dict[str, str], what: str) -> Iterator[Mishap]:
    """What happens in mid-form."""
    made: list[Flask] = []

    def happen(client: FlaskClient) -> FlaskClient:
        cookie = client.get_cookie("portal")
        assert cookie is not None
        if what == LOST:
            client.delete_cookie("portal")
            return client
        changes = {"SECRET_KEY": "another secret, as after a change of keys"} if what == RENEWED else {}
        later = create_app({**environ, **changes})
        later.test_client_class = StrictClient
        made.append(later)
        browser = later.test_client()
        browser.set_cookie("portal", cookie.value)
        return browser

    yield happen
    for later in made:
        close(later)


def goes_through_at_once(what: str, headers: dict[str, str]) -> bool:
    """Return whether a form needs no second press: its token is good, or the browser vouches for it."""
    return what == RESTARTED or headers == OURS


def answers_shown(page: Page) -> list[str]:
    return [text_of(answer) for answer in page.all("dd")]


@ON_SQLITE
@BROWSERS
def test_the_form_on_one_page_keeps_every_answer_and_is_sent(
    app: Flask, client: FlaskClient, mishap: Mishap, what: str, headers: dict[str, str]
) -> None:
    fields = filled(client, ANSWERS)
    browser = mishap(client)

    response = browser.post(ACTION, data=fields, headers=headers)

    if not goes_through_at_once(what, headers):
        page = page_of(response)
        assert (response.status_code, page.errors, lost(page, fields)) == (422, {}, {})
        assert stored.everything(app) == (0, 0, 0, 0)
        response = browser.post(ACTION, data=page.values(ACTION), headers=headers)
    assert response.status_code == 303
    assert stored.only_inquiry(app) == STORED


@ON_SQLITE
@BROWSERS
def test_the_form_on_one_page_can_be_saved_after_it(
    app: Flask, client: FlaskClient, mishap: Mishap, what: str, headers: dict[str, str]
) -> None:
    fields = {**filled(client, ANSWERS, country="Atlantis"), "action": "save"}
    browser = mishap(client)

    response = browser.post(ACTION, data=fields, headers=headers)
    if not goes_through_at_once(what, headers):
        again = {**page_of(response).values(ACTION), "action": "save"}
        response = browser.post(ACTION, data=again, headers=headers)
    saved = page_of(browser.get(response.location) if response.status_code == 303 else response)

    other = app.test_client()
    assert go_on(other, code_on(saved)).status_code == 303
    assert lost(page_of(other.get(WHOLE)), {**fields, "action": ""}) == {}


@BROWSERS
def test_after_three_steps_every_answer_is_kept_and_can_be_sent(
    app: Flask, client: FlaskClient, mishap: Mishap, what: str, headers: dict[str, str]
) -> None:
    for step in ("who", "helper", "person"):
        assert answer(client, step, ANSWERS).status_code == 303
    fields = filled_step(step_page(client, "reach"), "reach", ANSWERS)
    browser = mishap(client)

    response = browser.post(address("reach"), data=fields, headers=headers)

    if not goes_through_at_once(what, headers):
        again = page_of(response).values(address("reach"))
        assert response.status_code == 422
        assert {name: again[name] for name in ASKED["reach"]} == {
            name: [ANSWERS[name]] for name in ASKED["reach"]
        }
        response = browser.post(address("reach"), data=again, headers=headers)
    if response.status_code == 200:  # as if it kept no cookies: all questions, on one page
        page = page_of(response)
        so_far = {
            name: ANSWERS[name] for step in ("who", "helper", "person", "reach") for name in ASKED[step]
        }
        assert (what, lost(page, so_far)) == (LOST, {})
        rest = {**page.values(ACTION), **ANSWERS, **so_far, "opened": ""}
        response = browser.post(ACTION, data=rest, headers=headers)
    else:
        assert response.location == address("injury")
        for step in ("injury", "time", "hopes", "agreement"):
            assert answer(browser, step, ANSWERS).status_code == 303
        response = send_checked(browser)
    assert (response.status_code, response.location) == (303, "/inquiries/sent")
    assert stored.only_inquiry(app) == STORED


@BROWSERS
def test_answers_that_are_being_checked_are_kept_and_sent(
    app: Flask, client: FlaskClient, mishap: Mishap, what: str, headers: dict[str, str]
) -> None:
    post(client, {**filled(client, ANSWERS), "action": "check"})
    page = page_of(client.get(CHECK))
    browser = mishap(client)

    response = browser.post(CHECK, data={**page.values(CHECK), "opened": ""}, headers=headers)

    if not goes_through_at_once(what, headers):
        again = page_of(response)
        assert response.status_code == 422
        assert answers_shown(again) == answers_shown(page)
        response = browser.post(CHECK, data={**again.values(CHECK), "opened": ""}, headers=headers)
    assert (response.status_code, response.location) == (303, "/inquiries/sent")
    assert stored.only_inquiry(app) == STORED


@ON_SQLITE
@BROWSERS
def test_answers_that_are_being_checked_can_be_changed_after_it(
    app: Flask, client: FlaskClient, mishap: Mishap, what: str, headers: dict[str, str]
) -> None:
    post(client, {**filled(client, ANSWERS), "action": "check"})
    fields = page_of(client.get(CHECK)).values(CHECK)
    browser = mishap(client)

    response = browser.post(CHECK, data={**fields, "action": "change-hopes"}, headers=headers)
    if not goes_through_at_once(what, headers):
        again = {**page_of(response).values(CHECK), "action": "change-hopes"}
        response = browser.post(CHECK, data=again, headers=headers)

    assert response.status_code == 303
    there = page_of(browser.get(response.location)).values(address("hopes"))
    assert {name: there.get(name) for name in ASKED["hopes"]} == {
        "hopes": ANSWERS["hopes"],
        "message": [cast.MESSAGE],
    }


@ON_SQLITE
@BROWSERS
def test_someone_who_goes_a_step_back_after_it_finds_every_answer(
    app: Flask, client: FlaskClient, mishap: Mishap, what: str, headers: dict[str, str]
) -> None:
    for step in ("who", "helper", "person"):
        answer(client, step, ANSWERS)
    fields = {**filled_step(step_page(client, "reach"), "reach", ANSWERS), "action": "back"}
    browser = mishap(client)

    response = browser.post(address("reach"), data=fields, headers=headers)
    if not goes_through_at_once(what, headers):
        again = {**page_of(response).values(address("reach")), "action": "back"}
        response = browser.post(address("reach"), data=again, headers=headers)

    action, asked = ACTION, ["who", "helper", "person", "reach"]
    if response.status_code == 303:
        assert response.location == address("person")
        response, action, asked = browser.get(response.location), address("person"), ["person"]
    there = page_of(response).values(action)
    for name in (name for step in asked for name in ASKED[step]):
        assert there.get(name) == [ANSWERS[name]], name


@ON_SQLITE
@BROWSERS
def test_a_request_to_be_called_keeps_every_answer_and_is_sent(
    app: Flask, client: FlaskClient, mishap: Mishap, what: str, headers: dict[str, str]
) -> None:
    fields = filled_call(client)
    browser = mishap(client)

    response = browser.post(CALL, data=fields, headers=headers)

    if not goes_through_at_once(what, headers):
        again = page_of(response).values(CALL)
        assert response.status_code == 422
        assert {name: again[name] for name in ASKED_FOR} == {name: [text] for name, text in ASKED_FOR.items()}
        response = browser.post(CALL, data={**again, "opened": ""}, headers=headers)
    assert response.status_code == 303
    assert stored.only_inquiry(app) == STORED_CALL
