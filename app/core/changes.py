"""Changes that two people may make at once: each names the version that its author saw."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm.exc import StaleDataError

from app.core.database import DATABASE_UNAVAILABLE, db

TRIES = 5
"""How often a change that waits for nobody is tried, each time on the record as it stands then."""


class ChangedMeanwhileError(Exception):
    """Someone changed the record after the version that the author of a change saw."""


NOT_NOW = (*DATABASE_UNAVAILABLE, ChangedMeanwhileError)
"""What a change that waits for nobody can end with: trying again later helps."""


class Versioned(Protocol):
    """A record that counts its changes."""

    version: int


@contextmanager
def change_of(record: Versioned, seen_version: int) -> Iterator[None]:
    """Make a change of a record and commit it.

    Raises ChangedMeanwhileError, and keeps nothing, unless the record is still as its reader saw it: before
    the change, or at any statement of it that another one came before.
    """
    if record.version != seen_version:
        db.session.rollback()
        raise ChangedMeanwhileError
    try:
        yield
        db.session.commit()
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        raise ChangedMeanwhileError from None


def change_at_once(record: Versioned, act: Callable[[], None]) -> None:
    """Make a change that must not be refused because somebody else was writing, and commit it.

    Raises ChangedMeanwhileError if the record is gone, or others were faster again and again.
    """
    for _attempt in range(TRIES):
        try:
            db.session.refresh(record, with_for_update=True)
        except InvalidRequestError:  # it was deleted meanwhile
            db.session.rollback()
            raise ChangedMeanwhileError from None
        try:
            act()
            db.session.commit()
        except StaleDataError:
            db.session.rollback()
        else:
            return
    raise ChangedMeanwhileError
