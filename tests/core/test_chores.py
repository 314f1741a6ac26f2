"""What the worker does now and then, besides sending mail."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core.chores import add_chore, run_chores
from app.outbox.worker import CHORES_SECONDS, Worker, work_once
from tests.support.engines import ON_SQLITE

pytestmark = ON_SQLITE


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
    assert set(app.extensions["chores"]) == {"drafts_reminded", "drafts_ended", "addresses_forgotten"}


def test_each_chore_is_done_and_says_how_much_it_did(app: Flask) -> None:
    chore = Counting()
    add_chore(app, "counted", chore)

    with app.app_context():
        done = run_chores()

    assert chore.done == 1
    assert done == {"drafts_reminded": 0, "drafts_ended": 0, "addresses_forgotten": 0, "counted": 7}


@pytest.mark.parametrize(
    "error",
    [OperationalError("", {}, Exception()), RuntimeError(), ValueError("canary-value")],
    ids=["database", "other", "with words"],
)
def test_a_chore_that_fails_keeps_no_other_from_being_done(
    app: Flask, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    after = Counting()
    add_chore(app, "failed", failing(error))
    add_chore(app, "after", after)

    with app.app_context():
        done = run_chores()

    assert (after.done, "failed" in done) == (1, False)
    assert type(error).__name__ in caplog.text
    assert "canary-value" not in caplog.text


def test_a_worker_does_them_when_it_begins_and_then_once_an_hour(app: Flask) -> None:
    chore, worker = Counting(), Worker()
    add_chore(app, "counted", chore)

    for _ in range(3):
        work_once(app, worker)
    assert chore.done == 1
    assert CHORES_SECONDS == 3600

    worker.chores_due -= CHORES_SECONDS  # as if an hour had passed
    for _ in range(3):
        work_once(app, worker)
    assert chore.done == 2


def test_several_workers_may_do_them(app: Flask) -> None:
    chore = Counting()
    add_chore(app, "counted", chore)

    work_once(app, Worker())
    work_once(app, Worker())

    assert chore.done == 2
