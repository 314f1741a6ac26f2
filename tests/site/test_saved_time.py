"""How long what was saved is kept, and who is reminded of it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.inquiries import drafts
from app.inquiries.models import Draft
from tests.support import cast, drafting, stored
from tests.support.drafting import WHOLE, code_on, go_on, link_on, mail_link, saved
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.pages import page_of
from tests.support.sending import ACTION, filled, post
from tests.support.stepping import go_through
from tests.support.worker import send_all

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
OTHER = "other@mail.example.com"


def later(**after: float) -> time_machine.travel:
    """Be so long after the start; the clock stands still."""
    return time_machine.travel(START + timedelta(**after), tick=False)


def done(app: Flask, chore: Callable[[], int]) -> int:
    """Do a chore as a worker does, and return how many rows it touched."""
    with app.app_context():
        return chore()


def reminders(app: Flask) -> list[str]:
    return [recipient for message, recipient in stored.mails(app) if message == "draft_reminder"]


def test_after_thirty_days_nothing_of_it_is_left(app: Flask, client: FlaskClient) -> None:
    with later():
        saved(client, cast.EXAMPLE_TWO)
    with later(days=29, hours=23, minutes=59):
        assert done(app, drafts.end_drafts) == 0
        assert len(drafting.rows(app)) == 1

    with later(days=30):
        assert done(app, drafts.end_drafts) == 1
        assert done(app, drafts.end_drafts) == 0

    assert drafting.rows(app) == []
    assert sorted(stored.acts(app)) == ["draft.begun", "draft.saved", "drafts.ended"]


def test_of_workers_at_once_one_reminds_a_week_before(app: Flask, client: FlaskClient) -> None:
    workers = 4
    with later():
        saved(client, cast.EXAMPLE_ONE)
        mail_link(client, OTHER)
        saved(app.test_client(), cast.EXAMPLE_TWO)  # whose owner asked for no mail
    with later(days=22, hours=23, minutes=59):
        assert done(app, drafts.remind_of_drafts) == 0
    ready = threading.Barrier(workers)

    def remind(_number: int) -> int:
        with app.app_context():
            ready.wait(10)
            return drafts.remind_of_drafts()

    with later(days=23), ThreadPoolExecutor(workers) as pool:
        reminded = sorted(pool.map(remind, range(workers)))
        assert done(app, drafts.remind_of_drafts) == 0

    assert reminded == [*[0] * (workers - 1), 1]
    assert reminders(app) == [OTHER]
    assert stored.acts(app).count("draft.reminded") == 1


@ON_SQLITE
def test_the_reminder_says_the_day_and_the_way_back_and_nothing_else(
    app: Flask, client: FlaskClient, smtp: Mailbox
) -> None:
    with later():
        page = saved(client, cast.EXAMPLE_TWO)
        mail_link(client, cast.PATIENT_EMAIL)
    with later(days=23, minutes=1):
        send_all(app)

    _link, reminder = smtp.wait_for(2)
    words = reminder.text.replace(f"To: {cast.PATIENT_EMAIL}", "")
    assert reminder.message["Subject"] == "What you saved will be deleted soon"
    assert "31 December 2026" in words
    assert f"https://portal.example{link_on(page)}" in words
    assert [canary for canary in cast.CANARIES if canary.lower() in words.lower()] == []


@ON_SQLITE
@pytest.mark.parametrize("way", ["form", "steps"])
def test_going_on_moves_the_day_and_the_reminder(app: Flask, client: FlaskClient, way: str) -> None:
    with later():
        code = code_on(saved(client, cast.EXAMPLE_ONE))
        mail_link(client, OTHER)
    with later(days=20):
        other = app.test_client()
        go_on(other, code)
        if way == "form":
            post(other, {**page_of(other.get(WHOLE)).values(ACTION), "action": "save"})
        else:
            go_through(other, cast.EXAMPLE_ONE, up_to="person")
        assert drafting.last_day(app) == START + timedelta(days=50)

    with later(days=42, hours=23):
        assert (done(app, drafts.remind_of_drafts), done(app, drafts.end_drafts)) == (0, 0)
    with later(days=43, hours=1):
        assert done(app, drafts.remind_of_drafts) == 1
    assert reminders(app) == [OTHER]


@ON_SQLITE
def test_what_was_sent_is_not_reminded_of(app: Flask, client: FlaskClient) -> None:
    with later():
        saved(client, cast.EXAMPLE_ONE)
        mail_link(client, OTHER)
        post(client, filled(client, cast.EXAMPLE_ONE))
    with later(days=25):
        assert done(app, drafts.remind_of_drafts) == 0

    assert drafting.rows(app) == []


@ON_SQLITE
@pytest.mark.parametrize("action", ["", "replace", "second"])
def test_what_was_saved_after_sending_is_gone_when_it_is_sent_again(
    app: Flask, client: FlaskClient, action: str
) -> None:
    post(client, filled(client, cast.EXAMPLE_ONE))
    message = "Something else." if action else cast.MESSAGE
    saved(client, {**cast.EXAMPLE_ONE, "message": message})

    again = post(client, {**page_of(client.get(WHOLE)).values(ACTION), "opened": "", "action": action})

    assert again.status_code == 303
    assert drafting.rows(app) == [], "it would be kept for 30 days, and reminded of"


@ON_SQLITE
def test_a_draft_that_cannot_be_read_keeps_no_other_from_being_reminded_of(
    app: Flask, client: FlaskClient
) -> None:
    with later():
        saved(client, cast.EXAMPLE_ONE)
        mail_link(client, cast.PATIENT_EMAIL)
        with app.app_context():
            db.session.execute(sa.update(Draft).values(content_sealed=b"\x01 sealed with a lost key"))
            db.session.commit()
    with later(minutes=1):
        other = app.test_client()
        saved(other, cast.EXAMPLE_ONE)
        mail_link(other, OTHER)
    with later(days=23, minutes=1):
        send_all(app)

    assert reminders(app) == [OTHER]
