"""What figures rest on: a server whose cost can be read, and answers that are checked."""

from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from app.audit.log import SYSTEM, record
from app.audit.models import AuditEntry
from app.core.database import db
from bench.figures import WrongAnswerError
from bench.references.raw import environment_of
from bench.sites import ask, database_engine, served, site


def test_the_program_is_served_as_in_production(tmp_path: Path) -> None:
    with (
        site(tmp_path) as place,
        served("wsgi:app", place.environ) as server,
        closing(server.connect()) as connection,
    ):
        assert place.app.config["PORTAL_ENV"] == "production"
        answer = ask(connection, "/")
        assert b"Send my inquiry" in answer.body
        assert "Strict-Transport-Security" in answer.headers


def test_what_a_server_costs_is_read_from_its_workers(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_bytes(b"An answer")
    environ = environment_of(body, [("Content-Type", "text/plain")])
    with served("bench.references.raw:app", environ) as server, closing(server.connect()) as connection:
        before, worker = server.processor_seconds(), server.processes()
        answer = ask(connection, "/", times=200)
        assert (answer.body, answer.headers["Content-Type"]) == (b"An answer", "text/plain")
        assert len(worker) > 1
        assert server.processor_seconds() > before
    assert not any(Path(f"/proc/{pid}").exists() for pid in worker)


def test_an_answer_with_another_status_is_a_wrong_one() -> None:
    wrong = pytest.raises(WrongAnswerError, match=r"^GET /nowhere was answered with 404, not 200$")
    with served("bench.references.hello:app") as server, closing(server.connect()) as connection, wrong:
        ask(connection, "/nowhere", times=3)


def test_a_server_that_does_not_come_up_is_told() -> None:
    with pytest.raises(RuntimeError, match="did not come up"), served("bench.references.nothing:app"):
        pass


def test_postgresql_is_measured_as_durable_as_a_site_has_it(tmp_path: Path) -> None:
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    with database_engine(tmp_path, "postgresql") as engine, engine.database(tmp_path) as url:
        connection = psycopg.connect(url)
        kept = [connection.execute(f"SHOW {name}").fetchone() for name in settings]
        connection.close()
    assert kept == [("on",)] * 3


def test_a_database_that_one_path_left_is_taken_up_by_another(tmp_path: Path) -> None:
    with site(tmp_path) as first, first.app.app_context():
        record(SYSTEM, "bench.left", "bench", None)
        db.session.commit()
    url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    with site(tmp_path / "other", database_url=url) as second, second.app.app_context():
        assert "bench.left" in db.session.scalars(sa.select(AuditEntry.action)).all()
