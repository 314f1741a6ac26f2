"""Workers: several at once, killed ones, and a database that goes away."""

import signal
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from app.core.clock import now
from app.core.database import db, new_id
from app.outbox import keeping
from app.outbox import worker as worker_module
from app.outbox.claims import LEASE, claim, is_ready, keep_outcome, release
from app.outbox.delivery import open_connection
from app.outbox.models import OutboxMail, OutboxWorker
from app.outbox.worker import Worker, sign_off, some_worker_is_alive, work_once
from tests.outbox.conftest import Outbox, RunningWorker, WorkerProcess
from tests.support.mailbox import Mailbox
from tests.support.waiting import until

START_SECONDS = 30
"""A process of its own takes long to start on a busy machine."""


def fail_first(times: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with a database that is locked the first few times."""
    left = iter(range(times))

    def sometimes(*args: Any) -> Any:
        if next(left, None) is not None:
            raise OperationalError("SELECT", {}, Exception("database is locked"))
        return function(*args)

    return sometimes


def claimed(worker: UUID, limit: int) -> list[UUID]:
    """Claim mails for a worker, and return their ids."""
    return [row.id for row in claim(worker, limit)]


def test_two_workers_never_hold_the_same_mail(app: Flask, outbox: Outbox) -> None:
    mails = [outbox.put() for _ in range(5)]
    with app.app_context():
        first, second = claimed(new_id(), 3), claimed(new_id(), 20)
    assert sorted(first + second) == sorted(mails)
    assert len(first) == 3


def test_two_workers_at_once_send_each_mail_once(
    outbox: Outbox, running_worker: RunningWorker, smtp: Mailbox
) -> None:
    mails = [outbox.put(f"person.{number}@clinic.example") for number in range(60)]
    with ExitStack() as workers:
        for _ in range(2):
            workers.enter_context(running_worker())
        smtp.wait_for(60, seconds=20)
    assert len(smtp.received) == 60
    assert len({received.message["Message-ID"] for received in smtp.received}) == 60
    assert {outbox.read(mail).state for mail in mails} == {"sent"}


def test_the_mail_of_a_dead_worker_is_taken_over_when_its_lease_ends(
    app: Flask, outbox: Outbox, smtp: Mailbox
) -> None:
    mail = outbox.put()
    dead = new_id()
    with app.app_context():
        (row,) = claim(dead, 20)
    assert row.id == mail
    outbox.send_due()
    assert smtp.received == []
    assert timedelta() < outbox.read(mail).due_at - now() <= LEASE

    outbox.change(mail, due_at=now())
    outbox.send_due()
    assert len(smtp.wait_for(1)) == 1
    assert outbox.read(mail).state == "sent"
    with app.app_context(), time_machine.travel(now() + LEASE):
        assert not is_ready(dead, row)  # should it have been asleep only


def test_a_lease_about_to_end_is_renewed_before_its_mail_is_sent(app: Flask, outbox: Outbox) -> None:
    mail = outbox.put()
    worker = new_id()
    with app.app_context():
        (row,) = claim(worker, 20)
    outbox.change(mail, due_at=now() + timedelta(seconds=5))
    row.due_at = now() + timedelta(seconds=5)
    with app.app_context():
        assert is_ready(worker, row)
    assert outbox.read(mail).due_at - now() > timedelta(seconds=50)


def test_a_released_mail_can_be_claimed_at_once_and_only_by_who_asks_first(
    app: Flask, outbox: Outbox
) -> None:
    mail = outbox.put()
    first, second = new_id(), new_id()
    with app.app_context():
        claim(first, 20)
        release(first, [mail])
        assert claimed(second, 20) == [mail]
        release(first, [mail])
        assert claim(first, 20) == []


def test_a_worker_killed_before_it_sends_loses_nothing_and_repeats_nothing(
    outbox: Outbox, worker_process: WorkerProcess, smtp: Mailbox
) -> None:
    mail = outbox.put()
    smtp.hang()
    with worker_process() as process:
        smtp.wait_for_connection(seconds=START_SECONDS)
        process.send_signal(signal.SIGKILL)
        process.wait(5)
    smtp.go_on()
    assert smtp.received == []
    assert outbox.read(mail).state == "sending"

    outbox.change(mail, due_at=now())  # its lease ends
    with worker_process() as process:
        smtp.wait_for(1, seconds=START_SECONDS)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert len(smtp.received) == 1
    assert outbox.read(mail).state == "sent"


@pytest.fixture
def end_leases(app: Flask) -> Callable[[], None]:
    """Let time pass, for the mails that a dead worker held."""

    def end() -> None:
        with app.app_context():
            held = sa.update(OutboxMail).where(OutboxMail.state == "sending")
            db.session.execute(held.values(due_at=now()))
            db.session.commit()

    return end


def test_workers_killed_in_full_swing_send_every_mail_and_repeat_at_most_one_each(
    outbox: Outbox,
    end_leases: Callable[[], None],
    running_worker: RunningWorker,
    worker_process: WorkerProcess,
    smtp: Mailbox,
) -> None:
    mails = [outbox.put(f"person.{number}@clinic.example") for number in range(90)]
    for killed_after in (20, 60):
        with worker_process() as process:
            smtp.wait_for(killed_after, seconds=START_SECONDS)
            process.kill()
            process.wait(5)
        end_leases()
    with running_worker():
        until(lambda: {outbox.read(mail).state for mail in mails} == {"sent"})

    times_received = Counter(received.message["Message-ID"] for received in smtp.received)
    assert len(times_received) == len(mails)
    assert len(smtp.received) - len(mails) <= 2


def test_a_worker_killed_while_its_database_is_stuck_repeats_one_mail(
    app: Flask,
    outbox: Outbox,
    end_leases: Callable[[], None],
    worker_process: WorkerProcess,
    smtp: Mailbox,
) -> None:
    mails = [outbox.put(f"person.{number}@clinic.example") for number in range(5)]
    smtp.hang()
    with worker_process() as process:
        smtp.wait_for_connection(seconds=START_SECONDS)
        with app.app_context():
            db.session.execute(sa.update(OutboxMail).values(language=OutboxMail.language))
            smtp.go_on()
            smtp.wait_for(1, seconds=START_SECONDS)
            process.kill()
            process.wait(5)
            db.session.rollback()
    assert len(smtp.received) == 1

    end_leases()
    outbox.send_due()
    assert len(smtp.wait_for(len(mails) + 1)) == len(mails) + 1
    assert {outbox.read(mail).state for mail in mails} == {"sent"}


def test_no_mail_is_sent_before_it_is_kept_what_became_of_the_one_before(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, smtp: Mailbox
) -> None:
    in_doubt: list[int] = []

    def count_and_keep(*args: Any) -> Any:
        kept = db.session.scalars(sa.select(OutboxMail.id).where(OutboxMail.state == "sent")).all()
        in_doubt.append(len(smtp.received) - len(kept))
        if len(in_doubt) % 3:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return keep_outcome(*args)

    monkeypatch.setattr(keeping, "keep_outcome", count_and_keep)
    for number in range(10):
        outbox.put(f"person.{number}@clinic.example")
    outbox.send_due()
    assert len(smtp.received) == 10
    assert in_doubt == [1] * 30


def test_mails_whose_lease_cannot_be_renewed_are_given_back(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, smtp: Mailbox
) -> None:
    monkeypatch.setattr(worker_module, "is_ready", fail_first(1, is_ready))
    mails = [outbox.put() for _ in range(3)]
    outbox.send_due()
    assert smtp.received == []
    assert {(outbox.read(mail).state, outbox.read(mail).worker) for mail in mails} == {("queued", None)}

    outbox.send_due()
    assert len(smtp.received) == 3


def test_several_workers_at_once_share_the_mails_and_send_each_once(
    app: Flask,
    outbox: Outbox,
    monkeypatch: pytest.MonkeyPatch,
    running_worker: RunningWorker,
    smtp: Mailbox,
) -> None:
    app.config["MAIL_ANSWER_TIMEOUT_SECONDS"] = 20
    mails = [outbox.put(f"person.{number}@clinic.example") for number in range(300)]
    shares: Counter[UUID] = Counter()

    def claim_and_tell(worker: UUID, limit: int) -> list[OutboxMail]:
        rows = claim(worker, limit)
        shares[worker] += len(rows)
        return rows

    monkeypatch.setattr(worker_module, "claim", claim_and_tell)
    smtp.hang()
    with ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(running_worker())
        until(lambda: len(+shares) == 3)
        smtp.go_on()
        smtp.wait_for(300, seconds=30)
    assert len(smtp.received) == 300
    assert len({received.message["Message-ID"] for received in smtp.received}) == 300
    assert {outbox.read(mail).state for mail in mails} == {"sent"}
    assert sum(shares.values()) == 300


def test_a_worker_that_is_told_to_stop_finishes_its_mail_and_gives_the_others_back(
    outbox: Outbox, worker_process: WorkerProcess, smtp: Mailbox
) -> None:
    mails = [outbox.put() for _ in range(5)]
    smtp.hang()
    with worker_process() as process:
        smtp.wait_for_connection(seconds=START_SECONDS)
        process.send_signal(signal.SIGTERM)
        smtp.go_on()
        assert process.wait(5) == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    states = [outbox.read(mail).state for mail in mails]
    assert states.count("sent") == len(smtp.received) <= 1
    assert states.count("queued") == 5 - len(smtp.received)


def test_a_database_that_goes_away_does_not_end_the_worker(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, running_worker: RunningWorker, smtp: Mailbox
) -> None:
    monkeypatch.setattr(worker_module, "claim", fail_first(2, claim))
    outbox.put()
    with capture_logs() as logs, running_worker():
        smtp.wait_for(1)
    assert "outbox database unavailable" in {line["event"] for line in logs}


def test_a_mail_is_not_sent_again_when_the_database_is_away_at_the_wrong_moment(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, smtp: Mailbox
) -> None:
    monkeypatch.setattr(keeping, "keep_outcome", fail_first(3, keep_outcome))
    mail = outbox.put()
    outbox.send_due()
    outbox.send_due()
    assert len(smtp.received) == 1
    assert outbox.read(mail).state == "sent"


def test_an_error_nobody_thought_of_does_not_end_the_worker(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, running_worker: RunningWorker, smtp: Mailbox
) -> None:
    broken = iter([True])

    def open_badly() -> Any:
        if next(broken, False):
            raise RuntimeError("one@clinic.example")
        return open_connection()

    monkeypatch.setattr(worker_module, "open_connection", open_badly)
    outbox.put()
    with capture_logs() as logs, running_worker():
        smtp.wait_for(1)
    (line,) = [line for line in logs if line["event"] == "outbox worker failed"]
    assert line["error"] == "RuntimeError"
    assert "clinic.example" not in str(logs)


def test_pauses_for_a_server_that_is_away_grow_to_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert worker_module.server_pause(1) < 1.3
    assert 6 <= worker_module.server_pause(4) <= 10
    assert worker_module.server_pause(500) == 60


def test_readiness_asks_for_a_worker_that_gave_a_sign_of_life_lately(app: Flask) -> None:
    client = app.test_client()
    assert "worker: failing" in client.get("/readyz").text
    worker = Worker()
    work_once(app, worker)
    assert "worker: ok" in client.get("/readyz").text

    def beat_ago(seconds: int) -> bool:
        with app.app_context():
            db.session.execute(sa.update(OutboxWorker).values(beat_at=now() - timedelta(seconds=seconds)))
            db.session.commit()
            return some_worker_is_alive()

    assert beat_ago(55)
    assert not beat_ago(65)
    with app.app_context():
        sign_off(worker)
        assert workers() == []


def test_a_worker_keeps_its_sign_of_life_fresh_and_removes_those_long_dead(app: Flask) -> None:
    dead, silent = new_id(), new_id()
    with app.app_context():
        db.session.add(OutboxWorker(id=dead, beat_at=now() - timedelta(days=2)))
        db.session.add(OutboxWorker(id=silent, beat_at=now() - timedelta(hours=2)))
        db.session.commit()
    worker = Worker()
    for _ in range(2):
        work_once(app, worker)
        worker.beat_due = 0
    with app.app_context():
        assert set(workers()) == {silent, worker.id}


def workers() -> list[UUID]:
    """Return the ids of all workers that gave a sign of life."""
    return list(db.session.scalars(sa.select(OutboxWorker.id)))
