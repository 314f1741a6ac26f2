"""Answers and contacts: whose turn it is with them, and what a failed mail takes back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.log import Actor
from app.core.changes import ChangedMeanwhileError
from app.core.clock import now
from app.core.database import db
from app.inquiries import answering, queries, replies, services
from app.inquiries.answering import Contact, log_contact, send_again, send_reply
from app.inquiries.models import Inquiry, InquiryEvent, ReplyTemplate
from app.inquiries.workflow import MoveNotAllowedError
from app.outbox.models import OutboxMail
from app.outbox.queries import mail_about, mails_about
from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.making import make_inquiry
from tests.support.staff import add_staff
from tests.support.worker import send_all

TEXT = "I read what you wrote."
REFUSED = "550 5.1.1 nobody of this name"


@pytest.fixture
def actor(app: Flask) -> Actor:
    return Actor("staff", add_staff(app, "coordinator"), "192.0.2.1")


def inquiry_of(reference: str) -> Inquiry:
    db.session.expire_all()
    inquiry = queries.inquiry_by_reference(reference)
    assert inquiry is not None
    return inquiry


def reply_mail(inquiry: Inquiry) -> OutboxMail:
    return next(mail for mail in mails_about(inquiry.id) if mail.message == "reply")


def test_an_answer_is_one_transaction_and_hands_over_the_turn(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "handle", inquiry.version, actor)

        inquiry = inquiry_of(reference)
        assert (inquiry.status, inquiry.waiting_since) == ("in_contact", None)
        assert inquiry.first_answered_at is not None
        mail = reply_mail(inquiry)
        assert (mail.recipient, mail.language) == (cast.PATIENT_EMAIL, "en")
        event = db.session.scalars(sa.select(InquiryEvent).where(InquiryEvent.kind == "answered")).one()
        assert (event.mail_id, event.version, event.staff_id) == (mail.id, 2, actor.staff_id)
        assert (event.text["text"], event.text["to"]) == (TEXT, cast.PATIENT_EMAIL)
    assert sorted(stored.acts(app)) == ["inquiry.answered", "inquiry.moved", "inquiry.sent"]


def test_a_later_answer_keeps_the_time_of_the_first(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "", 1, actor)
        first = inquiry.first_answered_at
        send_reply(inquiry, "Once more.", "", 2, actor, then_wait=True)

        inquiry = inquiry_of(reference)
        assert inquiry.first_answered_at == first
        assert (inquiry.status, inquiry.version) == ("waiting_for_patient", 3)


def test_an_answer_to_what_somebody_changed_is_not_sent(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        services.add_note(inquiry, cast.NOTE, 1, actor)
        with pytest.raises(ChangedMeanwhileError):
            send_reply(inquiry_of(reference), TEXT, "", 1, actor)
        assert not answering.was_sent(inquiry_of(reference), TEXT, 1, actor)
    assert ("reply", cast.PATIENT_EMAIL) not in stored.mails(app)


def test_a_move_that_the_workflow_has_not_keeps_nothing(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        services.move_inquiry(inquiry, "in_contact", 1, actor)
        services.move_inquiry(inquiry, "medical_review", 2, actor)
        assert not answering.may_then_wait(inquiry)
        with pytest.raises(MoveNotAllowedError):
            send_reply(inquiry, TEXT, "", 3, actor, then_wait=True)
        db.session.commit()
    assert ("reply", cast.PATIENT_EMAIL) not in stored.mails(app)


def test_without_an_address_nothing_is_sent(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app, email="", contact_by="phone")
    with app.app_context(), pytest.raises(answering.NoAddressError):
        send_reply(inquiry_of(reference), TEXT, "", 1, actor)


@ON_SQLITE
@pytest.mark.parametrize(
    ("language", "asked_for", "written_in"),
    [("ar", "es", "ar"), ("", "es", "es"), ("", "de", "en"), ("de", "ar", "ar")],
)
def test_the_words_around_an_answer_are_in_its_language_if_the_site_speaks_it(
    app: Flask, actor: Actor, language: str, asked_for: str, written_in: str
) -> None:
    reference = make_inquiry(app, language=asked_for)
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "", 1, actor, language=language)
        assert reply_mail(inquiry).language == written_in


def test_a_person_waits_again_when_the_answer_could_not_be_delivered(
    app: Flask, actor: Actor, smtp: Mailbox
) -> None:
    reference = make_inquiry(app)
    smtp.answers[cast.PATIENT_EMAIL] = REFUSED
    with app.app_context():
        inquiry = inquiry_of(reference)
        waited_since = inquiry.waiting_since
        send_reply(inquiry, TEXT, "", 1, actor)
    send_all(app)

    with app.app_context():
        inquiry = inquiry_of(reference)
        assert (inquiry.waiting_since, inquiry.first_answered_at) == (waited_since, None)
        assert inquiry.version == 3
        assert "inquiry.answer_failed" in stored.acts(app)

        del smtp.answers[cast.PATIENT_EMAIL]
        send_again(inquiry, reply_mail(inquiry), actor)
        inquiry = inquiry_of(reference)
        assert inquiry.waiting_since is None
        assert inquiry.first_answered_at is not None
    send_all(app)
    with app.app_context():
        assert reply_mail(inquiry_of(reference)).state == "sent"


def test_a_failed_answer_takes_nothing_back_from_who_was_answered_otherwise(
    app: Flask, actor: Actor, smtp: Mailbox
) -> None:
    reference = make_inquiry(app)
    smtp.answers[cast.PATIENT_EMAIL] = REFUSED
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "", 1, actor)
        log_contact(inquiry, Contact("phone", "reached"), 2, actor)
    send_all(app)

    with app.app_context():
        inquiry = inquiry_of(reference)
        assert inquiry.waiting_since is None
        reached = sa.select(InquiryEvent.at).where(InquiryEvent.kind == "contacted")
        assert inquiry.first_answered_at == db.session.scalar(reached)


def test_nobody_waits_for_the_failed_answer_to_a_closed_inquiry(
    app: Flask, actor: Actor, smtp: Mailbox
) -> None:
    reference = make_inquiry(app)
    smtp.answers[cast.PATIENT_EMAIL] = REFUSED
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "", 1, actor)
        services.move_inquiry(inquiry, "closed", 2, actor, reason="answered")
    send_all(app)

    with app.app_context():
        inquiry = inquiry_of(reference)
        assert (inquiry.waiting_since, inquiry.first_answered_at) == (None, None)


def test_a_person_whose_answers_all_fail_waits_as_long_as_before_the_first(
    app: Flask, actor: Actor, smtp: Mailbox
) -> None:
    reference = make_inquiry(app)
    smtp.answers[cast.PATIENT_EMAIL] = REFUSED
    with app.app_context():
        inquiry = inquiry_of(reference)
        waited_since = inquiry.waiting_since
        send_reply(inquiry, TEXT, "", 1, actor)
        send_reply(inquiry, "Once more.", "", 2, actor)
    send_all(app)

    with app.app_context():
        inquiry = inquiry_of(reference)
        assert (inquiry.waiting_since, inquiry.first_answered_at) == (waited_since, None)


@pytest.mark.parametrize("by_operator", [False, True])
def test_an_answer_that_fails_again_lets_a_person_wait_who_wrote_after_it(
    app: Flask, actor: Actor, smtp: Mailbox, by_operator: bool
) -> None:
    reference = make_inquiry(app)
    smtp.answers[cast.PATIENT_EMAIL] = REFUSED
    with app.app_context():
        send_reply(inquiry_of(reference), TEXT, "", 1, actor)
    send_all(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        log_contact(inquiry, Contact("phone", "reached"), inquiry.version, actor)
        log_contact(inquiry, Contact("phone", "they_reached_us"), inquiry.version, actor)
        called_at, mail = inquiry.waiting_since, reply_mail(inquiry)
        if by_operator:
            app.test_cli_runner().invoke(args=["outbox", "retry", str(mail.id)])
        else:
            send_again(inquiry, mail, actor)
        assert inquiry_of(reference).waiting_since is None
        assert stored.acts(app).count("mail.sent_again") == 1
    send_all(app)

    with app.app_context():
        inquiry = inquiry_of(reference)
        assert inquiry.waiting_since == called_at
        assert queries.events_of(inquiry)[0].version == inquiry.version


def test_who_withdrew_an_inquiry_gets_no_answer(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        services.move_inquiry(inquiry, "withdrawn", 1, actor)
        with pytest.raises(MoveNotAllowedError):
            send_reply(inquiry, TEXT, "", 2, actor)
        db.session.commit()
    assert ("reply", cast.PATIENT_EMAIL) not in stored.mails(app)


def test_a_call_that_is_kept_late_lets_nobody_wait_who_was_answered_after_it(
    app: Flask, actor: Actor
) -> None:
    reference = make_inquiry(app)
    called_at = now()
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "", 1, actor, then_wait=True)
        log_contact(inquiry, Contact("phone", "they_reached_us", at=called_at), 2, actor)

        inquiry = inquiry_of(reference)
        assert (inquiry.status, inquiry.waiting_since) == ("waiting_for_patient", None)


def test_a_call_that_is_kept_late_may_have_been_the_first_answer(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    called_at = now()
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "", 1, actor)
        log_contact(inquiry, Contact("phone", "reached", at=called_at), 2, actor)

        assert inquiry_of(reference).first_answered_at == called_at


def test_a_mail_that_did_not_fail_is_not_sent_again(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        mail = mail_about(inquiry.id, 1)
        assert mail is not None
        send_again(inquiry, mail, actor)
        assert inquiry_of(reference).version == 1
    assert "mail.sent_again" not in stored.acts(app)


def test_a_person_who_calls_waits_for_us(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        send_reply(inquiry, TEXT, "", 1, actor, then_wait=True)
        called_at = now()
        log_contact(inquiry, Contact("whatsapp", "they_reached_us", at=called_at), 2, actor)

        inquiry = inquiry_of(reference)
        assert (inquiry.status, inquiry.waiting_since) == ("in_contact", called_at)


def test_a_call_that_came_before_what_the_person_wrote_leaves_them_waiting(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        log_contact(inquiry, Contact("phone", "reached"), 1, actor)
        reached_at = inquiry.first_answered_at
        assert reached_at is not None
        wrote_at = now() + timedelta(minutes=1)
        log_contact(inquiry, Contact("email", "they_reached_us", at=wrote_at), 2, actor)
        log_contact(inquiry, Contact("phone", "reached", at=now()), 3, actor)

        inquiry = inquiry_of(reference)
        assert (inquiry.waiting_since, inquiry.first_answered_at) == (wrote_at, reached_at)


def test_a_call_before_it_was_keyed_in_answers_it_at_once(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        log_contact(inquiry, Contact("phone", "reached", at=now() - timedelta(hours=1)), 1, actor)

        inquiry = inquiry_of(reference)
        assert (inquiry.first_answered_at, inquiry.waiting_since) == (inquiry.sent_at, None)


def test_the_templates_that_come_with_the_site_are_loaded_once(app: Flask) -> None:
    first = app.test_cli_runner().invoke(args=["replies", "load"])
    with app.app_context():
        rows = replies.all_templates()
        assert {row.language for row in rows} == {"en", "es", "ar"}
        assert {row.status for row in rows} == {
            *("new", "in_contact", "waiting_for_patient", "declined", "offered")
        }
        assert all(not replies.unknown_placeholders(row.text) for row in rows)
        db.session.execute(sa.delete(ReplyTemplate))
        db.session.commit()

    again = app.test_cli_runner().invoke(args=["replies", "load"])

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Loaded: First answer: what happens next" in first.output
    assert again.output == ""
    with app.app_context():
        assert replies.all_templates() == []
