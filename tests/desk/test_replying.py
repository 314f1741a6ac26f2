"""Answering a person by mail from the desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.audit.log import SYSTEM
from app.core.database import Base, db
from app.inquiries import replies
from app.inquiries.answering import REPLY_LENGTH
from app.inquiries.replies import Template
from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.making import make_inquiry
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import signed_in
from tests.support.worker import send_all

TEXT = "Good day,\n\nI read what you wrote.\nCan I call you on Monday?"
REFUSED = "550 5.1.1 nobody of this name"


def address_of(reference: str) -> str:
    return f"/desk/inquiries/{reference}/reply"


def opened(client: FlaskClient, reference: str) -> Page:
    return page_of(client.get(address_of(reference)))


def send(client: FlaskClient, page: Page, reference: str, **fields: str) -> TestResponse:
    action = address_of(reference)
    return client.post(action, data={**page.values(action), "action": "send", **fields})


def answer(client: FlaskClient, reference: str, text: str = TEXT, **fields: str) -> TestResponse:
    return send(client, opened(client, reference), reference, text=text, **fields)


def keep_template(app: Flask, **changes: str) -> str:
    values = {"name": "First answer", "status": "new", "language": "en", "text": "Hello {name},", **changes}
    with app.app_context():
        return replies.create_template(Template(**values), SYSTEM)


def inquiry_page(client: FlaskClient, reference: str) -> Page:
    return page_of(client.get(f"/desk/inquiries/{reference}"))


def replies_sent(app: Flask) -> int:
    return sum(message == "reply" for message, _recipient in stored.mails(app))


def test_the_page_shows_whom_the_answer_goes_to_and_what_they_wrote(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)

    page = opened(coordinator, reference)

    assert page.heading == f"Answer {reference}"
    for part in (cast.PATIENT_NAME, cast.PATIENT_EMAIL, cast.MESSAGE, "T10", "Movement, Bladder control"):
        assert part in page.text
    assert "inquiry.read" in stored.acts(app)


def test_a_clean_answer_is_sent_by_one_press(app: Flask, coordinator: FlaskClient, smtp: Mailbox) -> None:
    reference = make_inquiry(app)

    done = answer(coordinator, reference)

    assert (done.status_code, done.location) == (303, f"/desk/inquiries/{reference}")
    assert stored.acts(app).count("inquiry.answered") == 1
    send_all(app)
    (mail,) = [mail for mail in smtp.received if mail.message["Subject"] == f"About your inquiry {reference}"]
    assert mail.recipients == (cast.PATIENT_EMAIL,)
    page = inquiry_page(coordinator, reference)
    assert "Answered by mail" in page.text
    assert "Can I call you on Monday?" in page.text
    assert "First answered after" in page.text
    assert "In contact" in [text_of(tag) for tag in page.with_class("tag")]


def test_the_mail_holds_the_text_and_says_who_wrote_it_and_how_to_answer(
    app: Flask, coordinator: FlaskClient, smtp: Mailbox
) -> None:
    reference = make_inquiry(app)
    answer(coordinator, reference)
    send_all(app)

    (mail,) = [mail for mail in smtp.received if "About your" in str(mail.message["Subject"])]
    text, html = (part.get_content() for part in mail.message.walk() if not part.is_multipart())

    assert text.replace("\r\n", "\n").startswith(TEXT)
    assert '<p dir="auto">I read what you wrote.<br>Can I call you on Monday?</p>' in html
    for part in (text, html):
        assert "Example Coordinator of Inquiry desk wrote this mail." in part
        assert f"leave {reference} in the subject" in part
        assert "A person reads your answer to this mail." in part
        assert "Nobody reads answers" not in part
    assert mail.message["Reply-To"] == "coordinator.one@clinic.example"
    assert mail.message["Auto-Submitted"] is None


def test_an_answer_can_hand_the_turn_to_the_patient(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    assert answer(coordinator, reference, then_wait="y").status_code == 303

    page = inquiry_page(coordinator, reference)
    assert "Waiting for patient" in [text_of(tag) for tag in page.with_class("tag")]
    assert stored.acts(app).count("inquiry.moved") == 2
    later = opened(coordinator, reference)
    assert "Then wait for the patient" not in later.text


def test_a_template_comes_into_the_field_with_everything_put_in(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    text = "Hello {name},\n\n{reference} within {days} days. {coordinator}, {site_name}"
    handle = keep_template(app, text=text)
    page = opened(coordinator, reference)
    assert [text_of(button) for button in page.with_class("reply-templates__one")] == ["First answer"]

    used = send(coordinator, page, reference, use=handle)

    assert used.status_code == 200
    (stands,) = page_of(used).values(address_of(reference))["text"]
    assert stands == (
        f"Hello {cast.PATIENT_NAME},\n\n{reference} within 3 days. Example Coordinator, Inquiry desk"
    )
    assert send(coordinator, page_of(used), reference).status_code == 303


def test_a_template_leaves_what_was_typed_below_it(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    first, second = keep_template(app), keep_template(app, name="Second", text="Dear {name},")
    page = opened(coordinator, reference)

    used = page_of(send(coordinator, page, reference, use=first, text="I typed this."))

    (stands,) = used.values(address_of(reference))["text"]
    assert stands == f"Hello {cast.PATIENT_NAME},\n\nI typed this."
    assert "The template stands above what you wrote" in used.text
    untouched = page_of(send(coordinator, page, reference, use=first))
    other = page_of(send(coordinator, untouched, reference, use=second))
    assert other.values(address_of(reference))["text"] == [f"Dear {cast.PATIENT_NAME},"]


def test_a_template_that_was_removed_leaves_the_text_alone(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    page = page_of(send(coordinator, opened(coordinator, reference), reference, use="gone", text="Mine"))

    assert "This template was removed" in page.text
    assert page.values(address_of(reference))["text"] == ["Mine"]


def test_templates_of_this_status_and_the_persons_language_come_first(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app, language="es")
    for name, status, language in (
        ("English", "new", "en"),
        ("Todos", "", "es"),
        ("Nueva", "new", "es"),
        ("Declined", "declined", "en"),
    ):
        keep_template(app, name=name, status=status, language=language)

    page = opened(coordinator, reference)

    names = [text_of(button) for button in page.with_class("reply-templates__one")]
    assert names == ["Nueva", "Todos", "English"]
    assert "Templates in English" in page.text


@pytest.mark.parametrize(
    ("text", "told", "quote"),
    [
        ("You will walk again.", "Tells what treatment will do", "You will walk"),
        ("It works, 100 %.", "Says that something is certain", "100 %"),
        ("We saw the T10 in the report.", "The level of an injury", "T10"),
        (
            "It began after a fall from a ladder.",
            "Words from the inquiry",
            "It began after a fall from a ladder",
        ),
        ("Your bladder", "Words of an illness or its treatment", "bladder"),
    ],
)
def test_words_that_should_not_go_out_by_mail_are_asked_about(
    app: Flask, coordinator: FlaskClient, text: str, told: str, quote: str
) -> None:
    reference = make_inquiry(app)

    page = page_of(answer(coordinator, reference, text=f"Good day.\n\n{text}", then_wait="y"))

    assert page.heading == f"Check your answer to {reference}"
    assert told in page.text
    assert quote in [text_of(mark) for mark in page.all("mark")]
    assert replies_sent(app) == 0
    changed = page_of(send(coordinator, page, reference, action="change"))
    values = changed.values(address_of(reference))
    assert values["text"] == [f"Good day.\n\n{text}"]
    assert values["then_wait"] == ["y"]
    assert send(coordinator, page, reference, action="send_as_is").status_code == 303
    assert replies_sent(app) == 1


def test_a_helper_is_written_to_and_the_patients_name_is_asked_about(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app, filling_in="relative", helper_name=cast.HELPER_NAME, patient_aware="yes")
    handle = keep_template(app)

    used = page_of(send(coordinator, opened(coordinator, reference), reference, use=handle))

    assert used.values(address_of(reference))["text"] == [f"Hello {cast.HELPER_NAME},"]
    page = page_of(answer(coordinator, reference, text="About Canaryname"))
    assert "The name of someone else" in page.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Write the answer first."),
        ("Dear {name}, {what}", "{name}, {what} still stands in the text."),
        ("é" * (REPLY_LENGTH + 1), "This is 1 character too long."),
        ("a\x07b", "We took out characters that cannot be shown."),
    ],
)
@ON_SQLITE
def test_an_answer_that_cannot_be_sent_is_told_and_stays_in_its_field(
    app: Flask, coordinator: FlaskClient, text: str, told: str
) -> None:
    reference = make_inquiry(app)

    sent = answer(coordinator, reference, text=text)

    page = page_of(sent)
    assert sent.status_code == 422
    assert page.errors["text"].startswith(told)
    assert page.values(address_of(reference))["text"] == [text.replace("\x07", "")]
    assert replies_sent(app) == 0


@ON_SQLITE
def test_an_answer_from_a_page_that_is_too_old_stays_in_its_field(
    app: Flask, coordinator: FlaskClient
) -> None:
    reference = make_inquiry(app)

    sent = answer(coordinator, reference, csrf_token="old")

    page = page_of(sent)
    assert sent.status_code == 422
    assert page.values(address_of(reference))["text"] == [TEXT]
    assert send(coordinator, page, reference).status_code == 303


def test_two_at_once_lose_nothing_and_see_what_came_between(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    mine = opened(coordinator, reference)
    answer(coordinator, reference, text="Theirs came first.")

    sent = send(coordinator, mine, reference, text=TEXT, then_wait="y")

    page = page_of(sent)
    assert sent.status_code == 409
    assert "Someone changed this inquiry while you were writing" in page.text
    assert "Theirs came first." in page.text
    assert page.values(address_of(reference))["text"] == [TEXT]
    assert replies_sent(app) == 1
    assert send(coordinator, page, reference).status_code == 303
    assert replies_sent(app) == 2


def test_a_button_pressed_twice_sends_once(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    page = opened(coordinator, reference)

    answers = [send(coordinator, page, reference, text=TEXT) for _press in range(2)]

    assert [done.status_code for done in answers] == [303, 303]
    assert replies_sent(app) == 1


def test_a_person_without_an_address_is_to_be_called(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app, email="", contact_by="phone")

    page = opened(coordinator, reference)

    assert "There is no e-mail address" in page.text
    assert f"/desk/inquiries/{reference}/contacts" in [link.get("href") for link in page.all("a")]
    (token,) = page_of(coordinator.get("/")).values("/inquiries")["csrf_token"]
    fields = {"csrf_token": token, "version": "1", "text": TEXT}
    sent = coordinator.post(address_of(reference), data=fields)
    assert sent.status_code == 422
    assert "Can I call you on Monday?" in page_of(sent).text


def test_an_answer_that_is_not_delivered_can_be_sent_again(
    app: Flask, coordinator: FlaskClient, smtp: Mailbox
) -> None:
    reference = make_inquiry(app)
    smtp.answers[cast.PATIENT_EMAIL] = REFUSED
    answer(coordinator, reference)
    send_all(app)

    page = inquiry_page(coordinator, reference)
    listed = text_of(page.with_class("timeline")[0])
    assert "Not delivered" in listed
    assert "Tried 1 time." in listed
    assert "nobody of this name" in listed
    assert "The answer could not be delivered" in page.text
    assert "The person waits for us" in page.text
    assert "First answered after" not in page.text
    forms = [form.get("action", "") for form in page.all("form")]
    again = next(action for action in forms if action.endswith("/4/again"))

    del smtp.answers[cast.PATIENT_EMAIL]
    assert coordinator.post(again, data=page.values(again)).status_code == 303
    assert coordinator.post(again, data=page.values(again)).status_code == 303  # there is nothing left to do
    send_all(app)

    assert stored.acts(app).count("mail.sent_again") == 1
    page = inquiry_page(coordinator, reference)
    assert "First answered after" in page.text
    assert [mail.recipients for mail in smtp.received if "About" in str(mail.message["Subject"])] == [
        (cast.PATIENT_EMAIL,)
    ]


@ON_SQLITE
@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999"])
def test_a_mail_that_is_not_about_this_inquiry_is_not_found(
    app: Flask, coordinator: FlaskClient, number: str
) -> None:
    reference = make_inquiry(app)
    make_inquiry(app)
    (token,) = page_of(coordinator.get("/")).values("/inquiries")["csrf_token"]

    done = coordinator.post(f"/desk/inquiries/{reference}/mails/{number}/again", data={"csrf_token": token})

    assert done.status_code == 404


@ON_SQLITE
def test_a_doctor_does_not_answer(app: Flask) -> None:
    reference = make_inquiry(app)

    assert signed_in(app, "doctor").get(address_of(reference)).status_code == 403


@ON_SQLITE
def test_nothing_of_an_answer_stands_readable_in_the_database(app: Flask, coordinator: FlaskClient) -> None:
    answer(coordinator, make_inquiry(app), text="canary-answer for you")

    with app.app_context():
        tables = Base.metadata.sorted_tables
        kept = [str(row) for table in tables for row in db.session.execute(table.select())]
    assert len(kept) > 10
    assert "canary-answer" not in "".join(kept)
