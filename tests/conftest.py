"""Fixtures that every test may ask for: real databases, a real mail server, a strict reader."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.accounts.security import SETTINGS
from tests.support.databases import Engine, SQLite, close, postgresql_server
from tests.support.environment import environment
from tests.support.haste import no_haste
from tests.support.mailbox import Mailbox
from tests.support.pages import StrictClient
from tests.support.staff import signed_in

no_haste()

HASH_OPTIONS = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"
QUICK = {"argon2__memory_cost": 1024, "argon2__rounds": 1, "argon2__parallelism": 1}


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of this test process's own."""
    folder = tmp_path_factory.getbasetemp() / worker_id
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def sqlite(worker_folder: Path) -> SQLite:
    engine = SQLite(worker_folder)
    engine.prepare()
    return engine


@pytest.fixture(scope="session")
def postgresql(worker_folder: Path, testrun_uid: str) -> Iterator[Engine]:
    with postgresql_server(testrun_uid, worker_folder) as engine:
        engine.prepare()
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    chosen: Engine = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
def database_url(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own."""
    with engine.database(tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    yield box
    box.close()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Mailbox:
    """The mail server that ``app`` sends to, empty and well."""
    mailbox.reset()
    return mailbox


@pytest.fixture
def environ(database_url: str, tmp_path: Path, smtp: Mailbox) -> dict[str, str]:
    """What ``app`` is made from; a test may make another application of it."""
    return environment(tmp_path / "instance", database_url, MAIL_PORT=str(smtp.port))


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work: with the site's own, that alone would be half of the run."""
    monkeypatch.setitem(SETTINGS, HASH_OPTIONS, QUICK)


@pytest.fixture
def real_passwords(quick_passwords: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as the site does; for tests of just that."""
    monkeypatch.delitem(SETTINGS, HASH_OPTIONS)


@pytest.fixture
def app(environ: dict[str, str], worker_folder: Path) -> Iterator[Flask]:
    """The application, on each engine in turn."""
    app = create_app(environ)
    app.test_client_class = StrictClient
    # Each application would compile every template anew.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(worker_folder))
    yield app
    close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser that fails on every page that is not well made."""
    return app.test_client()


@pytest.fixture
def signed_in_client(app: Flask) -> Callable[[str], FlaskClient]:
    """Make an account with a role and give the browser that its owner is signed in with."""
    return lambda role: signed_in(app, role)


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    """The browser of a coordinator who is signed in."""
    return signed_in(app, "coordinator")
