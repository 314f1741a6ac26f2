"""Writing the rows of a great many inquiries."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex, ExecutableDDLElement

from app.core.database import db
from app.demo.batches import Batch
from app.inquiries.models import Consent, Inquiry, InquiryEvent, InquiryLookup
from app.outbox.models import OutboxMail

TABLES: tuple[sa.Table, ...] = tuple(
    cast(sa.Table, model.__table__) for model in (Inquiry, Consent, InquiryLookup, InquiryEvent, OutboxMail)
)
MANY = 20_000
"""So many are worth making indexes for anew."""
SQLITE_CACHE = "PRAGMA cache_size = -262144"
"""256 MiB, for as long as the connection lives: an index that does not fit is read again for every row."""
BEGIN = {
    "sqlite": (
        SQLITE_CACHE,
        "PRAGMA threads = 2",
        # What they would check was made by the same rules, and to check it costs more than to write it.
        "PRAGMA foreign_keys = OFF",
        "PRAGMA ignore_check_constraints = ON",
        "BEGIN IMMEDIATE",
    ),
    "postgresql": ("SET LOCAL maintenance_work_mem = '256MB'", "SET LOCAL lock_timeout = '10s'"),
}

Keep = Callable[[Batch], None]


@contextmanager
def writer(count: int) -> Iterator[Keep]:
    """Give what keeps the batches of a load of so many inquiries.

    Many in a database of few are one transaction, which also makes the indexes anew; each batch is one
    where there are others already, or somebody else uses the database.
    """
    db.engine.dispose()  # connections that are kept for later would count as somebody else's
    with db.engine.connect() as connection:
        if count >= max(MANY, count_of(connection)) and is_alone(connection):
            with indexes_made_anew(connection):
                yield partial(write, connection)
        else:
            yield partial(write_at_once, connection)


def count_of(connection: sa.Connection) -> int:
    """Return how many inquiries are there."""
    with connection.begin():
        return connection.scalar(sa.select(sa.func.count()).select_from(Inquiry)) or 0


def is_alone(connection: sa.Connection) -> bool:
    """Return whether nobody else has a database in SQLite open; PostgreSQL lets others wait.

    From then on a transaction that is not finished leaves the file as it was, however large it is: what it
    adds stands in the file itself, which is cut off again, and not in a log beside it.
    """
    if connection.dialect.name != "sqlite":
        return True
    try:
        with connection.begin():
            return connection.exec_driver_sql("PRAGMA journal_mode = DELETE").scalar() == "delete"
    except OperationalError:
        return False


@contextmanager
def indexes_made_anew(connection: sa.Connection) -> Iterator[None]:
    """Take the indexes off and put them back, in one transaction with what is written in between.

    To sort what is in them costs a fraction of putting in each row by itself. Nothing of a transaction that
    is interrupted remains, and all indexes do.
    """
    try:
        for statement in BEGIN[connection.dialect.name]:
            connection.exec_driver_sql(statement)
        parts = parts_made_last(connection.dialect.name)
        for take_off, _put_back in parts:
            connection.execute(take_off)
        yield
        for _take_off, put_back in reversed(parts):
            connection.execute(put_back)
        connection.commit()
    finally:
        connection.invalidate()  # the next one has the usual settings


def parts_made_last(dialect: str) -> list[tuple[ExecutableDDLElement, ExecutableDDLElement]]:
    """Return what takes off each part of the tables that can be made last, and what puts it back."""
    indexes = [index for table in TABLES for index in table.indexes]
    parts = [(DropIndex(index), CreateIndex(index)) for index in indexes]
    if dialect == "sqlite":  # its tables keep their constraints
        return [*parts]
    references = [constraint for table in TABLES for constraint in table.foreign_key_constraints]
    keys = [table.primary_key for table in TABLES if table is not Inquiry.__table__]
    return [*map(constraint_parts, [*references, *keys]), *parts]


def constraint_parts(
    constraint: sa.Constraint,
) -> tuple[ExecutableDDLElement, ExecutableDDLElement]:
    """Return what takes off a constraint, and what puts it back."""
    return DropConstraint(constraint), AddConstraint(constraint, isolate_from_table=False)


def write_at_once(connection: sa.Connection, made: Batch) -> None:
    """Write the rows of a batch in one transaction."""
    with connection.begin():
        write(connection, made)


def write(connection: sa.Connection, made: Batch) -> None:
    """Write the rows of a batch."""
    before, put = PUT[connection.dialect.name]
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(before)
        for statement, rows in made.parts:
            put(cursor, statement, rows)


def insert_into_sqlite(cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows by one statement."""
    cursor.executemany(statement, rows)


def copy_into_postgresql(cursor: Any, statement: str, rows: bytes) -> None:
    """Copy rows in."""
    with cursor.copy(statement) as copy:
        copy.write(rows)


PUT: dict[str, tuple[str, Any]] = {
    "sqlite": (SQLITE_CACHE, insert_into_sqlite),
    "postgresql": ("SET LOCAL TIME ZONE 'UTC'", copy_into_postgresql),
}
"""What each engine is told before the rows of a batch, and how it takes them."""
