"""What is special about a kind of mail, and what follows when one is given up."""

from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from app.audit.log import SYSTEM, record
from app.core.database import db
from app.outbox.claims import try_again
from app.outbox.delivery import HEADERS
from app.outbox.kinds import Kind, add_kind
from app.outbox.models import OutboxMail
from app.outbox.queries import mail_about
from tests.outbox.conftest import Outbox
from tests.support import stored
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox

ADDRESS = "one@clinic.example"
REFUSED = "550 5.1.1 nobody of this name"
LATER = "450 try later"


def leave_a_trace(mail: OutboxMail) -> None:
    record(SYSTEM, "mail.given_up", "mail", mail.id)


def break_down(_mail: OutboxMail) -> None:
    raise KeyError("what broke")


def add_what_cannot_be_kept(mail: OutboxMail) -> None:
    leave_a_trace(mail)
    db.session.add(OutboxMail(id=mail.id))  # there is one of this id, and most of it is missing


def sent_mail(app: Flask, outbox: Outbox, smtp: Mailbox, kind: Kind) -> EmailMessage:
    add_kind(app, "new_inquiry", kind)
    outbox.put()
    outbox.send_due()
    (received,) = smtp.wait_for(1)
    return received.message


@ON_SQLITE
def test_an_answer_to_what_a_person_wrote_goes_to_a_person(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    app.config["MAIL_REPLY_TO"] = "answers@clinic.example"

    message = sent_mail(app, outbox, smtp, Kind(is_by_a_person=True))

    assert message["Reply-To"] == "answers@clinic.example"
    assert [name for name in HEADERS if message[name]] == []


@ON_SQLITE
def test_a_machines_mail_asks_for_no_answer(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    message = sent_mail(app, outbox, smtp, Kind())

    assert message["Reply-To"] is None
    assert {name: message[name] for name in HEADERS} == HEADERS


def test_what_follows_a_failed_mail_is_kept_with_it(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    add_kind(app, "new_inquiry", Kind(on_failed=leave_a_trace))
    smtp.answers[ADDRESS] = LATER
    mail = outbox.put()
    outbox.send_due()
    assert stored.acts(app) == []

    smtp.answers[ADDRESS] = REFUSED
    outbox.change(mail, due_at=outbox.read(mail).queued_at)
    outbox.send_due()

    assert outbox.read(mail).state == "failed"
    assert stored.acts(app) == ["mail.given_up"]


def test_a_mail_fails_whatever_is_wrong_with_what_follows(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    add_kind(app, "new_inquiry", Kind(on_failed=break_down))
    smtp.answers[ADDRESS] = REFUSED
    mail = outbox.put()

    with capture_logs() as logs:
        outbox.send_due()

    assert outbox.read(mail).state == "failed"
    assert "what broke" not in str(logs)


def test_what_cannot_be_kept_with_a_failed_mail_stops_neither_it_nor_others(
    app: Flask, outbox: Outbox, smtp: Mailbox
) -> None:
    add_kind(app, "new_inquiry", Kind(on_failed=add_what_cannot_be_kept))
    smtp.answers[ADDRESS] = REFUSED
    failed, other = outbox.put(), outbox.put("two@clinic.example")

    with capture_logs() as logs:
        outbox.send_due()

    assert (outbox.read(failed).state, outbox.read(other).state) == ("failed", "sent")
    assert stored.acts(app) == []
    assert "failed mail has no consequence" in {line["event"] for line in logs}


def test_trying_again_is_kept_with_the_callers_transaction(app: Flask, outbox: Outbox, smtp: Mailbox) -> None:
    smtp.answers[ADDRESS] = REFUSED
    mail = outbox.put()
    outbox.send_due()

    with app.app_context():
        assert try_again([mail]) == 1
        db.session.rollback()
    assert outbox.read(mail).state == "failed"


@pytest.mark.parametrize(("number", "place"), [(0, None), (1, 0), (3, 2), (4, None), (10**30, None)])
def test_mails_about_a_row_are_counted_from_the_oldest(
    app: Flask, outbox: Outbox, number: int, place: int | None
) -> None:
    mails = [outbox.put() for _ in range(3)]
    about = mails[0]
    with app.app_context():
        db.session.execute(sa.update(OutboxMail).values(about_id=about))
        db.session.commit()

        found = mail_about(about, number)

    assert (found.id if found else None) == (mails[place] if place is not None else None)
