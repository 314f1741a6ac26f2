"""Save and finish later: what comes back, on which browser, and what does not lead to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.support import cast, drafting, stored
from tests.support.drafting import CONTINUE, DISCARDED, SAVED, WHOLE, code_on, go_on, link_on, saved
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of, text_of
from tests.support.sending import ACTION, filled, lost, post
from tests.support.stepping import OURS, address, filled_step, go_through, step_page

UNFINISHED: dict[str, Any] = {
    "filling_in": "relative",
    "helper_name": cast.HELPER_NAME,
    "patient_name": cast.PATIENT_NAME,
    "birth_year": "19855",
    "country": "Atlantis",
    "email": "canary.one at mail",
    "phone": "12",
    "injury_region": "thoracic",
    "injury_level": "C5",
    "injury_month": "Smarch",
    "injury_year": "2999",
    "hopes": ["movement", "bladder"],
    "message": "\u00e9" * 4001 + "\n\n  two lines further down",
    "consent_processing": "y",
}
"""What is not finished, and much of it wrong."""


def test_everything_that_was_typed_comes_back_on_another_browser(app: Flask, client: FlaskClient) -> None:
    page = saved(client, UNFINISHED)
    other = app.test_client()

    response = go_on(other, code_on(page))

    assert (response.status_code, response.location) == (303, f"{WHOLE}#inquiry")
    back = page_of(other.get(WHOLE))
    assert lost(back, UNFINISHED) == {}
    assert back.errors == {}
    assert stored.inquiries(app) == []
    # In the browser that it was saved in, it is still there.
    assert lost(page_of(client.get(WHOLE)), UNFINISHED) == {}


def test_what_was_saved_is_finished_and_sent_and_is_gone_then(app: Flask, client: FlaskClient) -> None:
    page = saved(client, UNFINISHED)
    other = app.test_client()
    go_on(other, code_on(page))
    fields = page_of(other.get(WHOLE)).values(ACTION)

    assert post(other, {**fields, **cast.EXAMPLE_TWO, "opened": ""}).status_code == 303

    assert stored.only_inquiry(app)["message"] == cast.MESSAGE
    assert drafting.rows(app) == []
    assert go_on(app.test_client(), code_on(page)).status_code == 404


@ON_SQLITE
def test_from_a_step_one_comes_back_to_where_one_was(app: Flask, client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_TWO, up_to="injury")
    fields = filled_step(step_page(client, "injury"), "injury", {"injury_level": "T10"}, action="save")

    response = client.post(address("injury"), data=fields)

    assert (response.status_code, response.location) == (303, SAVED)
    other = app.test_client()
    assert go_on(other, code_on(page_of(client.get(SAVED)))).location == address("injury")
    assert step_page(other, "injury").values(address("injury"))["injury_level"] == ["T10"]
    assert step_page(other, "helper").values(address("helper"))["helper_name"] == [cast.HELPER_NAME]


@ON_SQLITE
def test_the_code_counts_however_it_is_typed(app: Flask, client: FlaskClient) -> None:
    code = code_on(saved(client, cast.EXAMPLE_ONE))

    for typed in (
        code.lower(),
        code.replace("-", " "),
        f"  {code.replace('-', '')}\n",
        code.replace("-", "–"),
    ):
        assert go_on(app.test_client(), typed).status_code == 303, typed


@ON_SQLITE
def test_the_link_changes_nothing_by_itself_and_shows_one_button(app: Flask, client: FlaskClient) -> None:
    page = saved(client, cast.EXAMPLE_ONE)
    before, acts, other = drafting.rows(app), stored.acts(app), app.test_client()

    shown = page_of(other.get(link_on(page)))

    assert (drafting.rows(app), stored.acts(app)) == (before, acts)
    assert not [canary for canary in cast.CANARIES if canary in shown.text]
    assert [text_of(button) for button in shown.all("button")] == ["Open my answers"]
    assert "value" not in str(page_of(other.get(WHOLE)).values(ACTION)["message"]), "it was opened"
    response = other.post(CONTINUE, data=shown.values(CONTINUE))
    assert response.status_code == 303
    assert lost(page_of(other.get(WHOLE)), cast.EXAMPLE_ONE) == {}


@ON_SQLITE
@pytest.mark.parametrize("code", ["K7MP-" * 6 + "K7MP", "x", "\u00e9" * 28, "2" * 27, "K7MP" * 8, "Ω" * 100])
def test_a_code_that_leads_nowhere_gets_a_page_that_says_so(client: FlaskClient, code: str) -> None:
    response = go_on(client, code)

    assert response.status_code == 404
    assert "We have nothing under this code" in page_of(response).text
    assert page_of(response).values(CONTINUE)["code"] == [code]


@ON_SQLITE
@pytest.mark.parametrize("code", ["", " ", "2" * 200])
def test_no_code_at_all_is_asked_for(client: FlaskClient, code: str) -> None:
    response = go_on(client, code)

    assert response.status_code == 422
    assert list(page_of(response).errors) == ["code"]


@ON_SQLITE
def test_after_thirty_days_the_code_leads_nowhere(app: Flask, client: FlaskClient) -> None:
    code = code_on(saved(client, cast.EXAMPLE_ONE))
    start = datetime.now(UTC)

    with time_machine.travel(start + timedelta(days=29, hours=23)):
        assert go_on(app.test_client(), code).status_code == 303
    # Coming back moves the day on.
    with time_machine.travel(start + timedelta(days=59, hours=22)):
        assert page_of(app.test_client().get(f"{CONTINUE}/{code}")).form(CONTINUE) is not None
    with time_machine.travel(start + timedelta(days=60)):
        assert go_on(app.test_client(), code).status_code == 404


@ON_SQLITE
def test_it_is_deleted_at_once_when_its_owner_says_so(app: Flask, client: FlaskClient) -> None:
    page = saved(client, cast.EXAMPLE_ONE)

    response = client.post(DISCARDED, data=page.values(DISCARDED))

    assert response.status_code == 200
    assert "What you saved is deleted" in page_of(response).text
    assert drafting.rows(app) == []
    assert page_of(client.get(WHOLE)).values(ACTION)["patient_name"] == [""]
    assert go_on(client, code_on(page)).status_code == 404
    assert client.get(SAVED).location == WHOLE


@ON_SQLITE
def test_a_page_too_old_to_delete_from_offers_to_do_it_again(app: Flask, client: FlaskClient) -> None:
    fields = {**saved(client, cast.EXAMPLE_ONE).values(DISCARDED), "csrf_token": ""}

    page = page_of(client.post(DISCARDED, data=fields))

    assert "press “Yes, delete it” again" in page.text
    assert len(drafting.rows(app)) == 1
    assert "Yes, delete it" in [text_of(button) for button in page.all("button")]


@ON_SQLITE
def test_without_cookies_the_way_back_is_shown_at_once(app: Flask) -> None:
    client = app.test_client(use_cookies=False)

    response = client.post(ACTION, data={**filled(client, UNFINISHED), "action": "save"}, headers=OURS)

    page = page_of(response)
    assert (response.status_code, page.heading) == (200, "Your answers are saved")
    other = app.test_client()
    assert go_on(other, code_on(page)).status_code == 303
    assert lost(page_of(other.get(WHOLE)), UNFINISHED) == {}
