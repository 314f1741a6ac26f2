"""The database itself refuses to alter the record."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.core.database import db
from tests.audit.altering import chained, is_sqlite
from tests.support.engines import ON_SQLITE


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'example.left'",
        "UPDATE audit_entries SET seal = NULL",
        "DELETE FROM audit_entries",
        "UPDATE audit_links SET position = position + 1",
        "DELETE FROM audit_links",
    ],
)
def test_no_row_of_the_record_can_be_changed_or_deleted(app: Flask, statement: str) -> None:
    chained(app, 2)
    with app.app_context():
        before = contents()
        with pytest.raises(IntegrityError, match="the audit record is never altered"):
            db.session.execute(sa.text(statement))
        db.session.rollback()

        assert contents() == before


@pytest.mark.parametrize("table", ["audit_entries", "audit_links"])
def test_no_row_of_the_record_can_be_replaced_and_no_table_emptied(app: Flask, table: str) -> None:
    chained(app, 2)
    statement = (
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" if is_sqlite(app) else f"TRUNCATE {table}"
    )
    with app.app_context():
        with pytest.raises(IntegrityError, match="the audit record is never altered"):
            db.session.execute(sa.text(statement))
        db.session.rollback()

        assert len(contents()) > 2


@ON_SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO audit_links SELECT position + 1000, entry_id, digest, seal FROM audit_links",
        "INSERT OR REPLACE INTO audit_entries (rowid, id, at, actor, action, object_type, details)"
        " SELECT rowid, 'new' || rowid, at, actor, action, object_type, details FROM audit_entries",
    ],
)
def test_no_row_is_replaced_by_way_of_another_column(app: Flask, statement: str) -> None:
    chained(app, 2)
    with app.app_context():
        before = contents()
        with pytest.raises(IntegrityError, match="the audit record is never altered"):
            db.session.execute(sa.text(statement))
        db.session.rollback()

        assert contents() == before


def contents() -> list[tuple[object, ...]]:
    """Return every row of the record."""
    rows = db.session.execute(
        sa.text("SELECT * FROM audit_entries LEFT JOIN audit_links ON entry_id = id ORDER BY id")
    )
    return [tuple(row) for row in rows]
