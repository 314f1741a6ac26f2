"""The page on which all answers are checked before they are sent."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.site.test_sending import version_kept
from tests.support import cast, drafting, stored
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of, text_of
from tests.support.publishing import change
from tests.support.sending import ACTION, filled, post
from tests.support.stepping import (
    ASKED,
    CHECK,
    OURS,
    address,
    answer,
    filled_step,
    go_through,
    send_checked,
    step_page,
)

pytestmark = ON_SQLITE


def test_it_shows_every_answer_and_leads_to_each_part(client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_TWO)

    page = page_of(client.get(CHECK))

    for shown in (
        *("A relative or friend", cast.HELPER_NAME, cast.HELPER_RELATIONSHIP, "Yes"),
        *(cast.PATIENT_NAME, "1985", "Spain", cast.PATIENT_EMAIL, cast.PATIENT_PHONE, "E-mail", "English"),
        *("Upper or middle back (T1 to T12)", "T10", "Incomplete", "April", "2019"),
        *("Movement, Bladder control", cast.MESSAGE),
    ):
        assert shown in [text_of(value) for value in page.all("dd")], shown
    (unanswered,) = (value for value in page.all("dd") if text_of(value) == "Not answered")
    assert "Why may you write for them?" in page.text
    changes = [one.get("value", "") for one in page.all("button") if text_of(one).startswith("Change: ")]
    assert changes == [f"change-{step}" for step in ASKED]
    for step in ASKED:
        pressed = client.post(CHECK, data={**page.values(CHECK), "action": f"change-{step}"})
        assert pressed.location == f"{address(step)}?then=check"
    assert unanswered is not None


def test_what_was_never_answered_is_asked_first_one_step_after_the_other(client: FlaskClient) -> None:
    for step in ("who", "person", "reach", "injury", "agreement"):
        response = client.get(CHECK)
        assert response.location == f"{address(step)}?look=1&then=check"
        page = page_of(client.get(response.location))
        assert set(page.errors) <= set(ASKED[step])
        assert page.errors
        fields = filled_step(page, step, cast.EXAMPLE_THREE)
        assert client.post(address(step), data=fields).location == CHECK

    assert client.get(CHECK).status_code == 200


def test_a_later_step_can_be_answered_first_and_is_kept(client: FlaskClient) -> None:
    response = answer(client, "hopes", cast.EXAMPLE_ONE)

    assert response.location == f"{address('who')}?look=1"
    assert step_page(client, "hopes").values(address("hopes"))["message"] == [cast.MESSAGE]


def test_an_answer_too_long_of_a_helper_who_is_none_any_more_stands_in_nobodys_way(
    app: Flask, client: FlaskClient
) -> None:
    go_through(client, cast.EXAMPLE_TWO)
    too_long = {**cast.EXAMPLE_TWO, "helper_name": "x" * 121}
    assert answer(client, "helper", too_long, then="check").status_code == 422
    assert answer(client, "who", cast.EXAMPLE_ONE, then="check").location == CHECK

    response = send_checked(client)

    assert response.location == "/inquiries/sent"
    assert len(stored.inquiries(app)) == 1


def test_the_one_page_form_leads_there_too(app: Flask, client: FlaskClient) -> None:
    response = post(client, {**filled(client, cast.EXAMPLE_TWO), "action": "check"})

    assert (response.status_code, response.location) == (303, CHECK)
    assert stored.inquiries(app) == []
    assert send_checked(client).location == "/inquiries/sent"
    assert len(stored.inquiries(app)) == 1
    assert drafting.rows(app) == []


def test_it_is_kept_with_the_version_that_the_form_stood_beside(app: Flask, client: FlaskClient) -> None:
    post(client, {**filled(client, cast.EXAMPLE_ONE), "action": "check"})
    change(app, "treatment", "en", lead="Changed while the answers were being checked")

    send_checked(client)

    assert version_kept(app) == "en-1"


def test_a_form_that_was_changed_after_sending_is_asked_about_here_too(
    app: Flask, client: FlaskClient
) -> None:
    assert post(client, filled(client, cast.EXAMPLE_ONE)).status_code == 303
    post(client, {**filled(client, cast.EXAMPLE_ONE, message="Something else."), "action": "check"})

    response = send_checked(client)

    page = page_of(response)
    assert response.status_code == 409
    assert "You sent an inquiry before" in page.text
    assert page.values(ACTION)["message"] == ["Something else."]
    assert len(stored.inquiries(app)) == 1


@pytest.mark.parametrize("headers", [{}, OURS], ids=["old browser", "new browser"])
def test_a_lost_cookie_at_the_check_loses_no_answer(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    go_through(client, cast.EXAMPLE_ONE)
    fields = page_of(client.get(CHECK)).values(CHECK)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    response = client.post(CHECK, data=fields, headers=headers)

    if not headers:
        page = page_of(response)
        assert response.status_code == 422
        assert "Send it once more" in page.text
        assert cast.MESSAGE in page.text
        response = client.post(CHECK, data=page.values(CHECK))
    assert response.location == "/inquiries/sent"
    assert len(stored.inquiries(app)) == 1


def test_after_a_lost_cookie_the_page_leads_on_alone(app: Flask, client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_ONE)
    fields = page_of(client.get(CHECK)).values(CHECK)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    page = page_of(client.post(CHECK, data=fields))

    # Before it is sent again nobody can tell whose it is: another site could have sent it.
    assert not [link for link in page.all("a") if "/steps/" in link.get("href", "")]
