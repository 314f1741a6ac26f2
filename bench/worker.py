"""The worker: mails that wait in a database, written and handed to a mail server over one connection.

Half of them tell a person that an inquiry has come, half the team. A worker claims them, writes them and
keeps what became of each. It is held against the very bytes of such mails, written before and handed to the
same server by Python's own smtplib over one connection, without a database. The server is the simplest there
is (``references/smtp_sink.py``), in a process of its own, and takes one command at a time, so that both have
the same dialogue with it. Most servers take several at once (RFC 2920), which the worker makes use of and
smtplib does not: what it reaches on such a one is told besides.

Every turn has to end with the server having taken each mail once, and every row being ``sent``.
"""

import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from app.core.database import db
from app.outbox.delivery import compose
from app.outbox.models import OutboxMail, OutboxWorker
from app.outbox.queue import enqueue
from app.outbox.worker import Worker, socket_timeout, work_once
from bench.figures import Figure, WrongAnswerError, at_least, pairs, ratios
from bench.sites import ENGINES, EngineName, Site, site
from tools.bootstrap import ROOT, die_with_parent
from tools.run import HOST

MAILS = 600
"""Mails of one turn."""
GOAL = 0.6
PIPELINING_ROUNDS = 2
"""Pairs on a server that takes several commands at once."""
WORKERS = 2
STARTED_SECONDS = 60.0
LOOK_SECONDS = 0.01
Prepared = list[tuple[str, str, bytes]]
"""Who sends a mail, who gets it, and its text."""


@dataclass(frozen=True)
class Sink:
    """A mail server that counts."""

    port: int

    def taken(self) -> int:
        """Return how many mails it has taken so far."""
        with smtplib.SMTP(HOST, self.port) as client:
            return int(client.noop()[1])


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ENGINES:
        tell(f"{engine}: a site")
        with (
            tempfile.TemporaryDirectory() as folder,
            sink() as server,
            sink("--pipelining") as pipelining,
            socket_timeout(30),
        ):
            Path(folder).chmod(0o755)  # PostgreSQL has a user of its own
            with site(Path(folder), engine, MAIL_PORT=str(server.port)) as ours:
                yield measured_on(engine, ours, server, pipelining, tell)


def measured_on(
    engine: EngineName, ours: Site, server: Sink, pipelining: Sink, tell: Callable[[str], None]
) -> Figure:
    """Measure on one engine."""
    mails = prepared(ours.app)
    tell(f"{engine}: {MAILS} mails a turn")
    costs, processor = turns(ours.app, server, mails)
    tell(f"{engine}: several commands at once")
    pipelined_costs, _processor = turns(ours.app, pipelining, mails, PIPELINING_ROUNDS)
    told = [
        f"{1 / median(mine for mine, _limit in costs):,.0f} mails a second of"
        f" {1 / median(limit for _mine, limit in costs):,.0f}",
        f"{processor * 1000:.2f} ms of the processor a mail",
        f"{median(by_rate(pipelined_costs)):.2f} with several commands at once",
    ]
    if engine == "postgresql":
        tell(f"{engine}: {WORKERS} workers")
        told.append(f"{WORKERS} workers {rate_of_several(ours, server):,.0f} mails a second")
    return at_least(f"worker on {engine}", GOAL, "of prebuilt mails", by_rate(costs), "; ".join(told))


def by_rate(costs: list[tuple[float, float]]) -> list[float]:
    """Return how many mails the worker sends in the time of one prebuilt."""
    return [1 / ratio for ratio in ratios(costs)]


def turns(
    app: Flask, server: Sink, mails: Prepared, rounds: int = 5
) -> tuple[list[tuple[float, float]], float]:
    """Return the seconds that a mail takes either, in turns, and the worker's processor time for one."""
    app.extensions["mail"].port = server.port
    worked: list[float] = []

    def drain() -> float:
        fill(app)
        before, used, start = server.taken(), time.process_time(), time.perf_counter()
        worker = Worker()
        while work_once(app, worker):
            pass
        passed = time.perf_counter() - start
        worked.append((time.process_time() - used) / MAILS)
        check(app, server.taken() - before)
        return passed / MAILS

    def hand_over() -> float:
        before, start = server.taken(), time.perf_counter()
        with smtplib.SMTP(HOST, server.port) as client:
            for sender, recipient, text in mails:
                client.sendmail(sender, [recipient], text)
        passed = time.perf_counter() - start
        if server.taken() - before != MAILS:
            raise WrongAnswerError("the server lost prebuilt mails")
        return passed / MAILS

    costs = pairs(drain, hand_over, rounds)
    return costs, median(worked[1:])


def fill(app: Flask) -> None:
    """Empty the outbox and put the mails of one turn into it."""
    with app.app_context():
        db.session.execute(sa.delete(OutboxMail))
        for number in range(MAILS // 2):
            reference = f"SCI-ABCD-{number:04}"
            address = f"https://portal.example/desk/{reference}"
            enqueue(
                "inquiry_received",
                recipient=f"person{number}@mail.example",
                language="en",
                params={"reference": reference, "days": 3},
            )
            enqueue(
                "new_inquiry",
                recipient="coordinator@clinic.example",
                language="en",
                params={"reference": reference, "address": address, "is_urgent": False},
            )
        db.session.commit()


def prepared(app: Flask) -> Prepared:
    """Return the mails of one turn as the worker writes them."""
    fill(app)
    with app.app_context():
        letters = [compose(row) for row in db.session.scalars(sa.select(OutboxMail))]
        return [(letter.sender, letter.recipient, letter.as_bytes()) for letter in letters]


def check(app: Flask, taken: int) -> None:
    """Raise WrongAnswerError unless each mail was taken once, and every row says so."""
    with app.app_context():
        counted = sa.select(sa.func.count()).where(OutboxMail.state == "sent", OutboxMail.attempts == 1)
        sent = db.session.scalar(counted)
    if not taken == sent == MAILS:
        raise WrongAnswerError(f"of {MAILS} mails {taken} were taken and {sent} are kept as sent")


@contextmanager
def sink(*options: str) -> Iterator[Sink]:
    """Run the mail server in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.references.smtp_sink", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        preexec_fn=die_with_parent,  # noqa: PLW1509 -- it takes no lock
    ) as process:
        assert process.stdout is not None
        try:
            yield Sink(int(process.stdout.readline()))
        finally:
            process.terminate()


def rate_of_several(ours: Site, server: Sink) -> float:
    """Return how many mails a second several workers send at once, from the first mail to the last."""
    with ours.app.app_context():
        db.session.execute(sa.delete(OutboxWorker))  # those of before are gone
        db.session.commit()
    with ExitStack() as workers:
        for _worker in range(WORKERS):
            workers.enter_context(worker_process(ours))
        wait_until(lambda: len(alive(ours.app)) >= WORKERS)
        before = server.taken()
        fill(ours.app)
        wait_until(lambda: server.taken() > before)
        first, start = server.taken(), time.perf_counter()
        wait_until(lambda: server.taken() - before >= MAILS)
        rate = (before + MAILS - first) / (time.perf_counter() - start)
    check(ours.app, server.taken() - before)
    return rate


@contextmanager
def worker_process(ours: Site) -> Iterator[None]:
    """Run a worker in a process of its own; at the end it has kept all that it did."""
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "outbox", "work"],
        cwd=ROOT,
        env={**os.environ, **ours.environ},
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,  # noqa: PLW1509 -- it takes no lock
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def alive(app: Flask) -> list[UUID]:
    """Return the workers that gave a sign of life."""
    with app.app_context():
        return list(db.session.scalars(sa.select(OutboxWorker.id)))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as something is so; raise WrongAnswerError if it takes too long."""
    deadline = time.monotonic() + STARTED_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise WrongAnswerError("the workers did not send everything")
        time.sleep(LOOK_SECONDS)
