import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of, text_of
from tests.support.sending import filled, lost, post, send

pytestmark = ON_SQLITE

MISSING = {
    "filling_in": "Choose who is filling this in.",
    "patient_name": "Write the name of the injured person.",
    "country": "Write the country that the injured person lives in.",
    "injury_region": "Choose where the injury is, or “I do not know”.",
    "consent_processing": "Tick the box if you agree. Without it we may not read your health answers.",
    "understands_limits": "Tick the box to say that you have read this.",
}
NO_WAY = "Write an e-mail address or a phone number, so that we can answer."


@pytest.mark.parametrize("name", MISSING)
@pytest.mark.parametrize("blank", [None, "", " \t "])
def test_what_is_missing_is_asked_for_and_every_other_answer_stays(
    app: Flask, client: FlaskClient, name: str, blank: str | None
) -> None:
    if blank == " \t " and name not in {"patient_name", "country"}:
        blank = ""
    fields = filled(client, cast.EXAMPLE_TWO, **{name: blank})

    response = post(client, fields)

    page = page_of(response)
    assert response.status_code == 422
    assert page.errors == {name: MISSING[name]}
    assert page.title.startswith("Error: ")
    assert text_of(page.by_id(f"{name}-error")) == f"Error: {MISSING[name]}"
    assert lost(page, {**fields, name: ""}) == {}
    assert stored.everything(app) == (0, 0, 0, 0)


def test_an_empty_form_comes_back_with_every_question_that_needs_an_answer(client: FlaskClient) -> None:
    page = page_of(send(client, {}))

    assert page.errors == {**MISSING, "email": NO_WAY}


def test_errors_stand_in_the_order_of_the_questions(client: FlaskClient) -> None:
    page = page_of(send(client, {}))

    ids = [element.get("id") for element in page.form("/inquiries").iter()]
    assert list(page.errors) == sorted(page.errors, key=ids.index)


def test_a_form_that_was_put_right_is_taken(app: Flask, client: FlaskClient) -> None:
    page = page_of(send(client, cast.EXAMPLE_ONE, country=""))

    response = post(client, {**page.values("/inquiries"), "country": "Spain"})

    assert response.status_code == 303
    assert stored.only_inquiry(app)["country"] == "ES"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"email": "", "phone": ""}, {"email": NO_WAY}),
        (
            {"email": "", "contact_by": "email"},
            {"email": "Write an e-mail address, or choose another way to be reached."},
        ),
        (
            {"phone": "", "contact_by": "phone"},
            {"phone": "Write a phone number, or choose to be reached by e-mail."},
        ),
        (
            {"phone": "", "contact_by": "whatsapp"},
            {"phone": "Write a phone number, or choose to be reached by e-mail."},
        ),
        ({"phone": "", "contact_by": "email"}, {}),
        ({"email": "", "contact_by": "whatsapp"}, {}),
        ({"email": "", "contact_by": ""}, {}),
        ({"phone": "", "contact_by": ""}, {}),
        (
            {"injury_level": "C5", "injury_region": "thoracic"},
            {"injury_level": "C5 lies in another region: “Neck (C1 to C8)”. Change the region or the level."},
        ),
        ({"injury_level": "C5", "injury_region": "unknown"}, {}),
        ({"injury_level": "", "injury_region": "sacral"}, {}),
        (
            {"birth_year": "1990", "injury_year": "1989"},
            {"injury_year": "This is before the year of birth. Change one of the two."},
        ),
        ({"birth_year": "1990", "injury_year": "1990"}, {}),
        (
            {"injury_year": "", "injury_month": "4"},
            {"injury_month": "Write the year of the injury too, or leave the month empty."},
        ),
        ({"injury_year": "2019", "injury_month": ""}, {}),
        (
            {"filling_in": "self", "birth_year": "2012"},
            {
                "filling_in": "A parent or another adult has to send this for someone under 18. "
                "Choose “A relative or friend”."
            },
        ),
        ({"filling_in": "relative", "birth_year": "2012"}, {}),
    ],
)
def test_answers_have_to_agree_with_each_other(
    client: FlaskClient, given: dict[str, str], told: dict[str, str]
) -> None:
    fields = filled(client, cast.EXAMPLE_ONE, **given)

    response = post(client, fields)

    if told:
        page = page_of(response)
        assert response.status_code == 422
        assert page.errors == told
        assert lost(page, fields) == {}
    else:
        assert response.status_code == 303
