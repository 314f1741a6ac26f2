"""``flask outbox``: what an operator sees."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.core.clock import now
from app.outbox.claims import GIVEN_UP_AFTER
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


def test_a_mail_that_is_tried_again_has_the_full_time_again(
    app: Flask, outbox: Outbox, smtp: Mailbox
) -> None:
    smtp.answers["one@clinic.example"] = "452 4.2.2 The box is full"
    mail = outbox.put()
    queued_at = outbox.read(mail).queued_at
    outbox.change(mail, state="failed", unanswered=3)
    again = now() + GIVEN_UP_AFTER + timedelta(days=1)
    with time_machine.travel(again, tick=False):
        app.test_cli_runner().invoke(args=["outbox", "retry", str(mail)])
        outbox.send_due()
    assert (outbox.read(mail).state, outbox.read(mail).unanswered) == ("queued", 0)
    with time_machine.travel(again + GIVEN_UP_AFTER - timedelta(hours=1), tick=False):
        outbox.send_due()
        assert outbox.read(mail).state == "queued"
    with time_machine.travel(again + GIVEN_UP_AFTER, tick=False):
        outbox.send_due()
    row = outbox.read(mail)
    assert (row.state, row.attempts, row.queued_at) == ("failed", 3, queued_at)


def test_show_names_the_newest_failed_mails_and_counts_the_others(
    app: Flask, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outbox.cli.FAILED_SHOWN", 2)
    mails = [outbox.put(f"person.{number}@clinic.example") for number in range(5)]
    for hours, mail in enumerate(mails):
        outbox.change(mail, state="failed", queued_at=now() - timedelta(hours=hours + 2))

    lines = app.test_cli_runner().invoke(args=["outbox", "show"]).output.splitlines()
    assert lines[3:] == [
        "Failed: 5",
        f"Failed: {mails[0]} new_inquiry, attempts: 0, age: 2 hours",
        f"Failed: {mails[1]} new_inquiry, attempts: 0, age: 3 hours",
        "Failed earlier and not shown: 3",
    ]


def test_show_tells_which_failed_mail_may_have_arrived(app: Flask, outbox: Outbox) -> None:
    mail = outbox.put()
    outbox.change(mail, state="failed", unanswered=3, attempts=3)
    lines = app.test_cli_runner().invoke(args=["outbox", "show"]).output.splitlines()
    assert lines[-1] == f"Failed: {mail} new_inquiry, attempts: 3, age: 0 seconds, may have arrived"
