import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient

from tests.support import cast, stored
from tests.support.pages import page_of
from tests.support.sending import ACTION, filled, lost, post

AT_ONCE = 20


def reference_shown(client: FlaskClient) -> str:
    return "".join(page_of(client.get("/inquiries/sent")).with_class("reference")[0].itertext())


def test_the_same_form_sent_again_is_the_same_inquiry(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_ONE)
    post(client, fields)
    reference, before = reference_shown(client), stored.everything(app)

    again = post(client, fields)

    assert (again.status_code, again.location) == (303, "/inquiries/sent")
    assert reference_shown(client) == reference
    assert stored.everything(app) == before


def test_the_same_answers_spelled_otherwise_are_the_same_inquiry(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_ONE)
    post(client, fields)

    again = post(client, {**fields, "country": "ES", "phone": "0034 600 123 457", "injury_level": "t10"})

    assert again.status_code == 303
    assert len(stored.inquiries(app)) == 1


def test_going_back_and_sending_again_makes_no_second_inquiry(app: Flask, client: FlaskClient) -> None:
    post(client, filled(client, cast.EXAMPLE_ONE))
    reference = reference_shown(client)

    # Going back fetches the page anew; the browser puts the answers in again.
    again = post(client, filled(client, cast.EXAMPLE_ONE))

    assert again.status_code == 303
    assert reference_shown(client) == reference
    assert len(stored.inquiries(app)) == 1


def test_a_form_that_was_changed_after_sending_is_asked_about(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_ONE)
    post(client, fields)
    reference = reference_shown(client)
    changed = {**fields, "message": "I forgot to say something."}

    response = post(client, changed)

    page = page_of(response)
    assert response.status_code == 409
    assert "You sent an inquiry before" in page.text
    assert reference in page.text
    assert lost(page, changed) == {}
    assert len(stored.inquiries(app)) == 1

    # Whoever presses the form's own button once more has not said which one counts.
    assert post(client, page.values(ACTION)).status_code == 409
    assert post(client, {**page.values(ACTION), "action": "second"}).status_code == 303
    assert post(client, {**page.values(ACTION), "action": "second"}).status_code == 303
    assert [inquiry["message"] for inquiry in stored.inquiries(app)] == [
        cast.MESSAGE,
        "I forgot to say something.",
    ]


def test_the_back_button_shows_the_form_that_was_sent_and_makes_no_second_inquiry(
    app: Flask, client: FlaskClient
) -> None:
    fields = filled(client, cast.EXAMPLE_ONE, country="")
    page = page_of(post(client, fields))
    corrected = {**page.values(ACTION), "country": "Spain"}
    post(client, corrected)

    assert post(client, corrected).status_code == 303
    assert len(stored.inquiries(app)) == 1


def test_many_posts_of_one_form_at_once_make_one_inquiry(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_ONE)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    ready = threading.Barrier(AT_ONCE)

    def send_at_once(_number: int) -> tuple[int, str]:
        browser = app.test_client()
        browser.set_cookie(cookie.key, cookie.value)
        ready.wait(10)
        return post(browser, fields).status_code, reference_shown(browser)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send_at_once, range(AT_ONCE)))

    assert {status for status, _ in answers} == {303}
    assert len({reference for _, reference in answers}) == 1
    assert stored.everything(app) == (1, 1, 3, 1)
