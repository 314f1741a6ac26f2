"""``/healthz``: this process answers. ``/readyz``: it can do its work, with a line for each part."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app

from app.core.access import PUBLIC, allow
from app.core.database import db
from app.core.logs import log

Check = Callable[[], bool]

MIGRATIONS = Path(__file__).parents[2] / "migrations"

blueprint = Blueprint("health", __name__)


def init_health(app: Flask) -> None:
    """Register the two addresses and the checks that every instance has."""
    app.extensions["readiness"] = {"database": database_answers, "migrations": migrations_are_done}
    app.register_blueprint(blueprint)


def add_check(app: Flask, name: str, check: Check) -> None:
    """Let a feature add a part that must be well before this instance is ready."""
    app.extensions["readiness"][name] = check


@blueprint.get("/healthz")
@allow(PUBLIC)
def healthz() -> Response:
    """Say that the process runs; touches nothing else."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@allow(PUBLIC)
def readyz() -> Response:
    """Say of each part whether it is well; 503 if one is not."""
    results = {name: is_well(check) for name, check in current_app.extensions["readiness"].items()}
    lines = [f"{name}: {'ok' if well else 'failing'}\n" for name, well in results.items()]
    return Response("".join(lines), 200 if all(results.values()) else 503, mimetype="text/plain")


def is_well(check: Check) -> bool:
    """Return the check's answer; a check that fails to run counts as failing."""
    try:
        return check()
    except Exception:
        log.warning("readiness check failed", exc_info=True)
        return False


def database_answers() -> bool:
    """Return whether the database answers a query."""
    return db.session.scalar(sa.select(sa.literal(1))) == 1


def migrations_are_done() -> bool:
    """Return whether the database is at the newest migration."""
    reached = sa.table("alembic_version", sa.column("version_num"))
    return db.session.scalar(sa.select(reached.c.version_num)) == newest_migration()


def newest_migration() -> str:
    """Return the number of the newest migration: the files' names begin with them, in order.

    Alembic would tell it too, for as much memory as all of the site's own code.
    """
    return max(path.name for path in MIGRATIONS.glob("[0-9]*.py")).partition("_")[0]
