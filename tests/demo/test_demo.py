"""Inquiries of people who do not exist: marked, silent, and removed as a whole; to the desk as real ones."""

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from operator import itemgetter
from random import Random
from typing import cast

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine.interfaces import ReflectedIndex
from werkzeug.datastructures import MultiDict

from app.accounts import passwords
from app.accounts.colleagues import colleagues
from app.accounts.models import User
from app.accounts.roles import WORK_ON_INQUIRIES
from app.audit.log import SYSTEM, Actor
from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.database import Base, db
from app.core.names import plain_form
from app.demo import loading, names, writing
from app.demo.adding import day_in, moment_in
from app.demo.plan import SPAN
from app.inquiries import answering, queries, queue_filters, services, waiting, workflow
from app.inquiries.forms import CallForm, InquiryForm, values_of
from app.inquiries.models import Consent, Inquiry, InquiryEvent, InquiryLookup
from app.inquiries.reminding import send_digests, tell_of_overdue
from app.inquiries.renewing import renew_hints
from app.inquiries.sending import answers_of
from app.inquiries.wanted import said
from app.outbox.models import OutboxMail
from tests.support.cast import PASSWORD
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.making import make_inquiry
from tests.support.pages import page_of
from tests.support.staff import SIGN_IN, add_staff
from tests.support.worker import send_all

COUNT = 60
MODELS: tuple[type[Base], ...] = (Inquiry, InquiryEvent, InquiryLookup, Consent, OutboxMail, User)


def load(app: Flask, count: int = COUNT, seed: str = "one") -> str:
    """Load inquiries by the command, and return what it said."""
    options = ["--inquiries", str(count), "--seed", seed]
    result = app.test_cli_runner().invoke(args=["demo", "load", *options])
    assert result.exit_code == 0, result.output
    return result.output


def remove(app: Flask) -> str:
    """Remove them by the command, and return what it said."""
    result = app.test_cli_runner().invoke(args=["demo", "remove"])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def loaded(app: Flask) -> Iterator[Sequence[Inquiry]]:
    """Some inquiries that were loaded, within the application's context."""
    load(app)
    with app.app_context():
        yield db.session.scalars(sa.select(Inquiry).order_by(Inquiry.sent_at)).all()


def counts(app: Flask) -> dict[str, int]:
    """Return how many rows each of the tables holds."""
    with app.app_context():
        return {
            model.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
            for model in MODELS
        }


def events_of(inquiry: Inquiry) -> Sequence[InquiryEvent]:
    """Return what happened to an inquiry, the oldest first."""
    return db.session.scalars(
        sa.select(InquiryEvent)
        .where(InquiryEvent.inquiry_id == inquiry.id)
        .order_by(InquiryEvent.version, InquiryEvent.at, InquiryEvent.id)
    ).all()


def test_each_one_is_marked_and_opens_at_the_desk(app: Flask, coordinator: FlaskClient) -> None:
    load(app)
    with app.app_context():
        references = db.session.scalars(sa.select(Inquiry.reference).where(Inquiry.is_demo)).all()

    assert len(references) == COUNT
    assert {coordinator.get(f"/desk/inquiries/{reference}").status_code for reference in references} == {200}


def test_each_one_is_found_by_its_reference_name_address_and_phone(loaded: Sequence[Inquiry]) -> None:
    for inquiry in loaded:
        kept = inquiry.answers
        typed = [inquiry.reference, kept["patient_name"], kept.get("email"), kept.get("phone")]
        for text in filter(None, typed):
            found = db.session.scalars(sa.select(Inquiry.id).where(*said(queue_filters.sought(text))))
            assert inquiry.id in set(found), text


def test_the_answers_are_ones_that_the_form_takes(app: Flask, loaded: Sequence[Inquiry]) -> None:
    for inquiry in loaded:
        with app.test_request_context("/", method="POST"):
            values = values_of(answers_of(inquiry), "en")
            ticks = {"consent_processing": "y", "understands_limits": "y"}
            shape = InquiryForm if inquiry.filling_in else CallForm
            form = shape(MultiDict({**values, **ticks}))
            form.validate()
            form.forgive_tokens()
            assert not form.errors, form.errors


def test_what_happened_fits_where_each_one_stands(loaded: Sequence[Inquiry]) -> None:
    for inquiry in loaded:
        events = events_of(inquiry)
        moves = [event for event in events if event.kind == "moved"]
        status = "new"
        for event in moves:
            assert event.status is not None
            workflow.check_move(status, event.status)
            workflow.check_reason(event.status, event.reason or "", event.text or "")
            status = event.status
        owners = [event.to_staff_id for event in events if event.kind == "assigned"]
        answered = [event.at for event in events if event.kind == "answered" or event.outcome == "reached"]
        days = [event.day for event in events if event.kind == "follow_up"]
        assert inquiry.status == status
        assert inquiry.reason == (moves[-1].reason if moves else None)
        assert inquiry.owner_id == (owners[-1] if owners else None)
        assert inquiry.first_answered_at == min(answered, default=None)
        assert inquiry.follow_up_on in {None, *days}
        assert inquiry.waiting_since is None or status in {"new", *waiting.OUR_TURN}
        assert [event.version for event in events] == list(range(1, inquiry.version + 1))
        assert events[0].kind == "sent"
        assert events[0].at == inquiry.sent_at
        assert [event.at for event in events] == sorted(event.at for event in events)


def test_nothing_is_told_that_has_not_happened_yet(loaded: Sequence[Inquiry]) -> None:
    told = [event.at for event in db.session.scalars(sa.select(InquiryEvent))]
    told += [mail.queued_at for mail in db.session.scalars(sa.select(OutboxMail))]
    told += [inquiry.waiting_since for inquiry in loaded if inquiry.waiting_since]

    assert max(told) < now()


def test_the_first_hour_of_a_week_is_a_moment_like_any_other() -> None:
    assert moment_in(168, 0, 5) == "1970-01-08 00:00:05.000000"
    assert day_in(168, 0) == "1970-01-08"
    assert (moment_in(168, None, 5), day_in(168, None)) == (None, None)


def test_an_answer_tells_since_when_the_person_waited_and_was_mailed(loaded: Sequence[Inquiry]) -> None:
    answers = 0
    for inquiry in loaded:
        events = events_of(inquiry)
        for event in events:
            if event.kind == "answered":
                answers += 1
                since = datetime.fromisoformat(event.text["waited_since"] or event.at.isoformat())
                mail = db.session.get_one(OutboxMail, event.mail_id)
                assert since in {earlier.at for earlier in events if earlier.at <= event.at}
                assert (mail.recipient, mail.queued_at) == (event.text["to"], event.at)
                assert mail.params["text"] == event.text["text"]
                assert mail.params["reference"] == inquiry.reference

    assert answers


def test_a_day_of_the_last_months_holds_more_than_one_long_ago(loaded: Sequence[Inquiry]) -> None:
    middle = now() - SPAN / 2

    assert sum(inquiry.sent_at > middle for inquiry in loaded) > COUNT * 0.55
    assert {"form", "steps"} <= {inquiry.channel for inquiry in loaded}
    assert len({inquiry.status for inquiry in loaded}) >= 4


def test_every_text_says_that_it_is_made_up(loaded: Sequence[Inquiry]) -> None:
    signs = (
        "demo",
        "演示",
        "デモ",
        "للعرض فقط",
        "демонстрац",
        "vorführung",
        "démonstration",
        "demostración",
        "demonstração",
        "הדגמה",
    )
    texts = [inquiry.answers.get("message") for inquiry in loaded]
    for event in db.session.scalars(sa.select(InquiryEvent)):
        texts.append(event.text["text"] if event.kind == "answered" else event.text)

    assert [text for text in texts if text and not any(sign in text.casefold() for sign in signs)] == []


def test_names_are_of_many_scripts_short_and_as_long_as_the_field() -> None:
    rng = Random(1)
    made = [names.some_name(rng, names.language_of(names.some_country(rng))) for _each in range(2000)]
    directions = {unicodedata.bidirectional(name[0]) for name in made}
    scripts = {unicodedata.name(name[0]).split()[0] for name in made}

    assert directions >= {"L", "R", "AL"}
    assert scripts >= {"LATIN", "ARABIC", "CYRILLIC", "CJK", "HEBREW", "DEVANAGARI", "HANGUL", "GREEK"}
    assert min(map(len, made)) <= 3
    assert 100 < max(map(len, made)) <= 120


def test_no_mail_comes_of_any(app: Flask, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    load(app)
    monkeypatch.setattr("app.inquiries.reminding.is_working_time", lambda _moment: True)
    with app.app_context():
        assert set(db.session.scalars(sa.select(OutboxMail.state))) == {"sent"}
        assert [tell_of_overdue(), send_digests(), renew_hints()] == [0, 0, 0]

        every = db.session.scalars(sa.select(Inquiry).where(Inquiry.status != "withdrawn"))
        inquiry = next(each for each in every if "email" in each.answers)
        owner = db.session.get_one(User, add_staff(app, "coordinator"))
        answering.send_reply(inquiry, "demo", "", inquiry.version, Actor("staff", owner.id))
        services.give_to(inquiry, owner, "demo", inquiry.version, SYSTEM)

    send_all(app)

    assert smtp.received == []


def test_its_team_cannot_sign_in_and_wants_no_mail(app: Flask, client: FlaskClient) -> None:
    load(app)
    with app.app_context():
        team = db.session.scalars(sa.select(User)).all()
        assert all(user.is_demo and user.password is None and user.mail_choices == [] for user in team)
        email = team[0].email
        passwords.ask_for_reset(email, None)
        assert set(db.session.scalars(sa.select(OutboxMail.state))) == {"sent"}

    fields = page_of(client.get(SIGN_IN)).values(SIGN_IN)
    for password in ("", PASSWORD):
        answer = client.post(SIGN_IN, data={**fields, "email": email, "password": password})
        assert answer.status_code not in {302, 303}


def test_nobody_of_its_team_is_offered_as_a_colleague(app: Flask) -> None:
    load(app)
    with app.app_context():
        staff_id = add_staff(app, "coordinator")

        assert [user.id for user in colleagues(WORK_ON_INQUIRIES)] == [staff_id]


def test_removing_them_leaves_everything_else_and_none_of_them(app: Flask) -> None:
    reference = make_inquiry(app)
    before = counts(app)
    load(app)
    load(app, seed="again")
    assert counts(app)["inquiries"] == before["inquiries"] + 2 * COUNT

    assert f"{2 * COUNT} inquiries were removed." in remove(app)

    assert counts(app) == before
    with app.app_context():
        assert queries.inquiry_by_reference(reference)
        assert db.session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.object_type == "demo").order_by(AuditEntry.at)
        ).all() == ["demo.loaded", "demo.loaded", "demo.removed"]


def test_the_same_seed_makes_the_same_people(app: Flask) -> None:
    made = []
    for _each in range(2):
        load(app, 20)
        with app.app_context():
            made.append(
                [
                    (inquiry.country, inquiry.injury_level, inquiry.answers["patient_name"])
                    for inquiry in db.session.scalars(sa.select(Inquiry).order_by(Inquiry.sent_at))
                ]
            )
        remove(app)

    assert made[0] == made[1]


def test_a_site_in_production_is_refused_them(app: Flask) -> None:
    app.config["PORTAL_ENV"] = "production"

    result = app.test_cli_runner().invoke(args=["demo", "load"])

    assert result.exit_code == 1
    assert "This site is in production" in result.output
    assert counts(app)["inquiries"] == 0


@ON_SQLITE
def test_many_are_made_by_processes_of_their_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 20)
    monkeypatch.setattr(loading, "FEW", 20)

    output = load(app, 110)

    assert "110 inquiries were loaded." in output
    assert counts(app)["inquiries"] == 110


def test_plain_forms_of_names_can_be_searched_for() -> None:
    assert all(plain_form(name) for every in names.GIVEN_NAMES.values() for name in every)


@pytest.fixture
def made_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few be enough for indexes to be made after the rows."""
    monkeypatch.setattr(writing, "MANY", COUNT)
    monkeypatch.setattr(loading, "BATCH", COUNT // 3)
    monkeypatch.setattr(loading, "FEW", COUNT)


def described(index: ReflectedIndex) -> str:
    """Return all that a database says of an index."""
    conditions = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": conditions})


def parts_of_tables(app: Flask) -> dict[str, list[object]]:
    """Return the indexes, keys and references of each table, as the database has them."""
    with app.app_context():
        seen = sa.inspect(db.engine)
        return {
            model.__tablename__: [
                sorted(map(described, seen.get_indexes(model.__tablename__))),
                sorted(seen.get_unique_constraints(model.__tablename__), key=itemgetter("name")),
                sorted(seen.get_foreign_keys(model.__tablename__), key=itemgetter("constrained_columns")),
                seen.get_pk_constraint(model.__tablename__),
            ]
            for model in MODELS
        }


@pytest.mark.usefixtures("made_last")
def test_many_leave_every_index_key_and_reference_as_it_was(app: Flask) -> None:
    before = parts_of_tables(app)

    load(app)

    assert parts_of_tables(app) == before
    with app.app_context():
        seen = sa.inspect(db.engine)
        there = {index["name"] for model in MODELS for index in seen.get_indexes(model.__tablename__)}
        assert there >= {index.name for model in MODELS for index in cast(sa.Table, model.__table__).indexes}


@pytest.mark.usefixtures("made_last")
def test_each_of_many_is_found_too_and_belongs_together(app: Flask) -> None:
    load(app)
    with app.app_context():
        for inquiry in db.session.scalars(sa.select(Inquiry)):
            name = inquiry.answers["patient_name"]
            found = db.session.scalars(sa.select(Inquiry.id).where(*said(queue_filters.sought(name))))
            assert inquiry.id in set(found), name
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
            assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
            assert db.session.scalar(sa.text("PRAGMA journal_mode")) == "wal"
            assert db.session.scalar(sa.text("PRAGMA foreign_keys")) == 1


@pytest.mark.usefixtures("made_last")
def test_nothing_remains_of_many_that_were_interrupted_and_they_can_be_loaded_again(app: Flask) -> None:
    before, were = parts_of_tables(app), counts(app)

    def interrupt(_count: int) -> None:
        raise KeyboardInterrupt

    with app.app_context(), pytest.raises(KeyboardInterrupt):
        loading.load(COUNT, "one", interrupt)

    assert parts_of_tables(app) == before
    assert counts(app) == {**were, "staff": were["staff"] + len(loading.COORDINATORS + loading.DOCTORS)}
    assert f"{COUNT} inquiries were loaded." in load(app)
    assert parts_of_tables(app) == before


@pytest.mark.usefixtures("made_last")
def test_a_database_that_holds_more_keeps_its_indexes_all_the_while(app: Flask) -> None:
    load(app)
    before, meanwhile = parts_of_tables(app), []

    with app.app_context():
        loading.load(COUNT // 2, "two", lambda _count: meanwhile.append(parts_of_tables(app)))

    assert meanwhile
    assert all(parts == before for parts in meanwhile)


@ON_SQLITE
@pytest.mark.usefixtures("made_last")
def test_a_file_that_somebody_else_uses_takes_many_too(app: Flask) -> None:
    with app.app_context(), closing(sqlite3.connect(db.engine.url.database or "")) as other:
        before = other.execute("SELECT count(*) FROM sqlite_master WHERE type = 'index'").fetchone()
        load(app)

        assert other.execute("SELECT count(*) FROM inquiries").fetchone() == (COUNT,)
        after = other.execute("SELECT count(*) FROM sqlite_master WHERE type = 'index'").fetchone()
        assert after == before
