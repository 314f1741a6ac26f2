"""What a web process has in memory when it has started."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask import Flask
from jinja2 import DictLoader

from app.core import compiled
from app.core.compiled import compile_templates, init_compiled
from app.core.database import alembic
from app.core.health import newest_migration
from tests.support.environment import environment
from tools.bootstrap import ROOT

NOT_NEEDED = {
    *("alembic", "flask_alembic", "mako"),  # a command migrates
    *("frontmatter", "yaml"),  # a command reads the content that comes with the site
    *("PIL", "pikepdf", "pypdfium2", "filetype", "qrcode"),  # uploads, and a new second factor
    *("webauthn", "OpenSSL", "cryptography.x509", "pyasn1"),  # who has to do with a passkey
    *("holidays", "phonenumbers"),  # large, and few pages have to do with them
    *("psycopg", "psycopg_binary", "sqlalchemy.dialects.postgresql"),  # the database is SQLite
    *("app.demo.loading", "app.outbox.cli", "app.content.starter", "concurrent.futures.process"),
}


def test_a_web_process_starts_without_what_commands_and_uploads_alone_need(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import json, sys, wsgi; print(json.dumps(sorted(sys.modules)))"],
        cwd=ROOT,
        env={**os.environ, **environment(tmp_path, f"sqlite:///{tmp_path / 'none.sqlite'}")},
        stdout=subprocess.PIPE,
        check=True,
    )
    loaded = set(json.loads(told.stdout))

    assert {"wsgi", "app.site", "app.desk"} <= loaded
    assert loaded & NOT_NEEDED == set()


def test_every_command_is_there_though_none_is_loaded_before_it_is_called(app: Flask) -> None:
    assert not app.cli.commands
    assert app.cli.list_commands(click.Context(app.cli)) == [
        *("audit", "content", "db", "demo", "files", "outbox", "replies", "users")
    ]

    result = app.test_cli_runner().invoke(args=["files", "sweep"])

    assert (result.exit_code, result.output) == (0, "Removed: 0\n")
    assert set(app.cli.commands) == {"files"}


def test_a_command_that_is_not_there_is_told_as_always(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["nothing"])

    assert result.exit_code == 2
    assert "No such command 'nothing'" in result.output


def test_readiness_asks_for_the_migration_that_alembic_calls_the_newest(app: Flask) -> None:
    with app.app_context():
        assert [script.revision for script in alembic.heads()] == [newest_migration()]


@pytest.fixture
def site_with_one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(compiled, "COMPILED", tmp_path / "compiled")
    app = Flask("site")
    app.jinja_loader = DictLoader({"page": "one {{ 1 + 1 }}"})
    return app


def test_a_template_that_the_build_compiled_is_not_compiled_again(
    site_with_one_page: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_templates(site_with_one_page)
    later = Flask("site")
    later.jinja_loader = DictLoader({"page": "one {{ 1 + 1 }}"})
    init_compiled(later)
    monkeypatch.setattr(later.jinja_env, "code_generator_class", None)

    assert later.jinja_env.get_template("page").render() == "one 2"


def test_a_template_that_changed_since_the_build_is_shown_as_it_is_now(
    site_with_one_page: Flask, tmp_path: Path
) -> None:
    compile_templates(site_with_one_page)
    kept = {path: path.read_bytes() for path in (tmp_path / "compiled").iterdir()}
    later = Flask("site")
    later.jinja_loader = DictLoader({"page": "two"})
    init_compiled(later)

    assert later.jinja_env.get_template("page").render() == "two"
    assert {path: path.read_bytes() for path in (tmp_path / "compiled").iterdir()} == kept != {}
