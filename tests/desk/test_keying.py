"""What staff key in during a call: a new inquiry, or the rest of one that asked to be called."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.core.database import db
from app.inquiries.models import Consent, Inquiry
from tests.support import cast, stored
from tests.support.calling import BEST_TIME, called_reference
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import Page, page_of, text_of
from tests.support.sending import CARRIED, Fields
from tests.support.staff import signed_in

NEW = "/desk/inquiries/new"


def answers_of(reference: str) -> str:
    """Return where an inquiry's answers are completed."""
    return f"/desk/inquiries/{reference}/answers"


def keyed(client: FlaskClient, path: str, answers: Fields = cast.EXAMPLE_ONE, **changes: Any) -> Fields:
    """Open a form and key answers in."""
    return {**page_of(client.get(path)).values(path), **answers, **changes}


def lost(page: Page, path: str, fields: Fields) -> dict[str, Any]:
    """Return each answer that the page lost or changed, as it stands there now."""
    there = page.values(path)
    listed = {
        name: [text for text in (value if isinstance(value, list) else [value]) if text]
        for name, value in fields.items()
        if name not in {*CARRIED, "version"}
    }
    stands = {name: [text for text in there.get(name, []) if text] for name in listed}
    return {name: stands[name] for name in listed if stands[name] != listed[name]}


def consents(app: Flask) -> dict[str, Consent]:
    with app.app_context():
        return {consent.kind: consent for consent in db.session.scalars(sa.select(Consent))}


def test_a_new_inquiry_is_kept_with_who_keyed_it_in(app: Flask, coordinator: FlaskClient) -> None:
    response = coordinator.post(NEW, data=keyed(coordinator, NEW, cast.EXAMPLE_TWO))

    assert response.status_code == 303, page_of(response).errors
    page = page_of(coordinator.get(response.location))
    (sent,) = map(text_of, page.with_class("timeline__event"))
    assert sent.startswith("Keyed it in during a call Example Coordinator")
    assert "Keyed in by staff during a call" in page.text
    assert stored.only_inquiry(app)["helper_name"] == cast.HELPER_NAME
    assert set(consents(app)) == {"consent_processing", "understands_limits"}
    with app.app_context():
        inquiry = db.session.scalars(sa.select(Inquiry)).one()
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "inquiry.sent")).one()
        assert (inquiry.channel, inquiry.marks, inquiry.address_index) == ("phone", [], None)
        assert (entry.actor, entry.object_id) == ("staff", inquiry.id)
        assert entry.staff_id is not None


def test_keyed_in_twice_is_one_and_changed_is_told_where_to_correct_it(
    app: Flask, coordinator: FlaskClient
) -> None:
    fields = keyed(coordinator, NEW)
    first, second = (coordinator.post(NEW, data=fields) for _ in range(2))
    changed = {**fields, "message": "Something else."}

    response = coordinator.post(NEW, data=changed)

    page = page_of(response)
    assert first.location == second.location
    assert response.status_code == 409
    assert "This form is sent already" in page.text
    assert first.location.rsplit("/", 1)[1] in page.text
    assert lost(page, NEW, changed) == {}
    assert len(stored.inquiries(app)) == 1


def test_a_request_to_be_called_is_completed_on_the_phone(
    app: Flask, client: FlaskClient, coordinator: FlaskClient
) -> None:
    reference = called_reference(client)
    path = answers_of(reference)
    shown = page_of(coordinator.get(path)).values(path)
    assert (shown["patient_name"], shown["country"]) == ([cast.PATIENT_NAME], ["Spain"])
    assert (shown["phone"], shown["contact_by"]) == ([cast.PATIENT_PHONE], ["phone"])
    assert "consent_processing" not in shown

    response = coordinator.post(path, data=keyed(coordinator, path, contact_by="phone"))

    assert response.location == f"/desk/inquiries/{reference}"
    kept = stored.only_inquiry(app)
    assert (kept["injury_level"], kept["filling_in"], kept["message"]) == ("T10", "self", cast.MESSAGE)
    assert set(consents(app)) == {"consent_processing", "understands_limits"}
    # What was agreed to before stays as it was: who asked to be called had not said who they are.
    given_by = {kind: consent.given_by for kind, consent in consents(app).items()}
    assert given_by == {"consent_processing": None, "understands_limits": "self"}
    page = page_of(coordinator.get(response.location))
    changed, sent = map(text_of, page.with_class("timeline__event"))
    assert changed.startswith("Changed the answers Example Coordinator")
    assert BEST_TIME in changed
    assert sent.startswith("Sent the inquiry The person who asked")
    with app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "inquiry.changed")).one()
        assert entry.actor == "staff"
    assert [message for message, _to in stored.mails(app)] == ["new_inquiry"] * 2


@ON_SQLITE
def test_every_answer_that_is_there_stands_in_the_form(app: Flask, coordinator: FlaskClient) -> None:
    path = answers_of(make_inquiry(app))

    page = page_of(coordinator.get(path))

    answers = {name: value for name, value in cast.EXAMPLE_ONE.items() if name not in consents(app)}
    assert lost(page, path, answers) == {}
    assert stored.acts(app).count("inquiry.read") == 1


@ON_SQLITE
def test_what_is_agreed_to_on_the_phone_is_dated_then_and_what_was_before_stays(
    app: Flask, client: FlaskClient, coordinator: FlaskClient
) -> None:
    reference = called_reference(client)
    asked = max(consent.given_at for consent in consents(app).values())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10), tick=False):
        path = answers_of(reference)
        assert coordinator.post(path, data=keyed(coordinator, path)).status_code == 303

    given = {kind: consent.given_at - asked for kind, consent in consents(app).items()}
    assert {kind for kind, later in given.items() if later > timedelta(minutes=5)} == {"understands_limits"}


def test_who_was_slower_keeps_everything_and_can_save_it_then(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    path, notes = answers_of(reference), f"/desk/inquiries/{reference}/notes"
    fields = keyed(coordinator, path, cast.EXAMPLE_TWO, message="Told on the phone.")
    note = page_of(coordinator.get(f"/desk/inquiries/{reference}")).values(notes)
    coordinator.post(notes, data={**note, "text": cast.NOTE})

    response = coordinator.post(path, data=fields)

    page = page_of(response)
    assert response.status_code == 409
    assert "Someone changed this inquiry while you were keying in" in page.text
    assert lost(page, path, fields) == {}
    assert stored.only_inquiry(app)["message"] == cast.MESSAGE
    assert coordinator.post(path, data=page.values(path)).status_code == 303, "saved once more, as told"
    assert stored.only_inquiry(app)["message"] == "Told on the phone."


@ON_SQLITE
@pytest.mark.parametrize("existing", [False, True], ids=["new", "completed"])
def test_what_has_to_be_put_right_is_told_and_everything_keyed_in_stays(
    app: Flask, coordinator: FlaskClient, existing: bool
) -> None:
    path = answers_of(make_inquiry(app)) if existing else NEW
    fields = keyed(coordinator, path, cast.EXAMPLE_TWO, country="Atlantis", consent_processing="")

    response = coordinator.post(path, data=fields)

    page = page_of(response)
    assert response.status_code == 422
    assert list(page.errors) == ["country", "consent_processing"]
    assert lost(page, path, fields) == {}
    again = {**page.values(path), "country": "Spain", "consent_processing": "y"}
    assert coordinator.post(path, data=again).status_code == 303


@ON_SQLITE
@pytest.mark.parametrize("existing", [False, True], ids=["new", "completed"])
def test_a_page_too_old_to_save_comes_back_with_everything(
    app: Flask, coordinator: FlaskClient, existing: bool
) -> None:
    path = answers_of(make_inquiry(app)) if existing else NEW
    fields = keyed(coordinator, path, cast.EXAMPLE_TWO, csrf_token="old")

    response = coordinator.post(path, data=fields)

    page = page_of(response)
    assert response.status_code == 422
    assert "Save the answers once more" in page.text
    assert lost(page, path, fields) == {}
    assert coordinator.post(path, data=page.values(path)).status_code == 303
    assert stored.only_inquiry(app)["helper_name"] == cast.HELPER_NAME


@ON_SQLITE
def test_a_doctor_reads_and_keys_nothing_in(app: Flask) -> None:
    reference = make_inquiry(app)
    doctor = signed_in(app, "doctor")
    token = page_of(doctor.get("/")).values("/inquiries")["csrf_token"]

    for path in (NEW, answers_of(reference)):
        assert doctor.get(path).status_code == 403
        posted = doctor.post(path, data={**cast.EXAMPLE_TWO, "csrf_token": token, "version": "1"})
        assert posted.status_code == 403
        for page in ("/desk", f"/desk/inquiries/{reference}"):
            assert path not in doctor.get(page).text
    assert stored.only_inquiry(app)["filling_in"] == "self"


@ON_SQLITE
def test_an_inquiry_that_is_none_is_not_found(coordinator: FlaskClient) -> None:
    assert coordinator.get(answers_of("SCI-2222-2222")).status_code == 404
