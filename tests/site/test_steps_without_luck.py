"""The form step by step where the database, the cookie or the token fails: no answer may be lost."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.support import cast, stored
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.locking import locked, wait_shorter
from tests.support.pages import StrictClient, page_of
from tests.support.sending import ACTION, lost, post
from tests.support.stepping import (
    ASKED,
    CHECK,
    OURS,
    address,
    filled_step,
    go_through,
    send_checked,
    step_page,
)

pytestmark = ON_SQLITE

BEFORE = ("who", "helper", "person", "reach")
"""The steps before the one in which something fails."""


def answered(*steps: str) -> dict[str, object]:
    """Return the answers of EXAMPLE_TWO that these steps ask for."""
    names = {name for step in steps for name in ASKED[step]}
    return {name: value for name, value in cast.EXAMPLE_TWO.items() if name in names}


def test_a_locked_database_gives_the_step_back_and_it_can_be_sent_later(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    go_through(client, cast.EXAMPLE_TWO, up_to="injury")
    fields = filled_step(step_page(client, "injury"), "injury", cast.EXAMPLE_TWO)
    wait_shorter(app)
    with app.app_context():
        from app.core.database import db

        db.engine.dispose()
    with locked(tmp_path / "portal.sqlite"):
        response = client.post(address("injury"), data=fields)

    page = page_of(response)
    assert response.status_code == 503
    assert "We could not keep your answers just now" in page.text
    again = page.values(address("injury"))
    assert {name: again[name] for name in ASKED["injury"]} == {
        name: [cast.EXAMPLE_TWO[name]] for name in ASKED["injury"]
    }
    assert client.post(address("injury"), data=again).location == address("time")
    for step in BEFORE:
        assert (
            step_page(client, step).values(address(step)).items()
            >= {name: [value] for name, value in answered(step).items()}.items()
        )


def test_without_cookies_it_goes_on_in_one_page_with_everything(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    fields = filled_step(step_page(client, "person"), "person", cast.EXAMPLE_TWO)

    response = client.post(address("person"), data=fields, headers=OURS)

    page = page_of(response)
    assert response.status_code == 200
    assert "Your browser keeps no cookies" in page.text
    assert lost(page, answered("person")) == {}
    assert page.errors == {}
    sent = client.post(ACTION, data={**page.values(ACTION), **cast.EXAMPLE_TWO, "opened": ""}, headers=OURS)
    assert sent.status_code == 303
    assert len(stored.inquiries(app)) == 1


def test_without_cookies_a_wrong_answer_is_told_on_the_one_page(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    wrong = {**cast.EXAMPLE_TWO, "country": "Atlantis"}
    fields = filled_step(step_page(client, "person"), "person", wrong)

    response = client.post(address("person"), data=fields, headers=OURS)

    page = page_of(response)
    assert (response.status_code, list(page.errors)) == (422, ["country"])
    assert lost(page, {**answered("person"), "country": "Atlantis"}) == {}


def test_a_cookie_that_is_lost_on_the_way_loses_no_answer(app: Flask, client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_TWO, up_to="injury")
    fields = filled_step(step_page(client, "injury"), "injury", cast.EXAMPLE_TWO)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    page = page_of(client.post(address("injury"), data=fields, headers=OURS))

    assert lost(page, answered(*BEFORE, "injury")) == {}
    assert post(client, {**page.values(ACTION), **cast.EXAMPLE_TWO}).status_code == 303
    assert len(stored.inquiries(app)) == 1


def test_a_new_secret_of_the_server_loses_no_answer(environ: dict[str, str], client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_TWO, up_to="injury")
    fields = filled_step(step_page(client, "injury"), "injury", cast.EXAMPLE_TWO)
    cookie = client.get_cookie("portal")
    assert cookie is not None
    renewed = create_app({**environ, "SECRET_KEY": "another secret, as after a change of keys"})
    renewed.test_client_class = StrictClient
    later = renewed.test_client()
    later.set_cookie("portal", cookie.value)

    response = later.post(address("injury"), data=fields, headers=OURS)

    assert (response.status_code, response.location) == (303, address("time"))
    for step in ("time", "hopes", "agreement"):
        fields = filled_step(step_page(later, step), step, cast.EXAMPLE_TWO)
        response = later.post(address(step), data=fields)
    assert response.location == CHECK
    assert send_checked(later).location == "/inquiries/sent"
    assert stored.only_inquiry(renewed)["helper_name"] == cast.HELPER_NAME
    close(renewed)


def test_a_step_without_a_good_token_comes_back_with_its_answers(app: Flask, client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_TWO, up_to="injury")
    fields = filled_step(step_page(client, "injury"), "injury", cast.EXAMPLE_TWO, csrf_token="")

    response = client.post(address("injury"), data=fields)

    page = page_of(response)
    assert response.status_code == 422
    assert "Send it once more" in page.text
    assert "press “Continue” again" in page.text
    again = page.values(address("injury"))
    assert again["injury_level"] == ["T10"]
    assert step_page(client, "injury").values(address("injury"))["injury_level"] == [""], "it was kept"
    assert client.post(address("injury"), data=again).location == address("time")


def test_a_step_that_came_back_without_its_cookie_leads_on_alone_and_then_loses_no_answer(
    app: Flask, client: FlaskClient
) -> None:
    go_through(client, cast.EXAMPLE_TWO, up_to="injury")
    fields = filled_step(step_page(client, "injury"), "injury", cast.EXAMPLE_TWO)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    page = page_of(client.post(address("injury"), data=fields))

    # Before it is sent again nobody can tell whose it is: another site could have sent it.
    assert not [link for link in page.all("a") if "/steps/" in link.get("href", "")]
    client.post(address("injury"), data=page.values(address("injury")))
    assert step_page(client, "reach").values(address("reach"))["email"] == [cast.PATIENT_EMAIL]
