"""``flask outbox``: what an operator sees."""

from datetime import timedelta

from flask import Flask

from app.core.clock import now
from tests.outbox.conftest import Outbox
from tests.support.mailbox import Mailbox


def test_show_counts_and_names_what_failed_but_not_to_whom(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    smtp.answers["gone@clinic.example"] = "550 5.1.1 gone@clinic.example unknown"
    failed = outbox.put("gone@clinic.example")
    outbox.put("two@clinic.example")
    outbox.send_due()
    waiting = outbox.put("three@clinic.example")
    outbox.change(waiting, queued_at=now() - timedelta(hours=3))

    result = app.test_cli_runner().invoke(args=["outbox", "show"])
    assert result.exception is None, result.exc_info

    assert result.output.splitlines() == [
        "Waiting: 1",
        "Being sent: 0",
        "Sent: 1",
        "Failed: 1",
        f"Waiting longest: {waiting} new_inquiry, attempts: 0, age: 3 hours",
        f"Failed: {failed} new_inquiry, attempts: 1, age: 0 seconds",
    ]


def test_show_of_an_empty_outbox(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["outbox", "show"])
    assert result.exception is None, result.exc_info
    assert result.output.splitlines() == ["Waiting: 0", "Being sent: 0", "Sent: 0", "Failed: 0"]


def test_a_failed_mail_can_be_tried_again(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    smtp.answers["one@clinic.example"] = "550 5.2.2 The box is full"
    mail = outbox.put()
    outbox.send_due()
    smtp.reset()

    result = app.test_cli_runner().invoke(args=["outbox", "retry", str(mail)])

    assert result.output == "Waiting again: 1\n"
    outbox.send_due()
    assert len(smtp.wait_for(1)) == 1
    assert outbox.read(mail).state == "sent"


def test_only_failed_mails_are_tried_again(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    mail = outbox.put()
    outbox.send_due()
    result = app.test_cli_runner().invoke(args=["outbox", "retry", str(mail)])
    assert result.exit_code == 1
    assert outbox.read(mail).state == "sent"
