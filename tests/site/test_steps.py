"""The form step by step: what is asked, what is kept, and where one is led."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.inquiries.models import Inquiry
from tests.support import cast, drafting, stored
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of, text_of
from tests.support.sending import Fields, sent_reference
from tests.support.stepping import (
    ASKED,
    CHECK,
    address,
    answer,
    filled_step,
    go_through,
    send_checked,
    step_page,
)

OF_SELF = [step for step in ASKED if step != "helper"]


@pytest.mark.parametrize(("answers", "steps"), [(cast.EXAMPLE_ONE, OF_SELF), (cast.EXAMPLE_TWO, list(ASKED))])
def test_who_writes_for_another_is_asked_one_step_more_and_sends_the_same_as_on_one_page(
    app: Flask, client: FlaskClient, answers: Fields, steps: list[str]
) -> None:
    assert go_through(client, answers) == steps
    assert stored.inquiries(app) == []

    response = send_checked(client)

    assert (response.status_code, response.location) == (303, "/inquiries/sent")
    assert drafting.rows(app) == []
    with app.app_context():
        assert db.session.scalars(sa.select(Inquiry.channel)).all() == ["steps"]
    sent_reference(app.test_client(), answers)
    in_steps, on_one_page = stored.inquiries(app)
    assert in_steps == on_one_page


def test_pressing_send_twice_makes_one(app: Flask, client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_ONE)
    fields = page_of(client.get(CHECK)).values(CHECK)

    first, second = (client.post(CHECK, data=fields) for _ in range(2))

    assert [first.location, second.location] == ["/inquiries/sent"] * 2
    assert len(stored.inquiries(app)) == 1
    assert drafting.rows(app) == []


@ON_SQLITE
@pytest.mark.parametrize(("answers", "count"), [(cast.EXAMPLE_ONE, 7), (cast.EXAMPLE_TWO, 8)])
def test_each_step_says_where_one_is_keeps_its_answers_and_leads_back(
    client: FlaskClient, answers: Fields, count: int
) -> None:
    steps = go_through(client, answers)

    for place, step in enumerate(steps):
        page = step_page(client, step)
        assert f"Step {place + 1} of {count}" in page.title
        stands = page.values(address(step))
        for name in ASKED[step]:
            value = answers.get(name, [])
            assert stands.get(name, []) in ([value], value, [""] if not value else None), name
        back = [button for button in page.all("button") if text_of(button) == "Back"]
        assert len(back) == (place > 0)
        if back:
            pressed = client.post(address(step), data={**page.values(address(step)), "action": "back"})
            assert pressed.location == address(steps[place - 1])


@ON_SQLITE
def test_going_back_keeps_what_was_typed_whatever_it_is(client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_ONE, up_to="person")
    typed = filled_step(step_page(client, "person"), "person", {}, patient_name="X", country="Atlantis")

    assert client.post(address("person"), data={**typed, "action": "back"}).location == address("who")
    again = step_page(client, "person").values(address("person"))
    assert (again["patient_name"], again["country"]) == (["X"], ["Atlantis"])


@ON_SQLITE
def test_the_first_step_is_led_to(client: FlaskClient) -> None:
    response = client.get("/inquiries/steps/")

    assert (response.status_code, response.location) == (303, address("who"))


@ON_SQLITE
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_step_that_there_is_not_is_not_found(client: FlaskClient, method: str) -> None:
    assert client.open(address("nowhere"), method=method).status_code == 404


@ON_SQLITE
def test_a_step_with_an_error_says_what_to_do_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient
) -> None:
    go_through(client, cast.EXAMPLE_ONE, up_to="person")
    fields = filled_step(step_page(client, "person"), "person", cast.EXAMPLE_ONE, country="Atlantis")

    response = client.post(address("person"), data=fields)

    page = page_of(response)
    assert response.status_code == 422
    assert page.title.startswith("Error: ")
    assert page.errors == {"country": "We do not know this country. Choose one from the list."}
    stands = page.values(address("person"))
    assert (stands["country"], stands["patient_name"]) == (["Atlantis"], [cast.PATIENT_NAME])
    # It is kept too: closing the browser now loses nothing.
    assert step_page(client, "person").values(address("person"))["country"] == ["Atlantis"]
    assert client.post(address("person"), data={**stands, "country": "Spain"}).status_code == 303


@ON_SQLITE
def test_an_answer_of_before_that_does_not_agree_is_mended_where_it_was_given(client: FlaskClient) -> None:
    answers = {**cast.EXAMPLE_ONE, "birth_year": "2012"}
    go_through(client, answers, up_to="person")

    response = answer(client, "person", answers)

    assert (response.status_code, response.location) == (303, f"{address('who')}?look=1")
    page = page_of(client.get(response.location))
    assert page.errors["filling_in"].startswith("A parent or another adult has to send this")
    assert answer(client, "who", {"filling_in": "relative"}).location == address("helper")
    assert step_page(client, "person").values(address("person"))["birth_year"] == ["2012"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "wrong", "led_to", "told"),
    [
        ("injury", {"injury_level": "C5"}, "injury", "C5 lies in another region: “Neck (C1 to C8)”."),
        ("person", {"birth_year": "2020"}, "time", "This is before the year of birth. Change one"),
    ],
)
def test_a_change_from_the_check_that_does_not_agree_leads_to_what_has_to_be_mended(
    client: FlaskClient, changed: str, wrong: Fields, led_to: str, told: str
) -> None:
    answers = {**cast.EXAMPLE_TWO, **wrong}
    go_through(client, cast.EXAMPLE_TWO)
    fields = filled_step(step_page(client, changed, then="check"), changed, answers)

    response = client.post(address(changed), data=fields)

    if changed != led_to:
        assert response.location == CHECK
        response = client.get(CHECK)
        assert response.location == f"{address(led_to)}?look=1&then=check"
        response = client.get(response.location)
    assert next(iter(page_of(response).errors.values())).startswith(told)


@ON_SQLITE
def test_a_change_from_the_check_leads_back_to_it(client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_ONE)
    page = step_page(client, "hopes", then="check")
    assert "Back to your answers" in [text_of(button) for button in page.all("button")]

    response = client.post(address("hopes"), data=filled_step(page, "hopes", {}, message="It is better now."))

    assert response.location == CHECK
    assert "It is better now." in page_of(client.get(CHECK)).text


@ON_SQLITE
def test_who_says_at_the_check_that_they_write_for_another_is_asked_about_that(client: FlaskClient) -> None:
    go_through(client, cast.EXAMPLE_ONE)
    page = step_page(client, "who", then="check")

    response = client.post(address("who"), data=filled_step(page, "who", cast.EXAMPLE_TWO))

    assert response.location == f"{address('helper')}?then=check"
    page = page_of(client.get(response.location))
    response = client.post(address("helper"), data=filled_step(page, "helper", cast.EXAMPLE_TWO))
    assert response.location == CHECK
