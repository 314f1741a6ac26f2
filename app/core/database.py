"""The database: one engine, typed models, and what both SQLite and PostgreSQL need to be told."""

import os
import secrets
import time
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase
from werkzeug.local import LocalProxy

from app.core.commands import add_commands
from app.core.connections import init_connections

if TYPE_CHECKING:
    from flask_alembic import Alembic

DATABASE_UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeoutError)
"""What it raises while it is locked, full, restarting or overloaded: trying again later helps."""


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without its zone, so the zone is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it would be read as another one elsewhere."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads this plain class attribute
        datetime: UTCDateTime,
        UUID: sa.Uuid,
        bytes: sa.LargeBinary,
        dict[str, Any]: sa.JSON,
        list[str]: sa.JSON(none_as_null=True),
    }


db = SQLAlchemy(
    engine_options={
        # A failed statement's values are personal: they stay out of exception texts and logs.
        "hide_parameters": True,
    },
    # A page shows what was read before its audit row was committed; reading it again costs queries.
    session_options={"expire_on_commit": False},
)


def migrations() -> "Alembic":
    """Return what migrates this application's database, made when it is first asked for."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.extensions["alembic"] is alembic:
        # It brings the dialects of all databases along, and what serves pages migrates nothing.
        from flask_alembic import Alembic  # noqa: PLC0415

        Alembic(app, metadatas=Base.metadata, run_mkdir=False, command_name="")
    extension: Alembic = app.extensions["alembic"]
    return extension


alembic: "Alembic" = LocalProxy(migrations)  # type: ignore[assignment]


def init_database(app: Flask) -> None:
    """Make the engine and the ``flask db`` commands."""
    app.config["ALEMBIC"] = {"script_location": os.path.join(app.root_path, "..", "migrations")}
    app.config["ALEMBIC_CONTEXT"] = {"compare_type": True, "render_as_batch": True}
    db.init_app(app)
    # Nothing here is asynchronous, and to close asynchronous sessions takes a thread after each request.
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    app.extensions["alembic"] = alembic
    add_commands(app, "db", "flask_alembic.cli:cli")
    with app.app_context():
        complete_indexes(db.engine.dialect)
        init_connections(db.engine)


def new_id() -> UUID:
    """Return a UUID version 7 (RFC 9562, 5.7): in order of time, so that new rows lie together."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def choice_check(column: str, keys: Any) -> sa.CheckConstraint:
    """Return a check that ``column`` holds one of ``keys`` (or NULL), named after the column."""
    allowed = ", ".join(f"'{key}'" for key in keys)
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=column)


def index_of_some(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """Return an index of those rows alone that a condition holds for, once an application is made."""
    return sa.Index(name, *columns, unique=unique, info={"where": sa.text(where)})


def complete_indexes(dialect: Dialect) -> None:
    """Tell the database's dialect which rows those are of.

    A model that named dialects would load them all, and the site has one database.
    """
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options[dialect.name]["where"] = index.info["where"]
