"""What the outbox's tests share: mails to send, a worker in a thread, and a worker in a process."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.core.database import db
from app.outbox.models import OutboxMail
from app.outbox.queue import enqueue
from app.outbox.worker import Worker, work, work_once

ROOT = Path(__file__).parents[2]
REFERENCE = "SCI-ABCD-2345"
RunningWorker = Callable[[], AbstractContextManager[Worker]]
WorkerProcess = Callable[[], AbstractContextManager[subprocess.Popen[bytes]]]


@pytest.fixture(autouse=True)
def socket_timeout() -> Iterator[None]:
    """The worker's sockets give up as they do in its own process, only sooner."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(1)
    yield
    socket.setdefaulttimeout(before)


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    """The answer to a mail's text is waited for no longer than any other."""
    return {**environ, "MAIL_ANSWER_TIMEOUT_SECONDS": "1"}


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker looks again at once, so that a test waits for events and not for pauses."""
    monkeypatch.setattr("app.outbox.worker.POLL_SECONDS", 0.02)
    monkeypatch.setattr("app.outbox.keeping.RETRY_SECONDS", 0.02)
    monkeypatch.setattr("app.outbox.worker.LONGEST_PAUSE_SECONDS", 0.1)


@dataclass(frozen=True)
class Outbox:
    """The application's outbox, as a test fills, reads and empties it."""

    app: Flask

    def put(self, recipient: str = "one@clinic.example", message: str = "new_inquiry") -> UUID:
        """Put one mail in and return its id."""
        params = {"reference": REFERENCE, "address": f"https://portal.example/desk/{REFERENCE}"}
        with self.app.app_context():
            mail = enqueue(message, recipient=recipient, language="en", params=params)
            db.session.commit()
            return mail.id

    def read(self, mail: UUID) -> OutboxMail:
        """Return a mail's row as it is now."""
        with self.app.app_context():
            row = db.session.get_one(OutboxMail, mail)
            db.session.expunge(row)
            return row

    def answer(self, mail: UUID) -> str:
        """Return what the mail server said of a mail."""
        with self.app.app_context():
            return str(self.read(mail).answer)

    def change(self, mail: UUID, **values: Any) -> None:
        """Change a mail's row behind the workers' backs."""
        with self.app.app_context():
            row = db.session.get_one(OutboxMail, mail)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.commit()

    def send_due(self) -> None:
        """Let a worker send one batch of what is due, here and now."""
        work_once(self.app, Worker())


@pytest.fixture
def outbox(app: Flask) -> Outbox:
    return Outbox(app)


@pytest.fixture
def running_worker(app: Flask) -> RunningWorker:
    """A worker in a thread; when the block has ended, so has the worker."""

    @contextmanager
    def run() -> Iterator[Worker]:
        worker = Worker()
        thread = threading.Thread(target=work, args=(app, worker))
        thread.start()
        try:
            yield worker
        finally:
            worker.stop.set()
            thread.join(10)
        assert not thread.is_alive()

    return run


@pytest.fixture
def worker_process(app: Flask, environ: dict[str, str]) -> WorkerProcess:
    """A real ``flask outbox work``; it is killed at the end of the block if it still runs."""

    @contextmanager
    def run() -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "outbox", "work"],
            cwd=ROOT,
            env={
                **os.environ,
                **environ,
                "MAIL_TIMEOUT_SECONDS": "5",
                "MAIL_ANSWER_TIMEOUT_SECONDS": "5",
            },
            stderr=subprocess.PIPE,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    return run
