"""Who of the team is told of what by mail, and that each is told once."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts import keeping
from app.accounts.models import User
from app.audit.log import Actor
from app.core.database import db
from app.inquiries import services
from app.inquiries.models import DigestMark, Inquiry
from app.inquiries.queries import inquiry_by_reference
from app.inquiries.reminding import MOST_NAMED, send_digests, tell_of_overdue
from app.outbox.models import OutboxMail
from tests.support.cast import CANARIES, NOTE
from tests.support.environment import COORDINATORS
from tests.support.mailbox import Mailbox, Received
from tests.support.making import make_inquiries, make_inquiry
from tests.support.worker import send_all

OPENING = datetime(2026, 6, 1, 9, tzinfo=UTC)
"""A Monday, when the team begins its work."""
AFTER_HOURS = OPENING.replace(hour=17)
SUNDAY = OPENING - timedelta(days=1)
LONG_AGO = OPENING - timedelta(days=30)


@pytest.fixture(autouse=True)
def at_work() -> Iterator[None]:
    """It is Monday morning."""
    with time_machine.travel(OPENING):
        yield


def add_person(app: Flask, name: str, choices: list[str] | None = None, role: str = "coordinator") -> UUID:
    """Make the account of a member of staff who wants these mails."""
    with app.app_context():
        email = f"{name.casefold()}@staff.example.com"
        user = keeping.add_user(name=name, email=email, hashed="unused", roles=[role])
        user.mail_choices = choices
        db.session.commit()
        return user.id


def recipients(app: Flask, message: str) -> list[str]:
    """Return whom mails of a kind go to."""
    with app.app_context():
        mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.message == message))
        return sorted(mail.recipient for mail in mails)


def change(app: Flask, reference: str, **values: object) -> None:
    """Change an inquiry's row."""
    with app.app_context():
        db.session.execute(sa.update(Inquiry).where(Inquiry.reference == reference).values(**values))
        db.session.commit()


def run(app: Flask, *chores: str) -> dict[str, int]:
    """Do these chores, and say how many rows each touched."""
    done = {"overdue": tell_of_overdue, "digests": send_digests}
    with app.app_context():
        return {chore: done[chore]() for chore in chores}


def sent_of(app: Flask, smtp: Mailbox, subject: str) -> list[Received]:
    """Send all that waits, and return the mails with this in their subject."""
    send_all(app)
    return [mail for mail in smtp.received if subject in str(mail.message["Subject"])]


def check_nothing_personal(mails: list[Received]) -> None:
    """Fail if a mail tells anything of what a person wrote, or of a note."""
    assert mails
    assert not [canary for canary in CANARIES for mail in mails if canary in mail.text]


def test_a_new_inquiry_is_told_to_the_fixed_addresses_and_to_staff_who_chose_it(app: Flask) -> None:
    add_person(app, "Chose", ["new_inquiry"])
    add_person(app, "Doctor", ["new_inquiry"], role="doctor")
    add_person(app, "Never")
    add_person(app, "Editor", ["new_inquiry"], role="editor")  # may not read inquiries

    make_inquiry(app)

    staff = ["chose@staff.example.com", "doctor@staff.example.com"]
    assert recipients(app, "new_inquiry") == sorted([*COORDINATORS, *staff])


def test_a_fixed_address_follows_the_choice_of_the_member_of_staff_whose_it_is(app: Flask) -> None:
    app.config["COORDINATOR_EMAILS"] = (
        "Declined@staff.example.com",
        "Chose@staff.example.com",
        "silent@staff.example.com",
    )
    add_person(app, "Declined", ["handed_over"])
    add_person(app, "Chose", ["new_inquiry"])
    add_person(app, "Silent")

    make_inquiry(app)

    assert [address.casefold() for address in recipients(app, "new_inquiry")] == [
        "chose@staff.example.com",
        "silent@staff.example.com",
    ]


def test_nobody_waits_unseen_where_every_member_of_the_team_declined(app: Flask) -> None:
    app.config["COORDINATOR_EMAILS"] = ("declined@staff.example.com",)
    add_person(app, "Declined", [])

    make_inquiry(app)

    assert recipients(app, "new_inquiry") == ["declined@staff.example.com"]


def test_who_is_given_an_inquiry_or_named_in_a_note_is_told_by_whom(app: Flask, smtp: Mailbox) -> None:
    owner, colleague = add_person(app, "Owner"), add_person(app, "Colleague")
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_by_reference(reference)
        assert inquiry
        by, to = Actor("staff", colleague), db.session.get_one(User, owner)
        services.give_to(inquiry, to, NOTE, inquiry.version, by)
        services.add_note(inquiry, NOTE, inquiry.version, by, [to])

    (given,) = sent_of(app, smtp, f"Inquiry {reference} is yours now")
    (named,) = sent_of(app, smtp, f"You are named in inquiry {reference}")
    assert given.recipients == named.recipients == ("owner@staff.example.com",)
    assert f"Colleague handed inquiry {reference} over to you." in given.text
    assert f"Colleague named you in a note to inquiry {reference}." in named.text
    assert f"https://portal.example/desk/inquiries/{reference}" in given.text
    check_nothing_personal([given, named])


def test_nobody_is_told_what_they_did_themselves_or_do_not_want_to_be_told(app: Flask) -> None:
    owner, colleague = add_person(app, "Owner", []), add_person(app, "Colleague")
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_by_reference(reference)
        assert inquiry
        by = Actor("staff", colleague)
        services.give_to(inquiry, db.session.get_one(User, owner), "", inquiry.version, by)
        services.give_to(inquiry, db.session.get_one(User, colleague), "", inquiry.version, by)
        myself = [db.session.get_one(User, colleague)]
        services.add_note(inquiry, NOTE, inquiry.version, by, myself)

    assert recipients(app, "handed_over") == recipients(app, "mentioned") == []


def test_an_overdue_answer_is_told_to_the_owner_else_to_all_who_want_it(app: Flask, smtp: Mailbox) -> None:
    owner = add_person(app, "Owner")
    add_person(app, "Other")
    add_person(app, "Doctor", role="doctor")  # does not answer people
    mine, nobodys, in_time, was_answered, is_over, of_demo = make_inquiries(app, 6)
    for reference in (mine, nobodys, was_answered, is_over, of_demo):
        change(app, reference, answer_due_at=LONG_AGO)
    change(app, in_time, answer_due_at=OPENING + timedelta(hours=1))
    change(app, mine, owner_id=owner)
    change(app, was_answered, first_answered_at=LONG_AGO)
    change(app, is_over, status="closed")
    change(app, of_demo, is_demo=True)

    assert run(app, "overdue") == {"overdue": 2}

    mails = sent_of(app, smtp, "is overdue") + sent_of(app, smtp, "are overdue")
    told = {mail.recipients[0]: {ref for ref in (mine, nobodys) if ref in mail.text} for mail in mails}
    assert told == {"owner@staff.example.com": {mine, nobodys}, "other@staff.example.com": {nobodys}}
    assert not [
        ref for ref in (in_time, was_answered, is_over, of_demo) for mail in mails if ref in mail.text
    ]
    check_nothing_personal(mails)


def test_an_overdue_answer_is_told_to_the_fixed_addresses_where_no_member_of_staff_wants_it(
    app: Flask,
) -> None:
    owner = add_person(app, "Owner", [])
    reference = make_inquiry(app)
    change(app, reference, answer_due_at=LONG_AGO, owner_id=owner)

    run(app, "overdue")

    assert recipients(app, "answer_overdue") == sorted(COORDINATORS)


def test_an_overdue_answer_is_told_once_on_a_working_day_and_in_working_hours_only(app: Flask) -> None:
    add_person(app, "Owner")
    reference = make_inquiry(app)
    change(app, reference, answer_due_at=LONG_AGO)
    told = []
    for moment in (SUNDAY, OPENING - timedelta(minutes=1), OPENING, OPENING, AFTER_HOURS):
        with time_machine.travel(moment):
            told.append(run(app, "overdue")["overdue"])
    with time_machine.travel(OPENING + timedelta(days=1)):
        told.append(run(app, "overdue")["overdue"])

    assert told == [0, 0, 1, 0, 0, 1]
    with app.app_context():
        inquiry = inquiry_by_reference(reference)
        assert inquiry
        assert inquiry.version == 1  # nobody's change meets another version because of it


def test_of_answers_that_are_overdue_later_on_a_day_the_next_mail_tells(app: Flask) -> None:
    mine, nobodys, later = make_inquiries(app, 3)
    owner = add_person(app, "Owner")
    for reference in (mine, nobodys):
        change(app, reference, answer_due_at=LONG_AGO)
    change(app, mine, owner_id=owner)
    change(app, later, owner_id=owner)
    run(app, "overdue")
    add_person(app, "Other")
    with time_machine.travel(OPENING + timedelta(hours=1)):
        change(app, later, answer_due_at=LONG_AGO)
        change(app, nobodys, overdue_told_on=None)
        run(app, "overdue")

    assert recipients(app, "answer_overdue") == ["other@staff.example.com", "owner@staff.example.com"]

    with time_machine.travel(OPENING + timedelta(days=1)):
        run(app, "overdue")
    with app.app_context():
        newest = db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.queued_at.desc()))
        mail = next(each for each in newest if each.recipient == "owner@staff.example.com")
        assert {each["reference"] for each in mail.params["inquiries"]} == {mine, nobodys, later}


def test_many_overdue_answers_are_one_mail_with_the_longest_overdue_and_a_count(
    app: Flask, smtp: Mailbox
) -> None:
    add_person(app, "Owner")
    references = make_inquiries(app, MOST_NAMED + 3)
    for number, reference in enumerate(references):
        change(app, reference, answer_due_at=LONG_AGO + number * timedelta(minutes=1))

    run(app, "overdue")

    (mail,) = sent_of(app, smtp, "The first answer to 23 inquiries is overdue")
    assert [ref in mail.text for ref in references] == [True] * MOST_NAMED + [False] * 3
    assert "And 3 more, which stand in the list at the desk." in mail.text


def test_the_morning_overview_counts_what_is_open_for_each_who_chose_it(app: Flask, smtp: Mailbox) -> None:
    reader = add_person(app, "Reader", ["digest"])
    add_person(app, "Never")
    mine, to_follow, of_other, is_over, of_demo = make_inquiries(app, 5)
    other = add_person(app, "Other", [])
    follow = OPENING.date()
    for reference in (mine, to_follow, of_other, of_demo):
        change(app, reference, status="in_contact", waiting_since=LONG_AGO, answer_due_at=None)
    change(app, mine, owner_id=reader, follow_up_on=follow + timedelta(days=1))
    change(app, to_follow, follow_up_on=follow, answer_due_at=LONG_AGO, waiting_since=None)
    change(app, of_other, owner_id=other, follow_up_on=follow)
    change(app, is_over, status="closed", waiting_since=None)
    change(app, of_demo, owner_id=reader, follow_up_on=follow, is_demo=True, answer_due_at=LONG_AGO)
    make_inquiry(app)

    assert run(app, "digests") == {"digests": 1}

    (mail,) = sent_of(app, smtp, "What is open at the desk today")
    assert mail.recipients == ("reader@staff.example.com",)
    for line in (
        "The first answer is overdue: 1",
        "To follow up today: 1",
        "Open and yours: 1",
        "New: 1",
    ):
        assert line in mail.text
    assert [ref in mail.text for ref in (mine, of_other, to_follow, of_demo)] == [True, True, False, False]
    check_nothing_personal([mail])


def test_the_morning_overview_is_sent_once_on_each_working_day(app: Flask) -> None:
    add_person(app, "Reader", ["digest"])
    make_inquiry(app)
    sent = []
    for moment in (
        SUNDAY,
        OPENING - timedelta(minutes=1),
        OPENING,
        OPENING + timedelta(hours=1),
        OPENING + timedelta(days=1),
        AFTER_HOURS + timedelta(days=2),
    ):
        with time_machine.travel(moment):
            sent.append(run(app, "digests")["digests"])

    assert sent == [0, 0, 1, 0, 1, 0]


def test_nothing_is_sent_where_nothing_is_open(app: Flask) -> None:
    add_person(app, "Reader", ["digest"])

    assert run(app, "digests") == {"digests": 0}
    make_inquiry(app)
    assert run(app, "digests") == {"digests": 0}
    assert recipients(app, "morning_digest") == []


def test_marks_of_days_long_gone_are_forgotten(app: Flask) -> None:
    reader = add_person(app, "Reader", ["digest"])
    with app.app_context():
        db.session.add(DigestMark(staff_id=reader, day=LONG_AGO.date() - timedelta(days=1)))
        db.session.commit()

    run(app, "digests")

    with app.app_context():
        assert list(db.session.scalars(sa.select(DigestMark.day))) == [OPENING.date()]


def test_two_workers_at_once_tell_each_thing_once(app: Flask) -> None:
    people = [add_person(app, f"Reader{number}", ["digest", "overdue"]) for number in range(6)]
    for number, reference in enumerate(make_inquiries(app, 12)):
        change(app, reference, answer_due_at=LONG_AGO, owner_id=people[number % len(people)])
    start = threading.Barrier(2)
    done: list[dict[str, int]] = []

    def work() -> None:
        start.wait()
        done.append(run(app, "overdue", "digests"))

    workers = [threading.Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(each["overdue"] for each in done) == 12
    assert sum(each["digests"] for each in done) == 6
    assert recipients(app, "morning_digest") == [f"reader{number}@staff.example.com" for number in range(6)]
    with app.app_context():
        mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.message == "answer_overdue"))
        named = [inquiry["reference"] for mail in mails for inquiry in mail.params["inquiries"]]
        assert len(named) == len(set(named)) == 12
