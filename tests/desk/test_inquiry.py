import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.inquiries.services import NOTE_LENGTH
from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import signed_in

CHANGED = "Someone changed this inquiry while you were looking at it"


def opened(client: FlaskClient, reference: str) -> Page:
    return page_of(client.get(f"/desk/inquiries/{reference}"))


def send(client: FlaskClient, page: Page, reference: str, what: str, **fields: str) -> TestResponse:
    action = f"/desk/inquiries/{reference}/{what}"
    return client.post(action, data={**page.values(action), **fields})


def timeline(page: Page) -> list[str]:
    """Return what people did, newest first."""
    return [text_of(entry) for entry in page.with_class("timeline__event")]


def test_an_inquiry_shows_every_answer_and_what_was_agreed_to(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(
        app,
        filling_in="relative",
        helper_name=cast.HELPER_NAME,
        helper_relationship=cast.HELPER_RELATIONSHIP,
        patient_aware="yes",
    )

    page = opened(coordinator, reference)

    for part in (
        *(cast.PATIENT_NAME, cast.PATIENT_EMAIL, "+34 600 12 34 57", cast.MESSAGE),
        *(cast.HELPER_NAME, cast.HELPER_RELATIONSHIP, "a relative or friend"),
        *("Spain", "1985", "English", "T10", "Incomplete", "April 2019", "Movement, Bladder control"),
        "Upper or middle back (T1 to T12)",
        "I agree that you keep and use these answers, health answers included, to deal with this inquiry.",
        "I understand that little or no improvement is possible, and that this is not medical advice",
    ):
        assert part in page.text
    assert cast.PATIENT_PHONE in page.text.replace(" ", "")
    assert page.heading == reference
    assert len(timeline(page)) == 1


def test_only_what_was_answered_is_shown(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(
        app,
        **dict.fromkeys(["email", "contact_by", "language", "injury_level", "completeness", "message"], ""),
        birth_year=None,
        injury_year=None,
        injury_month=None,
        hopes=(),
    )

    page = opened(coordinator, reference)

    labels = {text_of(label) for label in page.all("dt")}
    assert not labels & {"E-mail", "Year of birth", "Message", "Improve", "When", "Helper’s name"}
    assert {"Name", "Phone", "Region"} <= labels


def test_each_look_at_an_inquiry_is_recorded(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    for _ in range(2):
        opened(coordinator, reference)
    coordinator.get("/desk/inquiries/SCI-2222-2222")

    assert stored.acts(app).count("inquiry.read") == 2


def test_an_inquiry_is_marked_as_in_contact(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    answer = send(coordinator, opened(coordinator, reference), reference, "moves")

    assert (answer.status_code, answer.location) == (303, f"/desk/inquiries/{reference}#next")
    page = opened(coordinator, reference)
    assert [text_of(tag) for tag in page.with_class("tag")] == ["In contact"]
    assert timeline(page)[0].startswith("Moved it to “In contact” Example Coordinator · ")
    assert "Mark as in contact" not in page.text
    assert stored.acts(app).count("inquiry.moved") == 1


def test_a_note_comes_back_line_by_line(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    text = f"{cast.NOTE}\n\n<b>second</b> line"

    answer = send(coordinator, opened(coordinator, reference), reference, "notes", text=text)

    assert answer.status_code == 303
    page = opened(coordinator, reference)
    (body,) = page.with_class("timeline__body")
    assert "".join(body.itertext()) == text
    assert page.values(f"/desk/inquiries/{reference}/notes")["text"] == [""]


def test_two_coordinators_at_once_lose_nothing(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    mine = opened(coordinator, reference)
    theirs = opened(coordinator, reference)
    send(coordinator, theirs, reference, "notes", text="Theirs came first.")

    answer = send(coordinator, mine, reference, "notes", text=cast.NOTE)

    page = page_of(answer)
    assert answer.status_code == 409
    assert CHANGED in page.text
    assert "Theirs came first." in timeline(page)[0]
    assert page.values(f"/desk/inquiries/{reference}/notes")["text"] == [cast.NOTE]
    assert send(coordinator, page, reference, "notes").status_code == 303
    assert len(opened(coordinator, reference).with_class("timeline__body")) == 2


def test_a_move_of_what_was_changed_meanwhile_shows_the_change_first(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)
    page = opened(coordinator, reference)
    assert send(coordinator, page, reference, "moves").status_code == 303

    again = send(coordinator, page, reference, "moves")

    assert again.status_code == 409
    assert CHANGED in page_of(again).text
    assert stored.acts(app).count("inquiry.moved") == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Write the note first."),
        (" \r\n ", "Write the note first."),
        ("é" * (NOTE_LENGTH + 1), "This is 1 character too long. Shorten it to 4000."),
        ("a\x07b", "We took out characters that cannot be shown."),
    ],
)
def test_a_note_that_cannot_be_kept_is_told_and_stays_in_its_field(
    app: Flask, coordinator: FlaskClient, text: str, told: str
) -> None:
    reference = make_inquiry(app)

    answer = send(coordinator, opened(coordinator, reference), reference, "notes", text=text)

    page = page_of(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Error: ")
    assert page.errors["text"].startswith(told)
    stands = page.values(f"/desk/inquiries/{reference}/notes")["text"][0]
    assert stands == text.strip().replace("\x07", "")
    assert stored.acts(app).count("inquiry.noted") == 0


@ON_SQLITE
def test_a_note_from_a_page_that_is_too_old_to_send_stays_in_its_field(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)

    answer = send(
        coordinator, opened(coordinator, reference), reference, "notes", text=cast.NOTE, csrf_token="old"
    )

    page = page_of(answer)
    assert answer.status_code == 422
    assert "Send it once more" in page.text
    assert send(coordinator, page, reference, "notes").status_code == 303
    assert cast.NOTE in opened(coordinator, reference).text


@ON_SQLITE
@pytest.mark.parametrize("target", ["offered", "new", "nowhere", "", "withdrawn\x00"])
def test_a_move_that_no_button_sends_changes_nothing(
    app: Flask, coordinator: FlaskClient, target: str
) -> None:
    reference = make_inquiry(app)

    answer = send(coordinator, opened(coordinator, reference), reference, "moves", target=target)

    assert answer.status_code in {400, 409}
    assert "inquiry.moved" not in stored.acts(app)


@ON_SQLITE
@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "1.5"])
@pytest.mark.parametrize("what", ["moves", "notes"])
def test_a_version_that_no_page_sends_changes_nothing(
    app: Flask, coordinator: FlaskClient, version: str, what: str
) -> None:
    reference = make_inquiry(app)

    answer = send(
        coordinator, opened(coordinator, reference), reference, what, text=cast.NOTE, version=version
    )

    assert answer.status_code in {400, 409, 422}
    assert not {"inquiry.moved", "inquiry.noted"} & set(stored.acts(app))


@ON_SQLITE
@pytest.mark.parametrize("reference", ["SCI-2222-2222", "x", "%00", "SCI-AAAA-AAAA%2f", "é" * 200])
def test_a_reference_that_is_none_is_not_found(coordinator: FlaskClient, reference: str) -> None:
    assert coordinator.get(f"/desk/inquiries/{reference}").status_code == 404


@ON_SQLITE
def test_a_doctor_reads_but_does_not_move(app: Flask) -> None:
    reference = make_inquiry(app)
    doctor = signed_in(app, "doctor")

    page = opened(doctor, reference)

    assert cast.MESSAGE in page.text
    assert send_bare(doctor, reference, "moves").status_code == 403
    assert send_bare(doctor, reference, "notes").status_code == 403


def send_bare(client: FlaskClient, reference: str, what: str) -> TestResponse:
    token = page_of(client.get("/")).values("/inquiries")["csrf_token"]
    fields = {"csrf_token": token, "version": "1", "target": "in_contact", "text": cast.NOTE}
    return client.post(f"/desk/inquiries/{reference}/{what}", data=fields)


def test_the_page_says_what_became_of_each_mail(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    page = opened(coordinator, reference)

    listed = text_of(page.with_class("timeline")[0])
    for recipient in (cast.PATIENT_EMAIL, "coordinator.one@clinic.example", "coordinator.two@clinic.example"):
        assert recipient in listed
