"""The migrations make exactly what the models say, and can be taken back, on both engines."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.database import alembic, db
from tests.support.cast import EXAMPLE_ONE
from tests.support.databases import Engine, close
from tests.support.environment import environment
from tests.support.sending import send

MIGRATIONS = sorted((Path(__file__).parent.parent / "migrations").glob("*.py"))


@pytest.fixture
def empty_app(engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database in which nothing was made yet."""
    with engine.database(tmp_path, migrated=False) as url:
        app = create_app(environment(tmp_path / "instance", url))
        yield app
        close(app)


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def test_migrations_make_what_the_models_say(empty_app: Flask) -> None:
    with empty_app.app_context():
        assert tables() == set()
        alembic.upgrade()

        assert alembic.compare_metadata() == []
        assert "inquiries" in tables()


def test_migrations_can_be_taken_back_and_made_again(empty_app: Flask) -> None:
    with empty_app.app_context():
        alembic.upgrade()
        made = tables()
        alembic.downgrade("base")

        assert tables() == {"alembic_version"}

        alembic.upgrade()
        assert tables() == made
        assert alembic.compare_metadata() == []


def test_a_second_upgrade_changes_nothing(empty_app: Flask) -> None:
    with empty_app.app_context():
        alembic.upgrade()
    assert send(empty_app.test_client(), EXAMPLE_ONE).status_code == 303
    with empty_app.app_context():
        alembic.upgrade()

        assert db.session.scalar(sa.text("SELECT count(*) FROM inquiries")) == 1


def test_constraints_have_names_that_a_later_migration_can_use(app: Flask) -> None:
    with app.app_context():
        inspector = sa.inspect(db.engine)
        for table in tables() - {"alembic_version"}:
            constraints = [
                *inspector.get_foreign_keys(table),
                *inspector.get_unique_constraints(table),
                *inspector.get_check_constraints(table),
                inspector.get_pk_constraint(table),
            ]
            assert all(constraint["name"] for constraint in constraints), table


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_a_migration_does_not_depend_on_code_that_changes_later(path: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])

    assert not imported & {"app", "config", "tests"}
