"""New rows, and those that go with them, by the fewest statements: where somebody waits for the answer.

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
Gone = tuple[type[Base], str, bytes]
"""The rows of a model with this value of this column, which holds bytes."""
Column = tuple[str, Callable[[], Any], Callable[[Any], Any]]
"""Its name, what gives it its value where a row has none, and what makes of a value what the driver takes."""


def insert_rows(rows: Rows, gone: Gone | None = None) -> None:
    """Add new rows to the caller's transaction; what its session holds back is not written before them.

    A value that is not given is the model's default, or NULL. Rows that are ``gone`` with that are removed.
    """
    full = {model: given for model, given in rows.items() if given}
    if not full and not gone:
        return
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        parameters: dict[str, str | bytes] = {
            model.__tablename__: as_json(model, given) for model, given in full.items()
        }
        if gone:
            parameters["gone"] = gone[2]
        connection.exec_driver_sql(inserts_of(tuple(full), gone and gone[:2]), parameters)
        return
    for model, given in full.items():
        columns = columns_of(model, connection.dialect)
        connection.exec_driver_sql(insert_of(model), [parameters_of(columns, each) for each in given])
    if gone:
        connection.exec_driver_sql(removal_of(*gone[:2], "?"), (gone[2],))


def parameters_of(columns: Sequence[Column], given: Values) -> tuple[Any, ...]:
    """Return a new row as the driver takes it."""
    return tuple([write(given[name] if name in given else default()) for name, default, write in columns])


@cache
def columns_of(model: type[Base], dialect: sa.Dialect) -> list[Column]:
    """Return the columns of a model."""
    return [
        (
            name,
            default,
            model.__table__.c[name].type.dialect_impl(dialect).bind_processor(dialect) or as_it_is,
        )
        for name, default in defaults_of(model).items()
    ]


def as_it_is(value: Any) -> Any:
    """Return a value that needs no change."""
    return value


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
def insert_of(model: type[Base]) -> str:
    """Return the statement that adds a row to a table."""
    names = [f'"{column.name}"' for column in model.__table__.columns]
    marks = ", ".join("?" for _name in names)
    return f"INSERT INTO {model.__tablename__} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 -- names of our own


@cache
def inserts_of(models: Sequence[type[Base]], gone: tuple[type[Base], str] | None) -> str:
    """Return PostgreSQL's statement that adds rows to tables, each out of the parameter with its name."""
    steps = [removal_of(*gone, "%(gone)s")] if gone else []
    for model in models:
        table = model.__tablename__
        columns = ", ".join(f'"{column.name}"' for column in model.__table__.columns)
        rows = f"json_populate_recordset(NULL::{table}, %({table})s)"
        steps.append(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows}")  # noqa: S608 -- names of our own
    *before, last = steps
    parts = [f"step_{number} AS ({step})" for number, step in enumerate(before)]
    return f"WITH {', '.join(parts)} {last}" if parts else last


def removal_of(model: type[Base], column: str, value: str) -> str:
    """Return the statement that removes rows, with what stands for the value that tells them."""
    return f'DELETE FROM {model.__tablename__} WHERE "{column}" = {value}'  # noqa: S608 -- names of our own


def as_json(model: type[Base], rows: Sequence[Values]) -> str:
    """Return new rows as a JSON value that PostgreSQL reads into their table's columns."""
    return rows_as_json([with_defaults(model, given) for given in rows])


def with_defaults(model: type[Base], given: Values) -> Values:
    """Return what all columns of a new row will hold."""
    return {name: given[name] if name in given else default() for name, default in defaults_of(model).items()}


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


rows_as_json = json.JSONEncoder(default=as_text).encode
"""Made once: ``json.dumps`` makes a new one for each table's rows."""
