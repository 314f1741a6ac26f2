"""One mail's way: what it looks like, and what becomes of it after each answer of the server."""

import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from structlog.testing import capture_logs

from app.core.clock import now
from app.core.crypto import Keyring, key_id
from app.outbox.claims import GIVEN_UP_AFTER, LEASE, pause_after
from app.outbox.delivery import HEADERS
from tests.outbox.conftest import REFERENCE, Outbox, RunningWorker
from tests.support.environment import COORDINATORS
from tests.support.mailbox import Mailbox
from tests.support.making import ARRIVAL

PERSONAL = "one@clinic.example"


def test_a_mail_has_text_and_html_in_its_language_and_the_headers_of_a_machine(
    outbox: Outbox, smtp: Mailbox
) -> None:
    row = outbox.read(outbox.put())
    outbox.send_due()

    (received,) = smtp.wait_for(1)
    message = received.message
    assert message["Message-ID"] == row.message_id
    assert message["Subject"] == f"New inquiry {REFERENCE}"
    assert message["To"] == PERSONAL
    assert {name: message[name] for name in HEADERS} == HEADERS
    text, html = (part.get_content() for part in message.walk() if not part.is_multipart())
    assert f"https://portal.example/desk/{REFERENCE}" in text.splitlines()
    assert '<html lang="en" dir="ltr">' in html
    assert f'href="https://portal.example/desk/{REFERENCE}"' in html
    for part in (text, html):
        assert "Sent by Inquiry desk, https://portal.example" in part


@pytest.mark.parametrize("message", ["new_inquiry", "inquiry_received"])
def test_who_sees_the_inbox_does_not_learn_what_it_is_about(
    app: Flask, outbox: Outbox, smtp: Mailbox, message: str
) -> None:
    app.config["SITE_NAME"] = "Spinal Cord Injury Treatment Inquiries"
    outbox.put(message=message)
    outbox.send_due()

    (received,) = smtp.wait_for(1)
    assert received.message["From"] == "Inquiry desk <no-reply@portal.example>"
    assert received.sender == "no-reply@portal.example"
    (footer,) = [line for line in received.text.splitlines() if line.startswith("Sent by ")]
    for shown in (received.message["Subject"], footer):
        for word in ("spinal", "injury", "treatment", "medical", "patient", "health", "clinic"):
            assert word not in shown.lower()
    assert "Spinal" not in received.text


def test_the_senders_name_may_hold_anything(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    app.config["MAIL_SENDER_NAME"] = 'Anfragen, "Büro" <Nord>'
    outbox.put()
    outbox.send_due()
    (address,) = smtp.wait_for(1)[0].message["From"].addresses
    assert (address.display_name, address.addr_spec) == (
        'Anfragen, "Büro" <Nord>',
        "no-reply@portal.example",
    )


def test_a_coordinator_is_asked_to_read_and_answer(outbox: Outbox, smtp: Mailbox) -> None:
    outbox.put()
    outbox.send_due()
    text = smtp.wait_for(1)[0].text
    assert "Open it at the desk, read it and answer:" in text
    assert "take it" not in text


@pytest.mark.parametrize("message", ["new_inquiry", "inquiry_received"])
def test_both_parts_say_the_same_and_ask_for_nothing_rudely(
    outbox: Outbox, smtp: Mailbox, message: str
) -> None:
    outbox.put(message=message)
    outbox.send_due()

    (received,) = smtp.wait_for(1)
    assert REFERENCE in received.message["Subject"]
    text, html = (part.get_content() for part in received.message.walk() if not part.is_multipart())
    for sentence in filter(None, text.replace("-- ", "").splitlines()):
        assert sentence in html
    for word in ("please", "submit", "invalid"):
        assert word not in text.lower()


def test_the_confirmation_says_what_comes_next_and_what_it_is_not(outbox: Outbox, smtp: Mailbox) -> None:
    outbox.put(message="inquiry_received")
    outbox.send_due()

    text = smtp.wait_for(1)[0].text
    for words in (
        "A coordinator reads your inquiry and answers you within 3 working days.",
        "Your answers are not in this mail.",
        "call your local emergency number",
        "not medical advice",
        "does not mean that you are accepted",
    ):
        assert words in text


def test_a_long_host_name_leaves_the_message_id_whole(outbox: Outbox, smtp: Mailbox) -> None:
    mail = outbox.put()
    outbox.change(mail, message_id=f"<{mail}@{'a-long-name.' * 8}example>")
    outbox.send_due()

    assert smtp.wait_for(1)[0].message["Message-ID"] == outbox.read(mail).message_id


def test_each_coordinator_gets_one_mail_and_the_sender_one_without_any_answer(
    app: Flask, outbox: Outbox, smtp: Mailbox
) -> None:
    from app.inquiries.answers import Answers
    from app.inquiries.sending import send_inquiry

    answers = Answers(
        filling_in="self",
        patient_name="Canary Name",
        country="PT",
        email="canary@patient.example",
        phone="+351 21 000 0000",
        injury_region="thoracic",
        message="Canary message",
    )
    with app.app_context():
        reference = send_inquiry("a-form-key", answers, ARRIVAL)
    outbox.send_due()

    received = smtp.wait_for(3)
    expected = [*COORDINATORS, "canary@patient.example"]
    assert sorted(mail.recipients[0] for mail in received) == sorted(expected)
    for mail in received:
        assert reference in mail.text
        content = mail.text.replace(f"To: {mail.recipients[0]}", "").lower()
        for secret in ("canary", "thoracic", "portugal", "+351"):
            assert secret not in content


def test_a_sent_mail_is_sent_once(outbox: Outbox, smtp: Mailbox) -> None:
    mail = outbox.put()
    outbox.send_due()
    outbox.send_due()

    assert len(smtp.received) == 1
    row = outbox.read(mail)
    assert (row.state, row.attempts, row.worker) == ("sent", 1, None)
    assert row.sent_at is not None


def test_one_refused_recipient_does_not_stop_the_other(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    refused, taken = outbox.put(PERSONAL), outbox.put("two@clinic.example")
    smtp.answers[PERSONAL] = f"550 5.1.1 {PERSONAL} lives here no more"
    outbox.send_due()
    outbox.send_due()

    assert [received.recipients for received in smtp.received] == [("two@clinic.example",)]
    assert outbox.read(taken).state == "sent"
    row = outbox.read(refused)
    assert (row.state, row.attempts) == ("failed", 1)
    assert outbox.answer(refused) == f"550 5.1.1 {PERSONAL} lives here no more"


def test_a_mail_that_was_put_off_is_sent_later_with_the_same_message_id(
    outbox: Outbox, smtp: Mailbox
) -> None:
    mail = outbox.put()
    message_id = outbox.read(mail).message_id
    smtp.data_answer = "451 4.7.1 Try again later"
    before = now()
    outbox.send_due()

    row = outbox.read(mail)
    assert (row.state, row.attempts, row.worker) == ("queued", 1, None)
    assert timedelta(seconds=3) < row.due_at - before < timedelta(seconds=9)

    smtp.reset()
    outbox.send_due()
    assert smtp.received == []  # it rests
    outbox.change(mail, due_at=now())
    outbox.send_due()
    assert smtp.wait_for(1)[0].message["Message-ID"] == message_id
    assert outbox.read(mail).state == "sent"


def test_pauses_grow_to_ten_minutes_and_never_fall_into_step() -> None:
    assert [
        round(sum(pause_after(n).total_seconds() for _ in range(2000)) / 2000 / 5) for n in (1, 2, 3)
    ] == [1, 2, 4]
    for attempts in (8, 100, 600):
        assert timedelta(minutes=7) < pause_after(attempts) < timedelta(minutes=13)
    assert len({pause_after(3) for _ in range(20)}) > 10


def test_a_mail_is_given_up_after_four_days_and_says_so(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    mail = outbox.put()
    smtp.answers[PERSONAL] = "452 4.2.2 The box is full"
    with time_machine.travel(now() + GIVEN_UP_AFTER - timedelta(hours=1)):
        outbox.send_due()
        assert outbox.read(mail).state == "queued"
    with time_machine.travel(now() + GIVEN_UP_AFTER + timedelta(hours=1)):
        outbox.send_due()
    row = outbox.read(mail)
    assert (row.state, row.attempts) == ("failed", 2)
    assert outbox.answer(mail) == "452 4.2.2 The box is full"


def test_a_server_that_is_down_loses_nothing_and_all_leaves_when_it_returns(
    outbox: Outbox, running_worker: RunningWorker, smtp: Mailbox
) -> None:
    smtp.refuse()
    mails = [outbox.put(f"person.{number}@clinic.example") for number in range(30)]
    with capture_logs() as logs, running_worker() as worker:
        while worker.server_failures < 2:
            worker.stop.wait(0.02)
        smtp.listen()
        smtp.wait_for(30)
    assert len(smtp.received) == 30
    rows = [outbox.read(mail) for mail in mails]
    assert {(row.state, row.attempts) for row in rows} == {("sent", 1)}
    assert "mail server unavailable" in {line["event"] for line in logs}


def test_a_hanging_server_holds_the_worker_for_no_longer_than_its_timeout(
    outbox: Outbox, smtp: Mailbox
) -> None:
    first, second = outbox.put(), outbox.put("two@clinic.example")
    smtp.hang()
    started = time.monotonic()
    outbox.send_due()
    assert time.monotonic() - started < 4

    assert (outbox.read(first).state, outbox.read(first).attempts) == ("queued", 1)
    assert (outbox.read(second).state, outbox.read(second).attempts) == ("queued", 0)
    smtp.go_on()
    outbox.change(first, due_at=now())
    outbox.send_due()
    smtp.wait_for(2)
    assert {outbox.read(first).state, outbox.read(second).state} == {"sent"}


def test_a_server_that_drips_is_hung_up_on(
    app: Flask, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, smtp: Mailbox
) -> None:
    monkeypatch.setattr("app.outbox.delivery.ONE_MAIL", timedelta(seconds=0.2))
    app.config["MAIL_ANSWER_TIMEOUT_SECONDS"] = 0.2
    mail = outbox.put()
    smtp.hang()
    started = time.monotonic()
    outbox.send_due()
    assert time.monotonic() - started < 0.9  # sooner than the socket's own timeout
    assert (outbox.read(mail).state, outbox.read(mail).attempts) == ("queued", 1)


@pytest.mark.parametrize("answer", ["530 5.7.0 Sign in first", "421 4.3.2 Closing"])
def test_a_server_that_takes_no_mail_at_all_is_no_fault_of_the_mails(
    outbox: Outbox, smtp: Mailbox, answer: str
) -> None:
    first, second = outbox.put(), outbox.put("two@clinic.example")
    smtp.answers = {PERSONAL: answer, "two@clinic.example": answer}
    outbox.send_due()

    assert {outbox.read(first).state, outbox.read(second).state} == {"queued"}
    assert outbox.read(second).attempts == 0


@pytest.mark.parametrize(
    "values",
    [
        {"message": "no_such_message"},
        {"params_sealed": b"altered"},
        {"recipient_sealed": b"\x01altered and long enough to look like a sealed value"},
        {"language": "xx-not-a-language"},
    ],
)
def test_a_mail_that_cannot_be_written_fails_alone(
    app: Flask, outbox: Outbox, smtp: Mailbox, values: dict[str, object]
) -> None:
    broken, good = outbox.put(), outbox.put("two@clinic.example")
    outbox.change(broken, **values)
    outbox.send_due()

    assert len(smtp.wait_for(1)) == 1
    assert outbox.read(good).state == "sent"
    row = outbox.read(broken)
    assert (row.state, row.attempts) == ("failed", 1)
    assert outbox.answer(broken).startswith("The mail could not be written: ")


def test_a_parameter_that_is_missing_fails_the_mail_instead_of_leaving_a_gap(
    app: Flask, outbox: Outbox, smtp: Mailbox
) -> None:
    mail = outbox.put()
    with app.app_context():
        outbox.change(mail, params={"reference": REFERENCE})
    outbox.send_due()
    assert outbox.read(mail).state == "failed"
    assert smtp.received == []


@pytest.mark.parametrize("recipient", ["a@clinic.example\r\nBcc: b@clinic.example", "a@b\n"])
def test_a_recipient_that_would_add_a_header_fails_alone(
    outbox: Outbox, smtp: Mailbox, recipient: str
) -> None:
    mail, good = outbox.put(recipient), outbox.put("two@clinic.example")
    outbox.send_due()  # the connection is not used again after such a mail
    outbox.send_due()
    assert outbox.read(mail).state == "failed"
    assert outbox.read(good).state == "sent"
    assert [received.recipients for received in smtp.received] == [("two@clinic.example",)]


def test_a_mail_sealed_with_a_key_that_is_gone_fails_alone(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    mail = outbox.put()
    other = b"k" * 32
    assert key_id(other) != outbox.read(mail).recipient_sealed[1:5]
    app.extensions["keyring"] = Keyring([other])
    good = outbox.put("two@clinic.example")
    outbox.send_due()
    assert (outbox.read(mail).state, outbox.read(good).state) == ("failed", "sent")


def test_nothing_personal_stands_in_the_logs(outbox: Outbox, smtp: Mailbox) -> None:
    outbox.put(), outbox.put("two@clinic.example"), outbox.put("a@clinic.example\nBcc: b@clinic.example")
    outbox.change(outbox.put("three@clinic.example"), message="no_such_message")
    smtp.answers[PERSONAL] = f"550 5.1.1 {PERSONAL} unknown"
    smtp.answers["two@clinic.example"] = "450 4.2.0 two@clinic.example is busy"
    with capture_logs() as logs:
        outbox.send_due()
        outbox.send_due()
        smtp.refuse()
        outbox.put()
        outbox.send_due()
    assert {line["event"] for line in logs} == {
        "mail failed",
        "mail queued",
        "mail server unavailable",
    }
    assert {line.get("smtp_code") for line in logs} == {550, 450, None}
    for secret in ("clinic.example", REFERENCE, "New inquiry", "unknown", "busy"):
        assert secret not in str(logs)


def test_the_lease_outlasts_the_longest_try() -> None:
    from app.outbox.claims import ONE_MAIL

    assert ONE_MAIL < LEASE <= timedelta(seconds=60)
