"""Data goes through a migration, up and down, and comes out as it was."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.database import alembic, db
from tests.support.databases import Engine, close
from tests.support.environment import environment

BEFORE = "0002"
ID = "0123456789abcdef0123456789abcdef"
TABLES = {
    "inquiries": "reference, status, filling_in, country, injury_region, answers_sealed",
    "consents": "kind, version, text",
    "inquiry_lookups": "kind",
    "inquiry_events": "kind, status",
    "outbox_mails": "message, state",
}


@pytest.fixture
def older_app(engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of the release before, with an inquiry in it."""
    with engine.database(tmp_path, migrated=False) as url:
        app = create_app(environment(tmp_path / "instance", url))
        with app.app_context():
            alembic.upgrade(BEFORE)
            add_rows()
        yield app
        close(app)


def add_rows() -> None:
    """Put in an inquiry with all that belongs to it, as the release before did."""
    blob = {
        "id": ID,
        "blob": b"\x01sealed",
        "key": b"k" * 32,
        "index": b"i" * 16,
        "at": "2026-11-01 12:00:00",
    }
    for statement in (
        "INSERT INTO inquiries (id, reference, form_key_digest, content_index, version, status, sent_at,"
        " page_language, treatment_version, filling_in, country, injury_region, answers_sealed)"
        " VALUES (:id, 'SCI-2345-6789', :key, :index, 1, 'new', :at, 'en', 'en-1', 'self', 'ES', 'thoracic',"
        " :blob)",
        "INSERT INTO consents (inquiry_id, kind, version, text, given_at)"
        " VALUES (:id, 'consent_processing', '1', 'words', :at)",
        "INSERT INTO inquiry_lookups (kind, \"index\", inquiry_id) VALUES ('email', :index, :id)",
        "INSERT INTO inquiry_events (id, inquiry_id, at, kind) VALUES (:id, :id, :at, 'sent')",
        "INSERT INTO outbox_mails (id, message, language, message_id, recipient_sealed, params_sealed,"
        " queued_at, state, due_at, attempts, unanswered, tried_from)"
        " VALUES (:id, 'new_inquiry', 'en', '<1@x>', :blob, :blob, :at, 'queued', :at, 0, 0, :at)",
    ):
        named = {name: value for name, value in blob.items() if f":{name}" in statement}
        db.session.execute(sa.text(statement), named)
    db.session.commit()


def contents() -> dict[str, str]:
    """Return a hash of every row's columns that all releases have."""
    hashes = {}
    for table, names in TABLES.items():
        rows = db.session.execute(sa.text(f"SELECT {names} FROM {table}"))
        found = repr([tuple(map(plain, row)) for row in rows])
        hashes[table] = hashlib.sha256(found.encode()).hexdigest()
    return hashes


def plain(cell: object) -> object:
    """Return a cell as it is compared."""
    return bytes(cell) if isinstance(cell, memoryview) else cell


def test_an_upgrade_and_the_way_back_keep_every_row_as_it_was(older_app: Flask) -> None:
    with older_app.app_context():
        before = contents()
        assert all(count("SELECT count(*) FROM " + table) == 1 for table in TABLES)
        db.session.rollback()

        alembic.upgrade()
        assert contents() == before
        assert count("SELECT count(*) FROM inquiries WHERE channel = 'form'") == 1
        db.session.rollback()

        alembic.downgrade(BEFORE)
        assert contents() == before
        db.session.rollback()
        alembic.upgrade()
        assert contents() == before


def test_foreign_keys_are_enforced_again_after_an_upgrade(older_app: Flask) -> None:
    with older_app.app_context():
        alembic.upgrade()
        db.session.execute(sa.text("DELETE FROM inquiries"))

        assert count("SELECT count(*) FROM consents") == 0


def count(statement: str) -> int:
    """Return the number that a statement counts."""
    return int(db.session.scalar(sa.text(statement)))
