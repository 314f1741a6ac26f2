from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from tests.support import cast, stored
from tests.support.databases import PostgreSQL
from tests.support.engines import ON_POSTGRESQL, ON_SQLITE
from tests.support.locking import locked, wait_shorter
from tests.support.pages import page_of, text_of
from tests.support.publishing import publish_story
from tests.support.sending import ACTION, filled, lost, post

HEADING = "We could not keep your answers just now"


@contextmanager
def shut(engine: PostgreSQL, name: str) -> Iterator[None]:
    """Throw everyone out of a database and let nobody in, as a server does that restarts."""
    engine.run(
        f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    try:
        yield
    finally:
        engine.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def is_told_and_can_be_sent_later(app: Flask, client: FlaskClient, away: Callable[[], Any]) -> None:
    fields = filled(client, cast.EXAMPLE_TWO)
    with away():
        response = post(client, fields)
        page = page_of(response)
        assert response.status_code == 503
        assert HEADING in page.text
        assert lost(page, fields) == {}
        assert page.values(ACTION)["form_key"] == fields["form_key"]

    assert post(client, page.values(ACTION)).status_code == 303
    assert post(client, page.values(ACTION)).status_code == 303
    assert stored.everything(app) == (1, 1, 3, 1)


@ON_SQLITE
def test_a_locked_database_loses_no_answer(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    wait_shorter(app)

    is_told_and_can_be_sent_later(app, client, lambda: locked(tmp_path / "portal.sqlite"))


@ON_POSTGRESQL
def test_a_server_that_restarts_loses_no_answer(
    app: Flask, client: FlaskClient, engine: PostgreSQL, database_url: str
) -> None:
    name = str(sa.make_url(database_url).database)
    with app.app_context():
        db.session.execute(sa.text("SELECT 1"))

    is_told_and_can_be_sent_later(app, client, lambda: shut(engine, name))


@ON_POSTGRESQL
def test_the_first_inquiry_after_a_restart_is_kept(
    app: Flask, client: FlaskClient, engine: PostgreSQL, database_url: str
) -> None:
    name = str(sa.make_url(database_url).database)
    fields = filled(client, cast.EXAMPLE_ONE)
    with app.app_context():
        db.session.execute(sa.text("SELECT 1"))
    with shut(engine, name), pytest.raises(psycopg.OperationalError):
        psycopg.connect(database_url)

    assert post(client, fields).status_code == 303


@ON_SQLITE
def test_a_lock_that_goes_away_in_time_is_waited_for(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    import threading

    fields = filled(client, cast.EXAMPLE_ONE)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(tmp_path / "portal.sqlite"):
            held.set()
            let_go.wait(0.5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    assert post(client, fields).status_code == 303
    thread.join(5)


@ON_SQLITE
@pytest.mark.parametrize("path", ["/desk", "/desk/sign-in"])
def test_a_locked_database_does_not_stop_reading(
    app: Flask, coordinator: FlaskClient, tmp_path: Path, path: str
) -> None:
    wait_shorter(app)
    with locked(tmp_path / "portal.sqlite"):
        assert coordinator.get(path).status_code in {200, 302}


@ON_SQLITE
def test_an_inquiry_is_not_shown_when_its_reading_cannot_be_recorded(
    app: Flask, client: FlaskClient, coordinator: FlaskClient, tmp_path: Path
) -> None:
    from tests.support.making import make_inquiry

    reference = make_inquiry(app)
    with app.app_context():
        db.engine.dispose()
    wait_shorter(app)
    with locked(tmp_path / "portal.sqlite"):
        response = coordinator.get(f"/desk/inquiries/{reference}")

    assert response.status_code == 503
    assert cast.MESSAGE not in response.text


@ON_POSTGRESQL
def test_the_start_page_without_its_database_keeps_form_and_emergency_and_shows_nobody(
    app: Flask, client: FlaskClient, engine: PostgreSQL, database_url: str
) -> None:
    story = publish_story(app)
    assert story in client.get("/").text
    with shut(engine, str(sa.make_url(database_url).database)):
        response = client.get("/")

    page = page_of(response)
    assert response.status_code == 503
    assert story not in response.text
    assert "Autonomic dysreflexia" in text_of(page.by_id("emergency"))
    assert page.values(ACTION)["form_key"]
