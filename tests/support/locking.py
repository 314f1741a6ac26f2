"""A SQLite database that another process keeps locked."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.database import db


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock of a SQLite file, as a long transaction of another process does."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def wait_shorter(app: Flask) -> None:
    """Let new SQLite connections give up sooner than visitors' do."""

    def shorten(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 100")

    with app.app_context():
        sa.event.listen(db.engine, "connect", shorten)
