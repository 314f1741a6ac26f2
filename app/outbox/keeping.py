"""Keeping the mail in hand while a server thinks, and keeping what became of it.

What became of a mail is committed before another one's text is handed over: a killed worker leaves at most
one mail of which nobody knows whether it was sent. That one is sent once more.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import db
from app.core.logs import log
from app.outbox.claims import Outcome, keep_outcome, renew
from app.outbox.models import OutboxMail

RENEW_SECONDS = 20.0
"""How often the lease of the mail in hand is renewed while a server thinks; well before it could end."""
RETRY_SECONDS = 1.0
"""How long a database that is away is left alone."""
LEVELS = {"sent": logging.INFO, "queued": logging.WARNING, "failed": logging.ERROR}


@dataclass
class Hand:
    """What a worker has in hand."""

    mail: UUID | None = None


@contextmanager
def held_in_hand(app: Flask, worker: UUID, give_sign: Callable[[], None]) -> Iterator[Hand]:
    """Renew the lease of the mail in hand now and then, and give signs of life, in a thread of its own."""
    hand = Hand()
    done = threading.Event()

    def hold() -> None:
        while not done.wait(RENEW_SECONDS):
            with app.app_context():
                give_sign()
                if hand.mail:
                    renew_patiently(worker, hand.mail)

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    try:
        yield hand
    finally:
        done.set()
        thread.join()


def renew_patiently(worker: UUID, mail: UUID) -> None:
    """Renew the lease of a mail; a database that is away is asked again next time."""
    try:
        renew(worker, mail)
    except SQLAlchemyError as error:
        tell_unavailable(error)


def keep(worker: UUID, row: OutboxMail, outcome: Outcome, rest: Callable[[float], bool]) -> None:
    """Write what became of a mail, however long the database is away: it would be sent twice else.

    ``rest`` sleeps so many seconds, and returns whether to stop: then the database's error is raised.
    """
    while True:
        try:
            state = keep_outcome(worker, row, outcome)
            break
        except SQLAlchemyError as error:
            db.session.rollback()
            tell_unavailable(error)
            if rest(RETRY_SECONDS):
                raise
    log.log(
        LEVELS[state],
        f"mail {state}",
        mail=str(row.id),
        kind=row.message,
        attempts=row.attempts + 1,
        smtp_code=outcome.code,
    )


def tell_unavailable(error: SQLAlchemyError) -> None:
    """Log that the database is away."""
    log.warning("outbox database unavailable", error=type(error).__name__)
