"""Whether the time of an answer tells which addresses have an account.

Wrong passwords, and then requests for a new password, are sent to the program with the site's own password
hashing, in turns for an address with an account and for one without. A figure is how far apart the medians of
the two are, whichever is slower. It is the time by the clock, which is what somebody outside can see.
"""

import gc
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from app.accounts import keeping, spelling
from app.accounts.models import SignInAttempt
from app.core.database import db
from bench.figures import ROUNDS, Figure, WrongAnswerError, at_most
from bench.sites import site

KNOWN, UNKNOWN = "someone@staff.example.com", "no.body@staff.example.com"
PASSWORD = "seven quiet herons"
MOST_APART = 1.05
TRIES = 12
"""For each address in a round."""
WARMING_UP = 3
Times = dict[str, list[tuple[float, float]]]
"""For each address, the seconds that each try took: by the clock, and of the processor."""
Ask = Callable[[FlaskClient, str, str], None]


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure both forms."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, site(Path(folder)) as place:
        app = place.app
        app.config["WTF_CSRF_ENABLED"] = False  # the same for both, and not what is measured
        add_account(app)
        for name, ask in (("sign-in", sign_in), ("new password", ask_for_reset)):
            tell(f"{name}: warming up")
            seconds_each(app, ask, WARMING_UP)
            rounds = []
            for number in range(ROUNDS):
                tell(f"{name}: round {number + 1} of {ROUNDS}")
                rounds.append(seconds_each(app, ask, TRIES))
            yield figure(name, rounds)


def figure(name: str, rounds: list[Times]) -> Figure:
    """Return how many times as long the address takes that is answered later."""
    clock, processor = ([known_to_unknown(times, which) for times in rounds] for which in (0, 1))
    if median(clock) < 1:
        clock, processor = ([1 / ratio for ratio in ratios] for ratios in (clock, processor))
    told = f"by the processor's time {median(processor):.3f}"
    return at_most(f"{name}: known and unknown address", MOST_APART, "× the one answered sooner", clock, told)


def known_to_unknown(times: Times, which: int) -> float:
    """Return how many times as long the known address took as the unknown one."""
    known, unknown = (median(took[which] for took in times[email]) for email in (KNOWN, UNKNOWN))
    return known / unknown


def add_account(app: Flask) -> None:
    """Make the one account."""
    with app.app_context():
        hashed = hash_password(spelling.normal_password(PASSWORD))
        keeping.add_user(name="Someone", email=KNOWN, hashed=hashed, roles=["coordinator"])
        db.session.commit()


def sign_in(client: FlaskClient, email: str, address: str) -> None:
    """Try a wrong password from a network."""
    send(client, "/desk/sign-in", {"email": email, "password": "not the password"}, address, 422)


def ask_for_reset(client: FlaskClient, email: str, address: str) -> None:
    """Ask for a link that sets a new password, from a network."""
    send(client, "/desk/forgotten", {"email": email}, address, 303)


def send(client: FlaskClient, path: str, data: dict[str, str], address: str, status: int) -> None:
    """Send a form, and check that it is answered as it should be."""
    answer = client.post(path, data=data, environ_overrides={"REMOTE_ADDR": address})
    if answer.status_code != status:
        raise WrongAnswerError(f"POST {path} was answered with {answer.status_code}, not {status}")


def seconds_each(app: Flask, ask: Ask, tries: int) -> Times:
    """Return how long each try took, for either address, taken in turns that nothing can be read from."""
    client = app.test_client()
    times: Times = {KNOWN: [], UNKNOWN: []}
    gc.disable()
    for number in range(tries):
        forget_tries(app)
        for email in random.sample(list(times), 2):
            # Each from a network of its own, so that no limit is reached.
            address = f"203.0.{number % 250}.{1 + (email == KNOWN)}"
            start, worked = time.perf_counter(), time.process_time()
            ask(client, email, address)
            times[email].append((time.perf_counter() - start, time.process_time() - worked))
        gc.collect()
    gc.enable()
    return times


def forget_tries(app: Flask) -> None:
    """Let no try count any more."""
    with app.app_context():
        db.session.execute(sa.delete(SignInAttempt))
        db.session.commit()
