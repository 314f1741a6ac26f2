import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core.clock import now
from app.core.database import db
from app.outbox.models import OutboxWorker
from tests.support.counting import statements
from tests.support.databases import Engine, close
from tests.support.publishing import unpublish


def test_a_process_that_runs_says_so_without_asking_the_database(app: Flask) -> None:
    client = app.test_client()
    with statements(app) as asked:
        response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")
    assert asked == []


def test_an_instance_is_ready_when_database_migrations_and_worker_are(app: Flask) -> None:
    with app.app_context():
        db.session.add(OutboxWorker(beat_at=now()))
        db.session.commit()

    response = app.test_client().get("/readyz")

    assert response.text == "database: ok\nmigrations: ok\nworker: ok\ncontent: ok\n"
    assert response.status_code == 200
    assert response.mimetype == "text/plain"


def test_an_instance_whose_worker_gives_no_sign_is_not_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.text == "database: ok\nmigrations: ok\nworker: failing\ncontent: ok\n"


def test_an_instance_without_a_treatment_page_is_not_ready(app: Flask) -> None:
    unpublish(app, "treatment", "en")

    response = app.test_client().get("/readyz")

    assert response.status_code == 503
    assert "content: failing\n" in response.text


def test_an_instance_before_its_migrations_is_not_ready(
    engine: Engine, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with engine.database(tmp_path_factory.mktemp("empty"), migrated=False) as url:
        app = create_app({**environ, "DATABASE_URL": url})
        response = app.test_client().get("/readyz")

        assert response.status_code == 503
        assert "database: ok\nmigrations: failing\n" in response.text
        close(app)


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:9/none?connect_timeout=2", "sqlite:////nowhere/at/all.sqlite"]
)
def test_an_instance_without_its_database_says_so_and_does_not_fail(
    url: str, environ: dict[str, str]
) -> None:
    app = create_app({**environ, "DATABASE_URL": url})

    response = app.test_client().get("/readyz")

    assert response.status_code == 503
    assert response.text.startswith("database: failing\n")
    assert app.test_client().get("/healthz").status_code == 200
    close(app)
