import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient

from app.core.links import new_token
from tests.support import cast, stored
from tests.support.pages import page_of
from tests.support.sending import ACTION, Fields, filled, lost, post
from tests.support.stepping import CHECK

AT_ONCE = 50
ROUNDS = 20


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


def at_once(app: Flask, cookie: str, address: str, fields: Fields, sender: str) -> set[tuple[int, str]]:
    """Send one form from many copies of a browser at the same moment; return what they were answered."""
    ready = threading.Barrier(AT_ONCE)

    def send(_number: int) -> tuple[int, str]:
        browser = app.test_client()
        browser.set_cookie("portal", cookie)
        ready.wait(60)
        answer = browser.post(address, data=fields, environ_overrides={"REMOTE_ADDR": sender})
        with browser.session_transaction() as session:
            return answer.status_code, session.get("sent", "")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return set(pool.map(send, range(AT_ONCE)))


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("portal")
    assert cookie is not None
    return str(cookie.value)


def test_50_posts_of_one_form_at_once_make_one_inquiry_20_times(app: Flask, client: FlaskClient) -> None:
    form, references = filled(client, cast.EXAMPLE_ONE), set()
    for number in range(1, ROUNDS + 1):
        # Of another person at another place: as many from one would be marked as a machine's.
        fields = {**form, "form_key": new_token(), "email": f"round.{number}@mail.example.com"}

        answers = at_once(app, cookie_of(client), ACTION, fields, f"198.51.100.{number}")

        ((status, reference),) = answers
        assert status == 303
        references.add(reference)
        assert stored.everything(app) == (number, number, 3 * number, number)
    assert len(references) == ROUNDS


def test_50_presses_at_once_on_the_page_with_all_answers_make_one_inquiry(
    app: Flask, client: FlaskClient
) -> None:
    post(client, {**filled(client, cast.EXAMPLE_ONE), "action": "check"})
    fields = {**page_of(client.get(CHECK)).values(CHECK), "opened": ""}

    ((status, _reference),) = at_once(app, cookie_of(client), CHECK, fields, "198.51.100.1")

    assert status == 303
    inquiries, events, mails, _audited = stored.everything(app)
    assert (inquiries, events, mails) == (1, 1, 3)
    assert stored.acts(app) == ["draft.begun", "inquiry.sent"]


def test_50_presses_at_once_on_send_as_a_second_inquiry_make_one_more(
    app: Flask, client: FlaskClient
) -> None:
    fields = filled(client, cast.EXAMPLE_ONE)
    post(client, fields)
    first, changed = reference_shown(client), {**fields, "message": "Another person", "action": "second"}

    ((status, reference),) = at_once(app, cookie_of(client), ACTION, changed, "198.51.100.1")

    assert status == 303
    assert reference != first
    assert stored.everything(app) == (2, 2, 6, 2)
