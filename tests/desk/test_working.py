"""What a coordinator does with an inquiry on its page."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.days import today
from app.inquiries.services import NOTE_LENGTH
from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import add_staff, signed_in

COORDINATOR, DOCTOR = cast.STAFF["coordinator"][0], cast.STAFF["doctor"][0]
CHANGED = "Someone changed this inquiry while you were looking at it"


def opened(client: FlaskClient, reference: str) -> Page:
    return page_of(client.get(f"/desk/inquiries/{reference}"))


def press(client: FlaskClient, page: Page, reference: str, what: str, **fields: str) -> TestResponse:
    action = f"/desk/inquiries/{reference}/{what}"
    names = ("csrf_token", "version")
    carried = {name: page.values(action)[name][0] for name in names}
    return client.post(action, data={**carried, **fields})


def do(client: FlaskClient, reference: str, what: str, **fields: str) -> Page:
    """Press a button on the inquiry's page, and return the page that follows."""
    answer = press(client, opened(client, reference), reference, what, **fields)
    assert answer.status_code == 303, page_of(answer).text
    return opened(client, reference)


def move_for(client: FlaskClient, reference: str, target: str, **fields: str) -> Page:
    """Make a move that needs a reason, and return the page that follows."""
    address = f"/desk/inquiries/{reference}/moves/{target}"
    answer = client.post(address, data={**page_of(client.get(address)).values(address), **fields})
    assert answer.status_code == 303, page_of(answer).text
    return opened(client, reference)


def timeline(page: Page) -> list[str]:
    """Return what people did, newest first."""
    return [text_of(entry) for entry in page.with_class("timeline__event")]


def facts(page: Page) -> str:
    return text_of(page.with_class("facts")[0])


def test_who_takes_an_inquiry_sees_to_it(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    assert "Nobody sees to it yet." in opened(coordinator, reference).text

    page = do(coordinator, reference, "take")

    assert f"Seen to by {COORDINATOR}" in facts(page)
    assert timeline(page)[0].startswith(f"Took it {COORDINATOR}")
    assert stored.acts(app).count("inquiry.assigned") == 1
    assert "Take it" not in text_of(page.with_class("next")[0])


def test_an_inquiry_is_given_back_to_all(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    do(coordinator, reference, "take")

    page = do(coordinator, reference, "take", action="give_back")

    assert "Seen to by nobody" in facts(page)
    assert timeline(page)[0].startswith("Gave it back: nobody sees to it")


def test_an_inquiry_is_handed_over_with_a_reason_and_the_colleague_is_told(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)
    add_staff(app, "second_coordinator")
    name, address = cast.STAFF["second_coordinator"]

    page = do(coordinator, reference, "owner", owner=name.upper(), reason="She speaks Spanish.")

    assert f"Seen to by {name}" in facts(page)
    assert timeline(page)[0].startswith(f"Handed it over to \u2068{name}\u2069 {COORDINATOR}")
    assert "She speaks Spanish." in timeline(page)[0]
    assert stored.mails_to(app, address) == ["handed_over"]


@ON_SQLITE
@pytest.mark.parametrize("typed", ["", "Nobody Known", DOCTOR, "\x00", "x" * 1000])
def test_only_a_colleague_who_works_on_inquiries_can_be_given_one(
    app: Flask, coordinator: FlaskClient, typed: str
) -> None:
    reference = make_inquiry(app)
    add_staff(app, "doctor")

    answer = press(coordinator, opened(coordinator, reference), reference, "owner", owner=typed, reason="why")

    page = page_of(answer)
    assert answer.status_code == 422
    assert "owner" in page.errors
    assert page.values(f"/desk/inquiries/{reference}/owner")["reason"] == ["why"]
    assert "inquiry.assigned" not in stored.acts(app)


@ON_SQLITE
def test_a_follow_up_date_is_set_by_one_press_by_a_day_and_taken_away(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        later = today() + timedelta(days=100)

    assert "Follow-up date" in facts(do(coordinator, reference, "follow-up", in_days="7"))
    page = do(coordinator, reference, "follow-up", day=later.isoformat())
    assert f"{later.day} {later:%B %Y}" in facts(page)
    assert page.values(f"/desk/inquiries/{reference}/follow-up")["day"] == [later.isoformat()]
    page = do(coordinator, reference, "follow-up", action="clear")

    assert "Follow-up date" not in facts(page)
    assert [line.split(" Example")[0] for line in timeline(page)[:1]] == ["Took the follow-up date away"]
    assert stored.acts(app).count("inquiry.follow_up_set") == 3


@ON_SQLITE
@pytest.mark.parametrize("day", ["", "tomorrow", "2020-01-01", "2026-13-40", "9" * 30])
def test_a_day_that_cannot_be_is_asked_for_again(app: Flask, coordinator: FlaskClient, day: str) -> None:
    reference = make_inquiry(app)

    answer = press(coordinator, opened(coordinator, reference), reference, "follow-up", day=day)

    page = page_of(answer)
    assert answer.status_code == 422
    assert "day" in page.errors
    assert page.values(f"/desk/inquiries/{reference}/follow-up")["day"] == [day]


def test_a_colleague_who_is_mentioned_in_a_note_gets_a_mail_without_its_words(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)
    add_staff(app, "doctor")

    page = do(coordinator, reference, "notes", text=cast.NOTE, mentioned=DOCTOR)

    assert timeline(page)[0].startswith(f"Wrote a note for \u2068{DOCTOR}\u2069 {COORDINATOR}")
    assert stored.mails_to(app, cast.STAFF["doctor"][1]) == ["mentioned"]


@ON_SQLITE
def test_a_name_that_is_nobodys_is_asked_about_and_the_note_stays(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)

    answer = press(
        coordinator, opened(coordinator, reference), reference, "notes", text=cast.NOTE, mentioned="Nobody"
    )

    page = page_of(answer)
    assert answer.status_code == 422
    assert page.errors == {"mentioned": "Nobody here has this name. Choose one from the list."}
    assert page.values(f"/desk/inquiries/{reference}/notes")["text"] == [cast.NOTE]


def test_an_inquiry_lives_from_new_to_closed_and_is_reopened(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    for target in ("in_contact", "waiting_for_patient", "in_contact", "medical_review"):
        do(coordinator, reference, "moves", target=target)
    move_for(coordinator, reference, "declined", reason="not_suitable")
    page = move_for(coordinator, reference, "closed", reason="other", words="They moved away.")

    assert timeline(page)[0].startswith("Moved it to “Closed”: Another reason, told in the note")
    assert "They moved away." in timeline(page)[0]
    assert "Another reason, told in the note" in text_of(page.with_class("inquiry__head")[0])
    page = do(coordinator, reference, "moves", target="in_contact")

    assert [text_of(tag) for tag in page.with_class("tag")] == ["In contact"]
    assert "Another reason" not in text_of(page.with_class("inquiry__head")[0])
    assert stored.acts(app).count("inquiry.moved") == 6
    assert stored.acts(app).count("inquiry.reopened") == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({}, "reason", "Choose a reason."),
        ({"reason": "not_suitable"}, "reason", "Choose one of the answers."),
        ({"reason": "other"}, "words", "Write what the reason is."),
        ({"reason": "answered", "words": "x" * (NOTE_LENGTH + 1)}, "words", "This is 1 character too long."),
    ],
)
def test_closing_needs_a_reason_and_keeps_what_was_written(
    app: Flask, coordinator: FlaskClient, fields: dict[str, str], field: str, told: str
) -> None:
    reference = make_inquiry(app)
    address = f"/desk/inquiries/{reference}/moves/closed"
    page = page_of(coordinator.get(address))

    answer = coordinator.post(address, data={**page.values(address), **fields})

    assert answer.status_code == 422
    assert page_of(answer).errors[field].startswith(told)
    assert page_of(answer).values(address)["words"] == [fields.get("words", "")]
    assert "inquiry.moved" not in stored.acts(app)


@ON_SQLITE
def test_no_move_that_needs_a_reason_is_made_without_it(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    page = opened(coordinator, reference)

    assert press(coordinator, page, reference, "moves", target="closed").status_code == 400
    assert coordinator.get(f"/desk/inquiries/{reference}/moves/offered").status_code == 404
    assert coordinator.get(f"/desk/inquiries/{reference}/moves/withdrawn").status_code == 404


def test_two_hand_overs_at_once_show_both_versions(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    add_staff(app, "second_coordinator")
    name = cast.STAFF["second_coordinator"][0]
    mine = opened(coordinator, reference)
    do(coordinator, reference, "take")

    answer = press(coordinator, mine, reference, "owner", owner=name, reason="I am away.")

    page = page_of(answer)
    assert answer.status_code == 409
    assert CHANGED in page.text
    told = text_of(page.with_class("notice")[0])
    assert f"Took it · {COORDINATOR}" in told
    assert f"Seen to by {COORDINATOR} {name}" in told
    assert page.values(f"/desk/inquiries/{reference}/owner")["reason"] == ["I am away."]
    again = press(coordinator, page, reference, "owner", owner=name, reason="I am away.")
    assert again.status_code == 303


def test_closing_what_was_changed_meanwhile_keeps_the_reason_and_shows_both(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)
    address = f"/desk/inquiries/{reference}/moves/closed"
    mine = page_of(coordinator.get(address))
    do(coordinator, reference, "moves", target="in_contact")
    do(coordinator, reference, "notes", text=cast.NOTE)

    answer = coordinator.post(
        address, data={**mine.values(address), "reason": "other", "words": "They moved away."}
    )

    page = page_of(answer)
    assert answer.status_code == 409
    assert "Status In contact Closed" in text_of(page.with_class("notice")[0])
    assert cast.NOTE in text_of(page.with_class("notice")[0])
    assert page.values(address)["words"] == ["They moved away."]
    assert coordinator.post(address, data=page.values(address)).status_code == 303


@ON_SQLITE
def test_a_doctor_sees_no_button_and_can_do_nothing(app: Flask) -> None:
    reference = make_inquiry(app)
    doctor = signed_in(app, "doctor")

    page = opened(doctor, reference)

    assert "What comes next" not in page.text
    for what in ("take", "owner", "follow-up", "notes", "moves", "moves/closed"):
        token = page_of(doctor.get("/")).values("/inquiries")["csrf_token"]
        fields = {"csrf_token": token, "version": "1"}
        answer = doctor.post(f"/desk/inquiries/{reference}/{what}", data=fields)
        assert answer.status_code == 403
