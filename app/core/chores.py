"""What has to be done now and then, by whichever worker is alive: features register, the worker calls.

A chore may run in several processes at once and may be stopped at any point.
"""

from collections.abc import Callable

from flask import Flask, current_app

from app.core.database import db
from app.core.logs import log

Chore = Callable[[], int]
"""Does what is due, commits, and returns how many rows it touched."""


def add_chore(app: Flask, name: str, chore: Chore) -> None:
    """Have a chore done about once an hour."""
    app.extensions.setdefault("chores", {})[name] = chore


def run_chores() -> dict[str, int]:
    """Do every chore, and return how many rows each touched; one that fails is left for the next time."""
    done = {}
    for name, chore in current_app.extensions.get("chores", {}).items():
        try:
            done[name] = chore()
        except Exception as error:
            # Whatever is wrong with one, the others have to be done; its words could quote a person.
            db.session.rollback()
            log.warning("chore failed", chore=name, error=type(error).__name__)
    if any(done.values()):
        log.info("chores done", **done)
    return done
