"""What the database is told while mails are sent: in a thread of its own, so that no mail waits for a commit.

What became of a mail is written as soon as the disk allows it, with whatever else has come in by then. Nobody
knows of mails that a killed worker had sent and not yet written: at most ``MOST_UNWRITTEN``, the one in hand
included. They are sent once more.
"""

import logging
import threading
from collections.abc import Callable
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import db
from app.core.logs import log
from app.outbox.claims import Outcome, Try, keep_outcomes, renew
from app.outbox.models import OutboxMail

MOST_UNWRITTEN = 20
"""So many mails may have been tried without that being written; no other is begun until one is."""
GATHER_SECONDS = 0.01
"""How long others are waited for that can be written in the same transaction; half of the most never wait."""
RENEW_SECONDS = 20.0
"""How often the lease of the mail in hand is renewed while a server thinks; well before it could end."""
RETRY_SECONDS = 1.0
"""How long a database that is away is left alone."""
LEVELS = {"sent": logging.INFO, "queued": logging.WARNING, "failed": logging.ERROR}


class Keeper:
    """Keeps what becomes of a worker's mails; at the end of its ``with`` block all is written."""

    def __init__(
        self, app: Flask, worker: UUID, give_sign: Callable[[], None], rest: Callable[[float], bool]
    ) -> None:
        """Take whose mails they are; ``rest`` sleeps, and returns whether to stop."""
        self.in_hand: UUID | None = None
        """The mail that is being sent."""
        self._app = app
        self._worker = worker
        self._give_sign = give_sign
        self._rest = rest
        self._unwritten: list[Try] = []
        self._is_over = False
        self._error: Exception | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Keeper":
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Wait until all is written. Raises what kept it from being written."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        self._thread.join()
        if self._error:
            raise self._error

    def keep(self, row: OutboxMail, outcome: Outcome) -> None:
        """Have it written what became of a mail; wait while too much is unwritten.

        Raises what kept it from being written.
        """
        with self._changed:
            self._unwritten.append((row, outcome))
            if len(self._unwritten) == 1 or self._is_pressing():
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._error or len(self._unwritten) < MOST_UNWRITTEN)
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            with self._app.app_context():
                while not self._is_done():
                    self._work()
        except Exception as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _is_done(self) -> bool:
        return self._is_over and not self._unwritten

    def _is_pressing(self) -> bool:
        return self._is_over or len(self._unwritten) >= MOST_UNWRITTEN // 2

    def _work(self) -> None:
        """Write what has come in; if nothing has for a while, keep the mail in hand."""
        with self._changed:
            if self._changed.wait_for(lambda: self._unwritten or self._is_over, RENEW_SECONDS):
                self._changed.wait_for(self._is_pressing, GATHER_SECONDS)
            tries = list(self._unwritten)
            is_waiting = not self._is_over
        self._give_sign()
        if tries:
            self._write(tries)
            with self._changed:
                del self._unwritten[: len(tries)]
                self._changed.notify_all()
        elif is_waiting and self.in_hand:
            self._renew(self.in_hand)

    def _write(self, tries: list[Try]) -> None:
        """Write what became of mails, however long the database is away: they would be sent twice else."""
        while True:
            try:
                states = keep_outcomes(self._worker, tries)
                break
            except SQLAlchemyError as error:
                db.session.rollback()
                tell_unavailable(error)
                if self._rest(RETRY_SECONDS):
                    raise
        for (row, outcome), state in zip(tries, states, strict=True):
            log.log(
                LEVELS[state],
                f"mail {state}",
                mail=str(row.id),
                kind=row.message,
                attempts=row.attempts + 1,
                smtp_code=outcome.code,
            )

    def _renew(self, mail: UUID) -> None:
        """Renew the lease of a mail: a server may think for long."""
        try:
            renew(self._worker, mail)
        except SQLAlchemyError as error:
            db.session.rollback()
            tell_unavailable(error)


def tell_unavailable(error: SQLAlchemyError) -> None:
    """Log that the database is away."""
    log.warning("outbox database unavailable", error=type(error).__name__)
