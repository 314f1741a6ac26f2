"""What speaks for a machine as the sender: it is marked, and kept all the same."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.inquiries.models import Inquiry
from tests.support import cast, stored
from tests.support.calling import CALL, filled_call
from tests.support.engines import ON_SQLITE
from tests.support.environment import COORDINATORS
from tests.support.pages import page_of, text_of
from tests.support.proving import proof_for
from tests.support.sending import ACTION, Fields, opened_form, post, send, sent_reference
from tests.support.staff import signed_in
from tests.support.stepping import CHECK, go_through

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
MARKED = [("marked_inquiry", coordinator) for coordinator in COORDINATORS]


def after(**time: float) -> time_machine.travel:
    """Be so long after the start; the clock stands still, however slow the machine is."""
    return time_machine.travel(START + timedelta(**time), tick=False)


def as_opened(client: FlaskClient, **changes: Any) -> Fields:
    """Open the form and fill it in; it tells when it was opened."""
    return {**opened_form(client), **cast.EXAMPLE_ONE, **changes}


def marks(app: Flask) -> list[tuple[list[str], bool]]:
    """Return the marks of every inquiry, and whether it counts as suspicious, oldest first."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Inquiry).order_by(Inquiry.sent_at, Inquiry.id))
        return [(row.marks or [], row.suspicious) for row in rows]


def told(app: Flask) -> list[tuple[str, str]]:
    return [mail for mail in stored.mails(app) if mail[0] != "inquiry_received"]


def queue_of(desk: FlaskClient) -> str:
    """Return what the rows of the queue say."""
    (rows,) = page_of(desk.get("/desk")).with_class("queue")
    return text_of(rows)


def test_a_field_that_people_do_not_see_marks_who_fills_it_in(app: Flask, client: FlaskClient) -> None:
    reference = sent_reference(client, website="https://spam.example")

    assert marks(app) == [(["no_proof", "trap"], True)]
    assert stored.mails(app) == sorted([*MARKED, ("inquiry_received", cast.PATIENT_EMAIL)])
    desk = signed_in(app, "coordinator")
    assert "May come from a machine" in queue_of(desk)
    page = page_of(desk.get(f"/desk/inquiries/{reference}"))
    assert "A field was filled in that people do not see" in page.text
    assert "Told a coordinator that it may come from a machine" in page.text


@ON_SQLITE
def test_no_proof_alone_is_told_and_not_suspicious(app: Flask, client: FlaskClient) -> None:
    reference = sent_reference(client)

    assert marks(app) == [(["no_proof"], False)]
    assert told(app) == [("new_inquiry", coordinator) for coordinator in COORDINATORS]
    desk = signed_in(app, "coordinator")
    assert "May come from a machine" not in queue_of(desk)
    assert "Sent without the proof" in page_of(desk.get(f"/desk/inquiries/{reference}")).text


@ON_SQLITE
@pytest.mark.parametrize(
    ("seconds", "found"), [(0, ["no_proof", "hasty"]), (2, ["no_proof", "hasty"]), (3, ["no_proof"])]
)
def test_hasty_and_without_proof_is_suspicious(
    app: Flask, client: FlaskClient, seconds: int, found: list[str]
) -> None:
    with after():
        fields = as_opened(client)
    with after(seconds=seconds):
        assert post(client, fields).status_code == 303

    assert marks(app) == [(found, len(found) == 2)]


@ON_SQLITE
def test_hasty_with_a_proof_is_not_suspicious(app: Flask, client: FlaskClient) -> None:
    with after():
        fields = as_opened(client)
        (key,) = fields["form_key"]
        assert post(client, {**fields, "proof": proof_for(client, key)}).status_code == 303

    assert marks(app) == [(["hasty"], False)]


@ON_SQLITE
def test_whoever_takes_a_day_is_not_hasty(app: Flask, client: FlaskClient) -> None:
    with after():
        fields = as_opened(client)
    with after(days=1):
        post(client, fields)

    assert marks(app) == [(["no_proof"], False)]


@ON_SQLITE
def test_a_form_that_comes_back_keeps_the_moment_it_was_opened_and_its_proof(
    app: Flask, client: FlaskClient
) -> None:
    with after():
        fields = as_opened(client, country="Atlantis")
        (key,) = fields["form_key"]
        fields["proof"] = proof_for(client, key)
    with after(minutes=5):
        page = page_of(post(client, fields))
        again = page.values(ACTION)
        assert again["opened"] == fields["opened"]
        assert again["proof"] == [fields["proof"]]
        assert page.form(ACTION).get("data-proof") is None
        post(client, {**again, "country": "Spain"})

    assert marks(app) == [([], False)]


@ON_SQLITE
@pytest.mark.parametrize("opened", ["", "x", ".1.x", "\u00e9", "a" * 5000])
def test_a_moment_that_this_site_did_not_sign_tells_nothing(
    app: Flask, client: FlaskClient, opened: str
) -> None:
    assert send(client, opened=opened).status_code == 303

    assert marks(app) == [(["no_proof"], False)]


@ON_SQLITE
def test_who_took_their_time_over_the_steps_is_not_hasty_at_the_end(app: Flask, client: FlaskClient) -> None:
    with after():
        go_through(client, cast.EXAMPLE_ONE)
    with after(minutes=20):
        # Without script there is no proof; the answers were looked at before.
        client.post(CHECK, data=page_of(client.get(CHECK)).values(CHECK))

    assert marks(app) == [(["no_proof"], False)]


@ON_SQLITE
def test_a_request_to_be_called_is_marked_too(app: Flask, client: FlaskClient) -> None:
    client.post(CALL, data=filled_call(client, website="https://spam.example"))

    assert marks(app) == [(["no_proof", "trap"], True)]


def test_suspicious_ones_are_told_of_once_an_hour_and_all_are_kept(app: Flask) -> None:
    for minutes in (0, 1, 59, 61, 122):
        with after(minutes=minutes):
            assert send(app.test_client(), website="x", email="", contact_by="").status_code == 303

    assert len(stored.inquiries(app)) == 5
    # The first one, and each that came when nothing had been written for an hour.
    assert told(app) == sorted([*MARKED, *MARKED, *MARKED])
