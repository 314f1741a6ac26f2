"""How many inquiries may come from one place, to one address, at once; more are marked, none refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import create_app
from app.core.database import db
from app.inquiries import arrival
from app.inquiries.models import Inquiry
from tests.site.test_marks import marks
from tests.support import stored
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of
from tests.support.proving import proof_for
from tests.support.sending import filled, post
from tests.support.staff import signed_in

HERE, THERE = "192.0.2.1", "198.51.100.7"
START = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def other_app(environ: dict[str, str]) -> Iterator[Flask]:
    """Another process of the same site."""
    other = create_app(environ)
    yield other
    close(other)


def send_from(app: Flask, address: str, *, email: str = "", proven: bool = False) -> None:
    """Send an inquiry from a network address, in a browser of its own."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    fields = filled(client, email=email, contact_by="")
    if proven:
        fields["proof"] = proof_for(client, fields["form_key"][0])
    assert post(client, fields).status_code == 303


def marked(app: Flask, mark: str) -> list[bool]:
    """Return of each inquiry whether it has a mark, oldest first."""
    return [mark in found for found, _suspicious in marks(app)]


def indexes(app: Flask) -> list[bytes | None]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Inquiry.address_index).order_by(Inquiry.sent_at)))


def test_more_from_one_address_than_may_be_are_marked_by_all_processes_together_and_kept(
    app: Flask, other_app: Flask
) -> None:
    for each in (app, other_app, app, other_app):
        send_from(each, HERE)
    send_from(app, THERE)

    assert arrival.UNPROVEN_FROM_ADDRESS == 2
    assert marked(app, "many_from_address") == [False, False, True, True, False]
    assert [suspicious for _marks, suspicious in marks(app)] == [False, False, True, True, False]
    assert len(stored.inquiries(app)) == 5


@ON_SQLITE
def test_with_a_proof_more_may_come_from_one_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "FROM_ADDRESS", 3)
    for _ in range(4):
        send_from(app, HERE, proven=True)

    assert marked(app, "many_from_address") == [False, False, False, True]
    assert marks(app)[0] == ([], False)


@ON_SQLITE
def test_after_an_hour_an_address_may_send_again(app: Flask) -> None:
    for minutes in (0, 1, 59, 61):
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            send_from(app, HERE)

    assert marked(app, "many_from_address") == [False, False, True, False]


def test_more_to_one_e_mail_address_than_may_be_are_marked_and_write_to_it_no_more(
    app: Flask, other_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "TO_EMAIL", 2)
    send_from(app, "192.0.2.1", email="canary.one@mail.example.com")
    send_from(other_app, "192.0.2.2", email="canary.one@MAIL.example.com")
    send_from(app, "192.0.2.3", email="canary.one@mail.example.com")
    send_from(app, "192.0.2.4", email="other@mail.example.com")

    assert marked(app, "many_to_email") == [False, False, True, False]
    confirmed = [recipient for message, recipient in stored.mails(app) if message == "inquiry_received"]
    assert len(confirmed) == 3
    assert confirmed.count("other@mail.example.com") == 1


@ON_SQLITE
def test_after_a_day_an_e_mail_address_counts_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "TO_EMAIL", 1)
    for hours in (0, 23, 48):
        with time_machine.travel(START + timedelta(hours=hours), tick=False):
            send_from(app, HERE, email="canary.one@mail.example.com")

    assert marked(app, "many_to_email") == [False, True, False]


def test_more_at_once_from_everywhere_than_may_be_are_marked(
    app: Flask, other_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "AT_ONCE", 2)
    for minutes, each in ((0, app), (1, other_app), (2, app), (20, other_app)):
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            send_from(each, f"192.0.2.{minutes}")

    assert marked(app, "many_at_once") == [False, False, True, False]


@ON_SQLITE
def test_staff_see_each_mark_in_words(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("UNPROVEN_FROM_ADDRESS", "TO_EMAIL", "AT_ONCE"):
        monkeypatch.setattr(arrival, limit, 0)
    send_from(app, HERE, email="canary.one@mail.example.com")
    desk = signed_in(app, "coordinator")
    link = page_of(desk.get("/desk")).with_class("queue__reference")[0]

    page = page_of(desk.get(link.get("href", "")))

    for words in (
        "Many came from the same network address within an hour",
        "Many came with the same e-mail address within a day",
        "Many came at once, from everywhere",
    ):
        assert words in page.text


def test_a_network_address_is_never_kept_in_the_clear_and_its_index_for_a_day(app: Flask) -> None:
    with time_machine.travel(START, tick=False):
        send_from(app, HERE)
    with time_machine.travel(START + timedelta(hours=23), tick=False):
        send_from(app, THERE)
    with time_machine.travel(START + timedelta(hours=24, seconds=1), tick=False), app.app_context():
        assert arrival.forget_addresses() == 1
        assert arrival.forget_addresses() == 0

    first, second = indexes(app)
    assert first is None
    assert second is not None
    assert THERE.encode() not in second
