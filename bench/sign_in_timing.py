"""Whether the time of an answer tells which addresses have an account.

``python -m bench.sign_in_timing --tries 500`` sends wrong passwords, and then requests for a new password, to
the real application with the site's own password hashing, in turns for an address with an account and for
one without. It prints the medians and ends with the status 1 where they differ by more than 5 %. On a machine
that does other things meanwhile, the time of the processor, which is printed too, says more.
"""

import argparse
import gc
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

import config
from app import create_app
from app.accounts import keeping, spelling
from app.accounts.models import SignInAttempt
from app.core.database import alembic, db

KNOWN, UNKNOWN = "someone@staff.example.com", "no.body@staff.example.com"
PASSWORD = "seven quiet herons"
MOST_APART = 0.05
WARMING_UP = 5
Times = dict[str, list[tuple[float, float]]]
"""For each address, the seconds that each try took: by the clock, and of the processor."""
Ask = Callable[[FlaskClient, str, str], None]


def make_app(folder: Path) -> Flask:
    """Return the application on a fresh database with one account."""
    app = create_app(
        {
            "PORTAL_ENV": "test",
            "INSTANCE_PATH": str(folder),
            "SECRET_KEY": secrets.token_urlsafe(32),
            "FIELD_KEYS": config.new_field_key(),
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite'}",
            "FILES_URL": (folder / "files").as_uri(),
            "PUBLIC_URL": "https://portal.example",
            "COORDINATOR_EMAILS": "coordinator@staff.example.com",
            "MAIL_SERVER": "127.0.0.1",
        }
    )
    app.config["WTF_CSRF_ENABLED"] = False  # the same for both, and not what is measured
    with app.app_context():
        alembic.upgrade()
        hashed = hash_password(spelling.normal_password(PASSWORD))
        keeping.add_user(name="Someone", email=KNOWN, hashed=hashed, roles=["coordinator"])
        db.session.commit()
    return app


def sign_in(client: FlaskClient, email: str, address: str) -> None:
    """Try a wrong password from a network."""
    data = {"email": email, "password": "not the password"}
    answer = client.post("/desk/sign-in", data=data, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == 422, answer.status


def ask_for_reset(client: FlaskClient, email: str, address: str) -> None:
    """Ask for a link that sets a new password, from a network."""
    data = {"email": email}
    answer = client.post("/desk/forgotten", data=data, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == 303, answer.status


def seconds_each(app: Flask, ask: Ask, tries: int) -> Times:
    """Return how long each try took, for either address, taken in turns that nothing can be read from."""
    client = app.test_client()
    times: Times = {KNOWN: [], UNKNOWN: []}
    gc.disable()
    for number in range(tries + WARMING_UP):
        forget_tries(app)
        for email in random.sample(list(times), 2):
            # Each from a network of its own, so that no limit is reached.
            address = f"203.0.{number % 250}.{1 + (email == KNOWN)}"
            start, worked = time.perf_counter(), time.process_time()
            ask(client, email, address)
            if number >= WARMING_UP:
                times[email].append((time.perf_counter() - start, time.process_time() - worked))
        gc.collect()
    gc.enable()
    return times


def forget_tries(app: Flask) -> None:
    """Let no try count any more."""
    with app.app_context():
        db.session.execute(sa.delete(SignInAttempt))
        db.session.commit()


def compare(name: str, times: Times) -> bool:
    """Print the medians, and return whether those by the clock are as good as the same."""
    ratios = []
    for kind, which in (("clock", 0), ("processor", 1)):
        known, unknown = (median(took[which] for took in times[email]) * 1000 for email in (KNOWN, UNKNOWN))
        ratios.append(known / unknown)
        print(f"{name}, {kind}: known {known:.2f} ms, unknown {unknown:.2f} ms, ratio {ratios[-1]:.3f}")
    return abs(ratios[0] - 1) <= MOST_APART


def main() -> int:
    """Measure both forms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=500, help="tries for each address and form")
    tries = parser.parse_args().tries
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        app = make_app(Path(folder))
        forms: dict[str, Ask] = {"sign-in": sign_in, "new password": ask_for_reset}
        alike = [compare(name, seconds_each(app, ask, tries)) for name, ask in forms.items()]
        with app.app_context():
            db.engine.dispose()
    return 0 if all(alike) else 1


if __name__ == "__main__":
    sys.exit(main())
