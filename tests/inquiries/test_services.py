import re
import threading
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.accounts.colleagues import colleague_of
from app.audit.log import Actor
from app.audit.models import AuditEntry
from app.core.changes import ChangedMeanwhileError
from app.core.crypto import CannotOpenError
from app.core.database import db
from app.core.links import new_token
from app.inquiries import queries, sending, services
from app.inquiries.models import Inquiry, InquiryEvent
from app.inquiries.workflow import MoveNotAllowedError
from tests.support import cast, stored
from tests.support.databases import close
from tests.support.environment import FIELD_KEY, OLDER_FIELD_KEY
from tests.support.finding import found
from tests.support.making import ARRIVAL, FIRST_DAY, answers, make_inquiry
from tests.support.staff import add_staff


@pytest.fixture
def actor(app: Flask) -> Actor:
    return Actor("staff", add_staff(app, "coordinator"), "192.0.2.1")


def inquiry_of(reference: str) -> Inquiry:
    inquiry = queries.inquiry_by_reference(reference)
    assert inquiry is not None
    return inquiry


def test_references_are_random_and_use_letters_that_cannot_be_misread() -> None:
    made = [sending.new_reference() for _ in range(2000)]

    assert all(re.fullmatch(r"SCI-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", one) for one in made)
    assert len(set(made)) == 2000
    assert not set("0O1ILU") & set("".join(made).replace("SCI", ""))
    assert set("".join(one[4:] for one in made)) - {"-"} == set(sending.REFERENCE_LETTERS)


def test_an_inquiry_gets_another_reference_when_its_own_is_taken(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = make_inquiry(app)
    next_ones = iter([taken, taken, "SCI-2222-2222"])
    monkeypatch.setattr(sending, "new_reference", lambda: next(next_ones))

    assert make_inquiry(app) == "SCI-2222-2222"
    assert len(stored.inquiries(app)) == 2


def test_the_same_form_with_other_answers_names_the_first_inquiry(app: Flask) -> None:
    key = new_token()
    with app.app_context():
        first = sending.send_inquiry(key, answers(), ARRIVAL)
        with pytest.raises(sending.AlreadySentError) as refused:
            sending.send_inquiry(key, answers(message="Something else"), ARRIVAL)

    assert refused.value.reference == first


def test_a_move_is_dated_named_and_recorded(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        services.move_inquiry(inquiry, "in_contact", inquiry.version, actor)

    with app.app_context():
        inquiry = inquiry_of(reference)
        event = queries.events_of(inquiry)[0]
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "inquiry.moved")).one()
        assert (inquiry.status, inquiry.version) == ("in_contact", 2)
        assert (event.kind, event.status, event.staff_id) == ("moved", "in_contact", actor.staff_id)
        assert (entry.staff_id, entry.address, entry.object_id) == (actor.staff_id, "192.0.2.1", inquiry.id)
        assert entry.details == {"source": "new", "target": "in_contact", "reason": ""}


def test_a_move_that_the_workflow_does_not_have_changes_nothing(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    before = stored.everything(app)
    with app.app_context():
        with pytest.raises(MoveNotAllowedError):
            services.move_inquiry(inquiry_of(reference), "offered", 1, actor)
        db.session.rollback()

        assert inquiry_of(reference).status == "new"
    assert stored.everything(app) == before


def test_a_note_is_kept_sealed_and_comes_back_as_it_was_written(app: Flask, actor: Actor) -> None:
    reference, text = make_inquiry(app), f"{cast.NOTE}\n\nвторая строка 👩🏽‍🦽"
    with app.app_context():
        services.add_note(inquiry_of(reference), text, 1, actor)

    with app.app_context():
        event = queries.events_of(inquiry_of(reference))[0]
        assert (event.kind, event.text, event.staff_id) == ("noted", text, actor.staff_id)
        assert event.text_sealed is not None
        assert cast.NOTE.encode() not in event.text_sealed
        assert inquiry_of(reference).version == 2


@pytest.mark.parametrize("change", ["move", "note"])
def test_a_change_of_what_was_changed_meanwhile_is_refused(app: Flask, actor: Actor, change: str) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        services.add_note(inquiry_of(reference), "first", 1, actor)
        before = stored.everything(app)
        acts: dict[str, tuple[Callable[..., None], str]] = {
            "move": (services.move_inquiry, "in_contact"),
            "note": (services.add_note, "second"),
        }
        act, value = acts[change]
        with pytest.raises(ChangedMeanwhileError):
            act(inquiry_of(reference), value, 1, actor)

    assert stored.everything(app) == before


def test_a_hand_over_or_a_day_that_changes_nothing_counts_as_a_change_too(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry, owner = inquiry_of(reference), colleague_of(actor)
        for _each in range(2):
            services.give_to(inquiry, owner, "", inquiry.version, actor)
            services.set_follow_up(inquiry, FIRST_DAY.date(), inquiry.version, actor)

        versions = [event.version for event in queries.events_of(inquiry)]
        assert versions == [5, 4, 3, 2, 1]
        assert inquiry.version == 5


def test_other_answers_and_their_line_in_the_timeline_have_one_version(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        services.complete_answers(inquiry, answers(message="Something else"), 1, actor)

        assert (queries.events_of(inquiry)[0].version, inquiry_of(reference).version) == (2, 2)


def test_of_many_moves_at_once_one_is_made(app: Flask, actor: Actor) -> None:
    reference, ready, outcomes = make_inquiry(app), threading.Barrier(6), []

    def move() -> None:
        with app.app_context():
            inquiry = inquiry_of(reference)
            ready.wait(10)
            try:
                services.move_inquiry(inquiry, "in_contact", 1, actor)
                outcomes.append("moved")
            except ChangedMeanwhileError:
                outcomes.append("refused")

    threads = [threading.Thread(target=move) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(outcomes) == ["moved", *["refused"] * 5]
    with app.app_context():
        moves = sa.select(sa.func.count()).where(InquiryEvent.kind == "moved")
        assert db.session.scalar(moves) == 1
    assert stored.acts(app).count("inquiry.moved") == 1


def test_answers_moved_to_another_inquiry_do_not_open(app: Flask) -> None:
    one, other = make_inquiry(app), make_inquiry(app, patient_name="Example Three")
    with app.app_context():
        inquiry_of(one).answers_sealed = inquiry_of(other).answers_sealed
        db.session.commit()

        with pytest.raises(CannotOpenError):
            _ = inquiry_of(one).answers


def test_after_a_new_key_old_inquiries_open_and_are_found_and_a_wrong_key_opens_none(
    environ: dict[str, str],
) -> None:
    before = create_app({**environ, "FIELD_KEYS": OLDER_FIELD_KEY})
    reference = make_inquiry(before)
    rotated = create_app({**environ, "FIELD_KEYS": f"{FIELD_KEY},{OLDER_FIELD_KEY}"})
    newer = make_inquiry(rotated)
    wrong = create_app({**environ, "FIELD_KEYS": FIELD_KEY})

    with rotated.app_context():
        assert inquiry_of(reference).answers["patient_name"] == cast.PATIENT_NAME
        references = {inquiry.reference for inquiry in found(cast.PATIENT_EMAIL)}
        assert references == {reference, newer}
    with wrong.app_context(), pytest.raises(CannotOpenError):
        _ = inquiry_of(reference).answers
    for app in (before, rotated, wrong):
        close(app)


def test_the_same_form_is_known_again_after_a_new_key(environ: dict[str, str]) -> None:
    key = new_token()
    before = create_app({**environ, "FIELD_KEYS": OLDER_FIELD_KEY})
    rotated = create_app({**environ, "FIELD_KEYS": f"{FIELD_KEY},{OLDER_FIELD_KEY}"})
    with before.app_context():
        first = sending.send_inquiry(key, answers(), ARRIVAL)
    with rotated.app_context():
        assert sending.send_inquiry(key, answers(), ARRIVAL) == first
    for app in (before, rotated):
        close(app)


def test_reading_is_recorded_before_anything_is_shown(app: Flask, actor: Actor) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        inquiry = inquiry_of(reference)
        services.read_inquiry(inquiry, actor)
        inquiry_id: UUID = inquiry.id

    with app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "inquiry.read")).one()
        assert (entry.actor, entry.staff_id, entry.object_id) == ("staff", actor.staff_id, inquiry_id)
