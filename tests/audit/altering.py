"""Altering the record by hand, past what refuses it: what ``flask audit verify`` has to find."""

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app.audit.chain import link_all
from app.audit.log import SYSTEM, record
from app.core.database import db

TABLES = ("audit_entries", "audit_links")


def add_entries(app: Flask, count: int) -> None:
    """Add entries, each in a transaction of its own."""
    with app.app_context():
        for number in range(count):
            record(SYSTEM, "example.done", "example", None, number=number, words=("a", "b"))
            db.session.commit()


def chained(app: Flask, count: int) -> list[tuple[int, str]]:
    """Add entries to the chain and return the position and the id of each of the chain's, in order."""
    add_entries(app, count)
    with app.app_context():
        link_all()
        rows = db.session.execute(
            sa.text("SELECT position, CAST(entry_id AS text) AS id FROM audit_links ORDER BY position")
        )
        return [(row.position, row.id) for row in rows]


def drop_triggers(app: Flask) -> None:
    """Take away what refuses changes, as whoever alters the record by hand would first."""
    with app.app_context():
        names = ("update", "delete", "replace") if is_sqlite(app) else ("change",)
        for table in TABLES:
            for name in names:
                on_table = "" if is_sqlite(app) else f" ON {table}"
                db.session.execute(sa.text(f"DROP TRIGGER {table}_no_{name}{on_table}"))
        db.session.commit()


def by_hand(app: Flask, statement: str, **values: object) -> None:
    """Run a statement and commit it; at least one row has to be touched."""
    with app.app_context():
        result = db.session.execute(sa.text(statement), values)
        assert result.rowcount > 0  # type: ignore[attr-defined]
        db.session.commit()


def is_sqlite(app: Flask) -> bool:
    """Return whether this is the engine that takes any value in any column."""
    return str(app.config["SQLALCHEMY_ENGINES"]["default"]).startswith("sqlite")


def verified(app: Flask, *options: str) -> Result:
    """Run ``flask audit verify``."""
    result = app.test_cli_runner().invoke(args=["audit", "verify", *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def head(result: Result) -> str:
    """Return the head that was printed."""
    return next(line for line in result.output.splitlines() if line.startswith("Head: ")).removeprefix(
        "Head: "
    )
