"""The contact log: calls and messages outside of this site."""

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import signed_in

NOON = "2026-03-03T12:00:00+00:00"  # a Tuesday


def address_of(reference: str) -> str:
    return f"/desk/inquiries/{reference}/contacts"


def opened(client: FlaskClient, reference: str) -> Page:
    return page_of(client.get(address_of(reference)))


def keep(client: FlaskClient, page: Page, reference: str, **fields: str) -> TestResponse:
    action = address_of(reference)
    return client.post(
        action, data={**page.values(action), "channel": "phone", "outcome": "reached", **fields}
    )


def inquiry_page(client: FlaskClient, reference: str) -> Page:
    return page_of(client.get(f"/desk/inquiries/{reference}"))


def test_the_form_has_links_that_call_and_write(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app, best_time="after lunch")

    page = opened(coordinator, reference)

    links = {link.get("href"): link.get("rel") for link in page.all("a")}
    assert f"tel:{cast.PATIENT_PHONE}" in links
    assert links["https://wa.me/34600123457"] == "noreferrer"
    assert "after lunch" in page.text


def test_a_person_who_was_reached_counts_as_answered(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    done = keep(coordinator, opened(coordinator, reference), reference, note=cast.NOTE)

    assert (done.status_code, done.location) == (303, f"/desk/inquiries/{reference}")
    page = inquiry_page(coordinator, reference)
    assert "Phone: We reached the person" in page.text
    assert cast.NOTE in page.text
    assert "First answered after" in page.text
    assert "In contact" in [text_of(tag) for tag in page.with_class("tag")]
    assert stored.acts(app).count("inquiry.contact_logged") == 1


@pytest.mark.parametrize("outcome", ["left_message", "no_answer", "wrong_number"])
@ON_SQLITE
def test_a_person_who_was_not_reached_goes_on_waiting(
    app: Flask, coordinator: FlaskClient, outcome: str
) -> None:
    reference = make_inquiry(app)

    keep(coordinator, opened(coordinator, reference), reference, outcome=outcome)

    page = inquiry_page(coordinator, reference)
    assert "The person waits for us" in page.text
    assert "The first answer is due by" in page.text
    assert "New" in [text_of(tag) for tag in page.with_class("tag")]


def test_what_was_earlier_today_stands_at_its_time(app: Flask) -> None:
    with time_machine.travel("2026-03-03T09:00:00+00:00", tick=False):
        reference = make_inquiry(app)
    with time_machine.travel(NOON, tick=False):
        client = signed_in(app, "coordinator")
        page = opened(client, reference)

        assert keep(client, page, reference, time="11:30").status_code == 303

        page = inquiry_page(client, reference)
    assert "First answered after 2 working hours." in page.text
    assert "2026-03-03T11:30:00+00:00" in [moment.get("datetime") for moment in page.all("time")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("12:01", "This time has not come yet."),
        ("25:00", "Write the time as hours and minutes"),
        ("lunch", "Write the time as hours and minutes"),
    ],
)
@ON_SQLITE
def test_a_time_that_cannot_be_is_told(app: Flask, typed: str, told: str) -> None:
    reference = make_inquiry(app)
    with time_machine.travel(NOON, tick=False):
        client = signed_in(app, "coordinator")
        done = keep(client, opened(client, reference), reference, time=typed, note=cast.NOTE)

    page = page_of(done)
    assert done.status_code == 422
    assert page.errors["time"].startswith(told)
    values = page.values(address_of(reference))
    assert (values["time"], values["note"], values["channel"]) == ([typed], [cast.NOTE], ["phone"])


@ON_SQLITE
def test_how_and_what_came_of_it_are_asked_for(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    done = keep(coordinator, opened(coordinator, reference), reference, channel="", outcome="x")

    assert done.status_code == 422
    assert page_of(done).errors == {
        "channel": "Choose how you were in contact.",
        "outcome": "Choose one of the answers.",
    }


def test_two_at_once_lose_nothing(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    mine = opened(coordinator, reference)
    keep(coordinator, mine, reference, note="Theirs came first.")

    done = keep(coordinator, mine, reference, note=cast.NOTE)

    page = page_of(done)
    assert done.status_code == 409
    assert "Theirs came first." in page.text
    assert page.values(address_of(reference))["note"] == [cast.NOTE]
    action = address_of(reference)
    assert coordinator.post(action, data=page.values(action)).status_code == 303


@ON_SQLITE
def test_a_contact_from_a_page_that_is_too_old_stays_in_its_fields(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)

    done = keep(coordinator, opened(coordinator, reference), reference, note=cast.NOTE, csrf_token="old")

    assert done.status_code == 422
    assert page_of(done).values(address_of(reference))["note"] == [cast.NOTE]
