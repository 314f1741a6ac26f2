"""The worker: looks for due mails, sends them, and shows that it is alive."""

import random
import signal
import socket
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Empty, SimpleQueue
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.chores import run_chores
from app.core.clock import now
from app.core.database import db, new_id
from app.core.logs import log
from app.outbox.claims import Outcome, claim, held_mail, keep_outcome, release, renew
from app.outbox.connection import MailConnection
from app.outbox.delivery import (
    NoServerError,
    close_connection,
    deliver,
    is_open,
    open_connection,
)
from app.outbox.models import OutboxMail, OutboxWorker

BATCH = 20
"""Mails claimed at once and sent over one connection."""
POLL_SECONDS = 1.0
BEAT_SECONDS = 5.0
RENEW_SECONDS = 20.0
"""How often the lease of the mail in hand is renewed; well before it could end."""
LONGEST_PAUSE_SECONDS = 60.0
"""The mail server is tried at least this often while it is away."""
ALIVE = timedelta(seconds=60)
"""A worker that gave no sign for longer counts as dead."""
FORGOTTEN = timedelta(days=1)
"""A dead worker's row is removed after this."""


class StopSignal:
    """Tells a worker to end. A signal handler may set it; it must not set a threading.Event, whose
    lock the interrupted thread may hold.
    """

    def __init__(self) -> None:
        """Start unset."""
        self._asked = False
        self._wake: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Ask the worker to end, and wake it."""
        self._asked = True
        self._wake.put(None)

    def is_set(self) -> bool:
        """Return whether the worker was asked to end."""
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Sleep until asked to end, at most so long; return whether it was."""
        if not self._asked:
            with suppress(Empty):
                self._wake.get(timeout=seconds)
        return self._asked


@dataclass
class Worker:
    """One worker's state. Its times are of the monotonic clock."""

    id: UUID = field(default_factory=new_id)
    stop: StopSignal = field(default_factory=StopSignal)
    beat_due: float = 0.0
    chores_due: dict[str, float] = field(default_factory=dict)
    """When each chore is due next, by its name."""
    server_failures: int = 0
    paused_until: float = 0.0


def run_worker(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; for a process of its own."""
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    with socket_timeout(app.config["MAIL_TIMEOUT_SECONDS"]):
        work(app, worker)


@contextmanager
def socket_timeout(seconds: float) -> Iterator[None]:
    """Give every new socket of this process a timeout: Flask-Mail passes none on to smtplib."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def work(app: Flask, worker: Worker) -> None:
    """Send mails until ``worker.stop`` is set; nothing else ends it."""
    log.info("outbox worker started", worker=str(worker.id))
    while not worker.stop.is_set():
        if not work_once(app, worker):
            worker.stop.wait(POLL_SECONDS)
    with app.app_context():
        sign_off(worker)
    log.info("outbox worker stopped", worker=str(worker.id))


def work_once(app: Flask, worker: Worker) -> bool:
    """Send one batch of what is due; return whether more may be due at once."""
    try:
        with app.app_context():
            beat(worker)
            run_chores(worker.chores_due)
            if time.monotonic() < worker.paused_until:
                return False
            mails = claim(worker.id, BATCH)
            if mails:
                send_batch(worker, mails)
            return len(mails) == BATCH
    except SQLAlchemyError as error:
        log.warning("outbox database unavailable", error=type(error).__name__)
    except Exception as error:
        # The text of an exception could quote a mail; its kind and place cannot.
        log.error("outbox worker failed", error=type(error).__name__, where=place_of(error))
    return False


def send_batch(worker: Worker, mails: list[UUID]) -> None:
    """Send claimed mails over one connection, and give back those that were not tried."""
    untried = deque(mails)
    try:
        connection = open_connection()
        try:
            while untried and not worker.stop.is_set() and is_open(connection):
                beat(worker)
                send_next(worker, connection, untried)
        finally:
            close_connection(connection)
    except NoServerError as error:
        worker.server_failures += 1
        seconds = server_pause(worker.server_failures)
        worker.paused_until = time.monotonic() + seconds
        log.warning(
            "mail server unavailable",
            error=str(error),
            smtp_code=error.code,
            next_try_in_seconds=round(seconds, 1),
        )
    finally:
        release(worker.id, untried)


def send_next(worker: Worker, connection: MailConnection, untried: deque[UUID]) -> None:
    """Try the first of ``untried`` and keep what became of it.

    Raises NoServerError, with the mail put back, if the server takes none; and without, if it fell
    silent while it had the mail, which then rests like any other that was put off.
    """
    mail = untried.popleft()
    row = held_mail(worker.id, mail)
    if row is None:
        return
    try:
        with kept_in_hand(worker, mail):
            outcome = deliver(connection, row)
    except NoServerError:
        untried.appendleft(mail)
        raise
    keep(worker, row, outcome)
    if outcome.state == "queued" and not is_open(connection):
        raise NoServerError(outcome.words if outcome.code is None and outcome.words else "Closed")
    worker.server_failures = 0


@contextmanager
def kept_in_hand(worker: Worker, mail: UUID) -> Iterator[None]:
    """Renew the mail's lease now and then, and give signs of life: a server may think for long."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    done = threading.Event()

    def keep_in_hand() -> None:
        while not done.wait(RENEW_SECONDS):
            with app.app_context():
                beat(worker)
                try:
                    renew(worker.id, mail)
                except SQLAlchemyError as error:
                    log.warning("outbox database unavailable", error=type(error).__name__)

    keeper = threading.Thread(target=keep_in_hand, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def keep(worker: Worker, row: OutboxMail, outcome: Outcome) -> None:
    """Write what became of a mail, however long the database is away: it would be sent twice else."""
    while True:
        try:
            state = keep_outcome(worker.id, row, outcome)
            break
        except SQLAlchemyError as error:
            db.session.rollback()
            log.warning("outbox database unavailable", error=type(error).__name__)
            if worker.stop.wait(POLL_SECONDS):
                raise
    log.log(
        {"sent": 20, "queued": 30, "failed": 40}[state],
        f"mail {state}",
        mail=str(row.id),
        kind=row.message,
        attempts=row.attempts + 1,
        smtp_code=outcome.code,
    )


def server_pause(failures: int) -> float:
    """Return how many seconds to leave the mail server alone after it failed n times in a row."""
    seconds = 2.0 ** min(failures - 1, 10) * random.uniform(0.75, 1.25)  # noqa: S311 -- not a secret
    return min(seconds, LONGEST_PAUSE_SECONDS)


def place_of(error: BaseException) -> str:
    """Return the file and line where an exception was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}"


def beat(worker: Worker) -> None:
    """Write a sign of life, if the last one is old enough; a failing database is no reason to stop."""
    if time.monotonic() < worker.beat_due:
        return
    try:
        db.session.merge(OutboxWorker(id=worker.id, beat_at=now()))
        db.session.execute(
            sa.delete(OutboxWorker).where(OutboxWorker.beat_at < now() - FORGOTTEN),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("outbox database unavailable", error=type(error).__name__)
    worker.beat_due = time.monotonic() + BEAT_SECONDS


def sign_off(worker: Worker) -> None:
    """Remove the worker's sign of life."""
    try:
        db.session.execute(sa.delete(OutboxWorker).where(OutboxWorker.id == worker.id))
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("outbox database unavailable", error=type(error).__name__)


def some_worker_is_alive() -> bool:
    """Return whether any worker gave a sign of life lately."""
    newest = db.session.scalar(sa.select(sa.func.max(OutboxWorker.beat_at)))
    return newest is not None and now() - newest <= ALIVE
