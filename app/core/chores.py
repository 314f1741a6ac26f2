"""What has to be done now and then, by whichever worker is alive: features register, the worker calls.

A chore may run in several processes at once and may be stopped at any point.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from app.core.database import db
from app.core.logs import log

Chore = Callable[[], int]
"""Does what is due, commits, and returns how many rows it touched."""
HOUR_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Registered:
    """A chore and how often it is done."""

    chore: Chore
    every_seconds: float


def add_chore(app: Flask, name: str, chore: Chore, every_seconds: float = HOUR_SECONDS) -> None:
    """Have a chore done about so often by each worker; one that is done often has to be short."""
    app.extensions.setdefault("chores", {})[name] = Registered(chore, every_seconds)


def run_chores(due_at: dict[str, float] | None = None) -> dict[str, int]:
    """Do every chore that is due, and return how many rows each touched; one that fails has to wait.

    ``due_at`` holds when each is due next, in seconds of the monotonic clock, and is kept up; without it, all
    are due.
    """
    due_at = {} if due_at is None else due_at
    done = {}
    rare = False
    for name, registered in current_app.extensions.get("chores", {}).items():
        if time.monotonic() < due_at.get(name, 0.0):
            continue
        due_at[name] = time.monotonic() + registered.every_seconds
        try:
            done[name] = registered.chore()
            rare = rare or (done[name] > 0 and registered.every_seconds >= HOUR_SECONDS)
        except Exception as error:
            # Whatever is wrong with one, the others have to be done; its words could quote a person.
            db.session.rollback()
            log.warning("chore failed", chore=name, error=type(error).__name__)
    if rare:  # what is done every few seconds would fill the log
        log.info("chores done", **done)
    return done
