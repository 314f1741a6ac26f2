"""What the worker does now and then, besides sending mail."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import create_app
from app.core.chores import HOUR_SECONDS, add_chore, run_chores
from app.core.logs import log
from app.outbox.worker import Worker, work_once
from tests.support.databases import close
from tests.support.engines import ON_SQLITE

pytestmark = ON_SQLITE

OF_THE_SITE = {
    "addresses_forgotten",
    "audit_linked",
    "audit_linked_late",
    "digests_sent",
    "drafts_ended",
    "drafts_reminded",
    "hints_renewed",
    "overdue_told",
    "resets_forgotten",
    "sessions_forgotten",
    "tries_forgotten",
}


class Counting:
    """A chore that counts how often it was done."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> int:
        self.done += 1
        return 7


def failing(error: Exception) -> Callable[[], int]:
    """Return a chore that fails."""

    def fail() -> int:
        raise error

    return fail


def test_the_site_has_these_chores(app: Flask) -> None:
    assert set(app.extensions["chores"]) == OF_THE_SITE


def test_each_chore_is_done_and_says_how_much_it_did(app: Flask) -> None:
    chore = Counting()
    add_chore(app, "counted", chore)

    with app.app_context():
        done = run_chores()

    assert chore.done == 1
    assert set(done) == {*OF_THE_SITE, "counted"}
    assert done["counted"] == 7


@pytest.mark.parametrize(
    "error",
    [OperationalError("", {}, Exception()), RuntimeError(), ValueError("canary-value")],
    ids=["database", "other", "with words"],
)
def test_a_chore_that_fails_keeps_no_other_from_being_done(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str], error: Exception
) -> None:
    app = create_app(environ)  # its log goes to where errors went when it was made
    after = Counting()
    add_chore(app, "failed", failing(error))
    add_chore(app, "after", after)

    with app.app_context():
        done = run_chores()

    assert (after.done, "failed" in done) == (1, False)
    told = capfd.readouterr().err
    assert type(error).__name__ in told
    assert "canary-value" not in told
    close(app)


@pytest.mark.parametrize("every_seconds", [5.0, HOUR_SECONDS])
def test_a_worker_does_them_when_it_begins_and_then_as_often_as_each_wants(
    app: Flask, every_seconds: float
) -> None:
    chore, worker = Counting(), Worker()
    add_chore(app, "counted", chore, every_seconds)

    for _ in range(3):
        work_once(app, worker)
    assert chore.done == 1

    worker.chores_due["counted"] -= every_seconds  # as if that time had passed
    for _ in range(3):
        work_once(app, worker)
    assert chore.done == 2


def test_a_chore_is_done_about_once_an_hour_unless_it_says_more(app: Flask) -> None:
    add_chore(app, "counted", Counting())

    assert app.extensions["chores"]["counted"].every_seconds == HOUR_SECONDS == 3600


def test_a_chore_of_every_few_seconds_does_not_fill_the_log(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str]
) -> None:
    app = create_app(environ)
    add_chore(app, "often", Counting(), every_seconds=5)
    due: dict[str, float] = {}
    with app.app_context():
        run_chores(due)
        log.info("chores done")
        assert "chores done" in capfd.readouterr().err  # it is seen where it is said
        due["often"] = 0.0

        assert run_chores(due) == {"often": 7}

    assert "chores done" not in capfd.readouterr().err
    close(app)


def test_several_workers_may_do_them(app: Flask) -> None:
    chore = Counting()
    add_chore(app, "counted", chore)

    work_once(app, Worker())
    work_once(app, Worker())

    assert chore.done == 2
