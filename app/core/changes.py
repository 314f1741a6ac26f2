"""Changes that two people may make at once: each names the version that its author saw."""

from typing import Protocol

from sqlalchemy.orm.exc import StaleDataError

from app.core.database import db


class ChangedMeanwhileError(Exception):
    """Someone changed the record after the version that the author of a change saw."""


class Versioned(Protocol):
    """A record that counts its changes."""

    version: int


def check_version(record: Versioned, seen_version: int) -> None:
    """Raise ChangedMeanwhileError unless the record is still as its reader saw it."""
    if record.version != seen_version:
        raise ChangedMeanwhileError


def commit_change() -> None:
    """Commit; raise ChangedMeanwhileError if another change came first, between check and commit."""
    try:
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise ChangedMeanwhileError from None
