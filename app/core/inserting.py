"""New rows, kept by the fewest statements: where somebody waits for the answer.

On PostgreSQL they are one statement, because each is a round trip: every table takes its rows out of a JSON
value. SQLite has no round trips, and no such statement: there each table gets one. What is left out is the
session's unit of work, which costs more than the rows themselves.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from app.core.database import Base, db

Values = dict[str, Any]
"""Values of columns by their names, which are those of a model's attributes."""
Rows = Mapping[type[Base], Sequence[Values]]
"""New rows by model, in an order in which each names only rows of those before it."""


def insert_rows(rows: Rows) -> None:
    """Add new rows to the caller's transaction; what its session holds back is not written before them.

    A value that is not given is the model's default, or NULL.
    """
    full = {
        model: [with_defaults(model, values) for values in given] for model, given in rows.items() if given
    }
    if not full:
        return
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        parameters = {model.__tablename__: as_json(values) for model, values in full.items()}
        connection.exec_driver_sql(inserts_of(tuple(full)), parameters)
        return
    for model, values in full.items():
        connection.execute(insert_of(model), values)


def with_defaults(model: type[Base], given: Values) -> Values:
    """Return what all columns of a new row will hold."""
    return {name: given[name] if name in given else default() for name, default in defaults_of(model).items()}


@cache
def defaults_of(model: type[Base]) -> dict[str, Callable[[], Any]]:
    """Return what gives each column its value where a row has none."""
    return {column.name: default_of(column) for column in model.__table__.columns}


def default_of(column: sa.ColumnElement[Any]) -> Callable[[], Any]:
    """Return what gives a column its value where a row has none."""
    default = cast(sa.Column[Any], column).default
    if default is None:
        return lambda: None
    argument = cast(Any, default).arg
    return (lambda: argument(None)) if default.is_callable else (lambda: argument)


@cache
def insert_of(model: type[Base]) -> sa.Insert:
    """Return the statement that adds rows to a table: made once, so that it is compiled once."""
    return sa.insert(model)


@cache
def inserts_of(models: Sequence[type[Base]]) -> str:
    """Return PostgreSQL's statement that adds rows to tables, each out of the parameter with its name."""
    inserts = []
    for model in models:
        table = model.__tablename__
        columns = ", ".join(f'"{column.name}"' for column in model.__table__.columns)
        rows = f"json_populate_recordset(NULL::{table}, %({table})s)"
        inserts.append(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows}")  # noqa: S608 -- names of our own
    *before, last = inserts
    parts = [f"added_{number} AS ({insert})" for number, insert in enumerate(before)]
    return f"WITH {', '.join(parts)} {last}" if parts else last


def as_json(rows: Sequence[Values]) -> str:
    """Return rows as a JSON value that PostgreSQL reads into their table's columns."""
    return json.dumps(rows, default=as_text)


def as_text(value: Any) -> str:
    """Return a value that JSON does not have as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)
