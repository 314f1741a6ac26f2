"""The worker: looks for due mails, sends them, and shows that it is alive."""

import random
import signal
import socket
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from queue import Empty, SimpleQueue
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.chores import run_chores
from app.core.clock import now
from app.core.database import db, new_id
from app.core.logs import log
from app.outbox.claims import Outcome, claim, is_ready, release
from app.outbox.connection import MailConnection
from app.outbox.delivery import NoServerError, Written, close_connection, deliver, open_connection, write
from app.outbox.keeping import Hand, held_in_hand, keep, tell_unavailable
from app.outbox.models import OutboxMail, OutboxWorker

BATCH = 50
"""Mails claimed at once."""
POLL_SECONDS = 1.0
BEAT_SECONDS = 5.0
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


class Untried:
    """Mails that a worker holds and has not tried, the first of them perhaps written already."""

    def __init__(self, rows: Iterable[OutboxMail]) -> None:
        """Take the mails."""
        self.rows = deque(rows)
        self._first: tuple[OutboxMail, Written | Outcome] | None = None

    def write_first(self) -> None:
        """Write the first mail, for when it is its turn."""
        if self.rows:
            self._first = self.rows[0], write(self.rows[0])

    def written(self, row: OutboxMail) -> Written | Outcome:
        """Return a mail, written."""
        if self._first and self._first[0] is row:
            return self._first[1]
        return write(row)


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
    """Send what is due; return whether more may be due at once."""
    try:
        with app.app_context():
            beat(worker)
            run_chores(worker.chores_due)
            if time.monotonic() < worker.paused_until:
                return False
            mails = claim(worker.id, BATCH)
            if mails:
                send_all(app, worker, mails)
            return len(mails) == BATCH
    except SQLAlchemyError as error:
        tell_unavailable(error)
    except Exception as error:
        # The text of an exception could quote a mail; its kind and place cannot.
        log.error("outbox worker failed", error=type(error).__name__, where=place_of(error))
    return False


def send_all(app: Flask, worker: Worker, mails: list[OutboxMail]) -> None:
    """Send claimed mails, and all that are due after them, over one connection; give back those not tried."""
    untried = Untried(mails)
    try:
        connection = open_connection()
        try:
            with held_in_hand(app, worker.id, partial(beat, worker)) as hand:
                while untried.rows and not worker.stop.is_set() and connection.is_open:
                    send_next(worker, connection, hand, untried)
                    if not untried.rows:
                        run_chores(worker.chores_due)
                        untried.rows.extend(claim(worker.id, BATCH))
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
        db.session.rollback()  # whatever went wrong
        release(worker.id, [row.id for row in untried.rows])


def send_next(worker: Worker, connection: MailConnection, hand: Hand, untried: Untried) -> None:
    """Try the first of ``untried``, write the next one meanwhile, and keep what became of the first.

    Raises NoServerError, with the mail put back, if the server takes none; and without, if it fell
    silent while it had the mail, which then rests like any other that was put off.
    """
    row = untried.rows[0]
    is_mine = is_ready(worker.id, row)
    untried.rows.popleft()
    if not is_mine:
        return
    hand.mail = row.id
    try:
        outcome = deliver(connection, untried.written(row), untried.write_first)
        keep(worker.id, row, outcome, worker.stop.wait)
    except NoServerError:
        untried.rows.appendleft(row)
        raise
    finally:
        hand.mail = None
    if outcome.state == "queued" and not connection.is_open:
        raise NoServerError(outcome.words if outcome.code is None and outcome.words else "Closed")
    worker.server_failures = 0


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
        tell_unavailable(error)
    worker.beat_due = time.monotonic() + BEAT_SECONDS


def sign_off(worker: Worker) -> None:
    """Remove the worker's sign of life."""
    try:
        db.session.execute(sa.delete(OutboxWorker).where(OutboxWorker.id == worker.id))
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        tell_unavailable(error)


def some_worker_is_alive() -> bool:
    """Return whether any worker gave a sign of life lately."""
    newest = db.session.scalar(sa.select(sa.func.max(OutboxWorker.beat_at)))
    return newest is not None and now() - newest <= ALIVE
