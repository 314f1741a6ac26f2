import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.support import cast, stored
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, StrictClient, page_of
from tests.support.sending import ACTION, filled, lost, post

pytestmark = ON_SQLITE

SEND_AGAIN = "Send it once more"


def notice_of(page: Page) -> str:
    (notice,) = [
        found for found in page.with_class("notice--attention") if SEND_AGAIN in "".join(found.itertext())
    ]
    return "".join(notice.itertext())


@pytest.mark.parametrize(
    "token", [None, "", "x", "IjAi.aaaaaa.bbbbbbbbbbbb", "\u00e9", "a" * 5000], ids=str.__class__
)
def test_a_form_without_a_good_token_comes_back_whole_and_can_be_sent(
    app: Flask, client: FlaskClient, token: str | None
) -> None:
    fields = filled(client, cast.EXAMPLE_TWO, csrf_token=token)

    response = post(client, fields)

    page = page_of(response)
    assert response.status_code == 422
    assert "Your answers are all here" in notice_of(page)
    assert lost(page, fields) == {}
    assert stored.everything(app) == (0, 0, 0, 0)
    assert post(client, page.values(ACTION)).status_code == 303
    assert len(stored.inquiries(app)) == 1


def test_another_browsers_token_does_not_count(app: Flask, client: FlaskClient) -> None:
    foreign = filled(app.test_client())["csrf_token"]
    fields = filled(client, cast.EXAMPLE_ONE, csrf_token=foreign)

    response = post(client, fields)

    assert response.status_code == 422
    assert lost(page_of(response), fields) == {}
    assert stored.inquiries(app) == []


def test_a_lost_cookie_loses_no_answer(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_TWO)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    page = page_of(post(client, fields))

    assert SEND_AGAIN in page.text
    assert lost(page, fields) == {}
    assert post(client, page.values(ACTION)).status_code == 303
    assert len(stored.inquiries(app)) == 1


def test_a_new_secret_of_the_server_loses_no_answer(environ: dict[str, str], client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_TWO)
    cookie = client.get_cookie("portal")
    assert cookie is not None
    renewed = create_app({**environ, "SECRET_KEY": "another secret, as after a change of keys"})
    renewed.test_client_class = StrictClient
    later = renewed.test_client()
    later.set_cookie("portal", cookie.value)

    page = page_of(post(later, fields))

    assert lost(page, fields) == {}
    assert post(later, page.values(ACTION)).status_code == 303
    close(renewed)


@pytest.mark.parametrize("key", [None, "", "short", "é" * 43, "A" * 44, "A" * 42 + "\n"])
def test_a_form_without_a_good_key_comes_back_whole_and_can_be_sent(
    app: Flask, client: FlaskClient, key: str | None
) -> None:
    fields = filled(client, cast.EXAMPLE_TWO, form_key=key)

    page = page_of(post(client, fields))

    assert SEND_AGAIN in page.text
    assert lost(page, fields) == {}
    assert page.values(ACTION)["form_key"] != [key]
    assert post(client, page.values(ACTION)).status_code == 303
    assert len(stored.inquiries(app)) == 1


def test_an_old_token_and_a_wrong_answer_are_told_together(client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_TWO, csrf_token="", country="Atlantis")

    page = page_of(post(client, fields))

    assert list(page.errors) == ["country"]
    assert SEND_AGAIN in page.text
    assert lost(page, fields) == {}


def test_the_session_cookie_is_for_this_site_alone(client: FlaskClient) -> None:
    header = client.get("/").headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_a_second_person_in_the_same_browser_is_asked_about_once(app: Flask, client: FlaskClient) -> None:
    one, other = filled(client), filled(client, patient_name="Example Three")
    assert post(client, one).status_code == 303

    asked = post(client, other)

    assert asked.status_code == 409
    assert post(client, {**page_of(asked).values(ACTION), "action": "second"}).status_code == 303
    assert len(stored.inquiries(app)) == 2


def test_a_browser_that_keeps_no_cookies_can_send(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    # What browsers say of a form that a page of the same site sends: W3C Fetch Metadata.
    ours = {"Sec-Fetch-Site": "same-origin"}

    response = client.post(ACTION, data=filled(client), headers=ours)

    assert response.status_code == 303
    assert len(stored.inquiries(app)) == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_of_another_site_without_a_token_is_not_taken(app: Flask, site: str) -> None:
    client = app.test_client(use_cookies=False)

    response = client.post(ACTION, data=filled(client), headers={"Sec-Fetch-Site": site})

    assert response.status_code == 422
    assert stored.inquiries(app) == []
