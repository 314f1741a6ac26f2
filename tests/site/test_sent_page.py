"""What is told to someone who has just sent an inquiry, there and by mail."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.pages import Page, page_of, text_of
from tests.support.sending import Fields, sent_reference
from tests.support.staff import signed_in
from tests.support.worker import send_all

pytestmark = ON_SQLITE

SENT = "/inquiries/sent"
KNOW_THE_SIGNS = "Know the signs of autonomic dysreflexia"
ALARMING = ("!", "URGENT", "DANGER", "WARNING", "immediately")


def sent_page(client: FlaskClient, answers: Fields = cast.EXAMPLE_ONE, **changes: Any) -> Page:
    """Send an inquiry and return the page that comes after."""
    sent_reference(client, answers, **changes)
    return page_of(client.get(SENT))


def notices(page: Page) -> list[str]:
    """Return the headings of the page's notices."""
    return [text_of(found) for found in page.with_class("notice__heading")]


@pytest.mark.parametrize(
    ("region", "level", "is_told"),
    [
        ("cervical", "C5", True),
        ("thoracic", "T6", True),
        ("thoracic", "T7", False),
        ("cervical", "", True),
        ("thoracic", "", False),
        ("unknown", "T1", True),
        ("unknown", "", False),
    ],
)
def test_who_may_have_dysreflexia_is_told_its_signs_and_the_inquiry_is_sent(
    app: Flask, client: FlaskClient, region: str, level: str, is_told: bool
) -> None:
    page = sent_page(client, injury_region=region, injury_level=level)

    assert page.heading == "Your inquiry is sent"
    assert (KNOW_THE_SIGNS in notices(page)) is is_told
    assert len(stored.inquiries(app)) == 1


@pytest.mark.parametrize(
    ("message", "heading", "advice"),
    [
        ("I do not want to live any more", "If you think about ending your life", "findahelpline.com"),
        (
            "a pounding headache and sweating above the injury",
            "If the signs of autonomic dysreflexia are there now",
            "Sit up, with the head raised.",
        ),
        ("He has had a fever since Monday", "If there may be an infection", "See a doctor today"),
        ("Tengo fiebre desde el lunes", "If there may be an infection", "See a doctor today"),
    ],
)
def test_words_that_call_for_help_get_calm_advice_and_the_inquiry_is_sent(
    app: Flask, client: FlaskClient, message: str, heading: str, advice: str
) -> None:
    page = sent_page(client, message=message)

    assert heading in notices(page)
    assert advice in page.text
    assert not [word for word in ALARMING if word in page.text]
    assert stored.only_inquiry(app)["message"] == message
    assert message not in page.text


def test_without_such_words_no_advice_is_given(client: FlaskClient) -> None:
    assert notices(sent_page(client)) == ["Your reference", "In an emergency"]


def test_staff_are_told_by_mail_that_a_quick_look_is_called_for_but_not_why(
    app: Flask, client: FlaskClient, smtp: Mailbox
) -> None:
    reference = sent_reference(client, message="He has had a fever since Monday")
    send_all(app)

    to_staff = [mail for mail in smtp.wait_for(3) if mail.recipients[0] != cast.PATIENT_EMAIL]
    assert len(to_staff) == 2
    for mail in to_staff:
        assert "fever" not in mail.text
        assert "infection" not in mail.text
    page = page_of(signed_in(app, "coordinator").get(f"/desk/inquiries/{reference}"))
    assert "Look at this first" in notices(page)
    assert "Words of an infection" in page.text


def test_it_says_what_comes_next_within_how_many_days_and_which_papers_help(
    environ: dict[str, str], app: Flask, client: FlaskClient
) -> None:
    app.config["ANSWER_WORKING_DAYS"] = 5
    reference = sent_reference(client)

    page = page_of(client.get(SENT))

    for words in (
        reference,
        "A coordinator reads your inquiry and gets in touch within 5 working days",
        "The doctors decide only after a medical review.",
        "the report of the last MRI, the discharge letter, a sheet with your ASIA or ISNCSCI examination",
        "An inquiry is not medical advice, and it does not mean you are accepted for treatment.",
        "If you need help now, call your local emergency number.",
    ):
        assert words in page.text


def test_the_mail_says_the_same_without_any_answer(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    reference = sent_reference(client, cast.EXAMPLE_TWO)
    send_all(app)

    (mail,) = [mail for mail in smtp.wait_for(3) if mail.recipients[0] == cast.PATIENT_EMAIL]
    assert mail.message["Subject"] == f"We have your inquiry {reference}"
    for words in (
        "A coordinator reads your inquiry and answers you within 3 working days.",
        "reports, images or a sheet with your ASIA or ISNCSCI examination",
        "In an emergency, call your local emergency number.",
        "This mail is not medical advice.",
    ):
        assert words in mail.text


def test_a_sent_page_of_a_request_in_another_language_is_in_it(client: FlaskClient) -> None:
    client.get("/?lang=es")

    page = sent_page(client, injury_region="cervical", injury_level="C5")

    assert page.all("html")[0].get("lang") == "es"
    assert KNOW_THE_SIGNS not in page.text
    assert len(notices(page)) == 3
