"""The way to the mail server: how long it may take, and whom it trusts."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from flask import Flask
from structlog.testing import capture_logs

import config
from app.core.clock import now
from app.core.database import db
from app.outbox.claims import LEASE, MOST_UNANSWERED
from app.outbox.models import OutboxWorker
from tests.outbox.conftest import Outbox, RunningWorker
from tests.outbox.servers import DrippingServer, PipeliningMailbox, TLSMailbox, make_certificate
from tests.support.mailbox import Mailbox
from tests.support.waiting import until


def connect_to(app: Flask, port: int, **settings: Any) -> None:
    """Let the application's worker use another server."""
    for name, value in {"port": port, **settings}.items():
        setattr(app.extensions["mail"], name, value)


@pytest.fixture
def dripping(app: Flask) -> Iterator[Callable[[str], DrippingServer]]:
    """Start a server that drips its answer to a command, and let the application use it."""
    with ExitStack() as servers:

        def start(drips_at: str) -> DrippingServer:
            server = servers.enter_context(closing(DrippingServer(drips_at)))
            connect_to(app, server.port)
            return server

        yield start


@pytest.fixture
def use_tls_server(app: Flask) -> Iterator[Callable[[Path, str], TLSMailbox]]:
    """Start a server with a certificate, and let the application use it."""
    with ExitStack() as servers:

        def start(certificate: Path, way: str) -> TLSMailbox:
            server = servers.enter_context(closing(TLSMailbox(certificate, at_once=way == "use_ssl")))
            connect_to(app, server.port, **{way: True})
            return server

        yield start


# --- slow servers


def test_a_server_that_thinks_for_long_after_the_text_gets_the_mail_once(
    app: Flask, outbox: Outbox, smtp: Mailbox
) -> None:
    app.config["MAIL_ANSWER_TIMEOUT_SECONDS"] = 20
    mails = [outbox.put(), outbox.put("two@clinic.example")]
    smtp.hang()
    thinking = threading.Timer(1.7, smtp.go_on)  # longer than any other answer may take
    thinking.start()
    outbox.send_due()
    thinking.join()

    assert len(smtp.wait_for(2)) == 2
    assert [(outbox.read(mail).state, outbox.read(mail).attempts) for mail in mails] == [("sent", 1)] * 2


def test_only_the_answer_to_the_text_may_take_so_long(
    app: Flask, outbox: Outbox, dripping: Callable[[str], DrippingServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["MAIL_ANSWER_TIMEOUT_SECONDS"] = 20
    monkeypatch.setattr("tests.outbox.servers.DRIP_SECONDS", 2)
    dripping("QUIT")
    outbox.put()
    started = time.monotonic()
    outbox.send_due()
    assert time.monotonic() - started < 4


def test_a_mail_that_is_never_answered_fails_after_three_tries_and_says_that_it_may_have_arrived(
    outbox: Outbox, smtp: Mailbox
) -> None:
    mail = outbox.put()
    smtp.hang()
    tries = []
    for _ in range(MOST_UNANSWERED):
        before = now()
        outbox.send_due()
        row = outbox.read(mail)
        tries.append((row.state, row.attempts, row.unanswered))
        if row.state == "queued":
            assert row.due_at - before > timedelta(minutes=7)  # nothing is gained by haste
        outbox.change(mail, due_at=now())
    outbox.send_due()

    assert tries == [("queued", 1, 1), ("queued", 2, 2), ("failed", 3, 3)]
    assert outbox.read(mail).attempts == 3
    assert "it may have arrived" in outbox.answer(mail)


def test_a_server_that_falls_silent_earlier_cannot_have_taken_the_mail(
    outbox: Outbox, dripping: Callable[[str], DrippingServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outbox.delivery.ONE_MAIL", timedelta(seconds=0.3))
    server = dripping("DATA")
    mail = outbox.put()
    outbox.send_due()
    row = outbox.read(mail)
    assert (row.state, row.attempts, row.unanswered, server.texts) == ("queued", 1, 0, 0)


def test_an_answer_that_drips_is_hung_up_on_and_counts_as_none(
    app: Flask, outbox: Outbox, dripping: Callable[[str], DrippingServer]
) -> None:
    app.config["MAIL_ANSWER_TIMEOUT_SECONDS"] = 1
    server = dripping(".")
    mail = outbox.put()
    started = time.monotonic()
    outbox.send_due()
    assert time.monotonic() - started < 5
    row = outbox.read(mail)
    assert (row.state, row.unanswered, server.texts) == ("queued", 1, 1)


@pytest.mark.parametrize("drips_at", ["greeting", "QUIT"])
def test_a_greeting_or_goodbye_that_drips_is_hung_up_on(
    outbox: Outbox,
    dripping: Callable[[str], DrippingServer],
    monkeypatch: pytest.MonkeyPatch,
    drips_at: str,
) -> None:
    monkeypatch.setattr("app.outbox.delivery.CONNECTING", timedelta(seconds=0.4))
    dripping(drips_at)
    mail = outbox.put()
    started = time.monotonic()
    outbox.send_due()
    assert time.monotonic() - started < 4
    row = outbox.read(mail)
    expected = ("queued", 0) if drips_at == "greeting" else ("sent", 1)
    assert (row.state, row.attempts) == expected


def test_a_worker_that_waits_for_an_answer_keeps_its_mail_and_its_sign_of_life(
    app: Flask,
    outbox: Outbox,
    running_worker: RunningWorker,
    monkeypatch: pytest.MonkeyPatch,
    smtp: Mailbox,
) -> None:
    app.config["MAIL_ANSWER_TIMEOUT_SECONDS"] = 20
    monkeypatch.setattr("app.outbox.keeping.RENEW_SECONDS", 0.1)
    monkeypatch.setattr("app.outbox.worker.BEAT_SECONDS", 0.1)
    mail = outbox.put()
    smtp.hang()
    with running_worker() as worker:
        smtp.wait_for_connection()
        started = now()
        outbox.change(mail, due_at=started + timedelta(seconds=5))  # as if it had waited for long
        until(lambda: outbox.read(mail).due_at - started >= LEASE - timedelta(seconds=5))
        until(lambda: beat(app, worker.id) >= started)
        smtp.go_on()
        smtp.wait_for(1)
    assert outbox.read(mail).state == "sent"
    assert len(smtp.received) == 1


def beat(app: Flask, worker: Any) -> Any:
    """Return when a worker last gave a sign of life."""
    with app.app_context():
        return db.session.get_one(OutboxWorker, worker).beat_at


# --- several commands at once


@pytest.mark.parametrize("waits_for_text", [True, False])
def test_a_refused_mail_leaves_the_connection_to_the_next_whatever_was_sent_ahead(
    app: Flask, outbox: Outbox, waits_for_text: bool
) -> None:
    with closing(PipeliningMailbox(waits_for_text)) as server:
        connect_to(app, server.port)
        server.answers["gone@clinic.example"] = "550 5.1.1 unknown"
        refused, taken = outbox.put("gone@clinic.example"), outbox.put("two@clinic.example")
        outbox.send_due()

        assert [received.recipients for received in server.received] == [("two@clinic.example",)]
        assert server.connections == 1
    assert (outbox.read(refused).state, outbox.read(taken).state) == ("failed", "sent")
    assert outbox.answer(refused) == "550 5.1.1 unknown"


def test_a_server_that_closes_although_more_was_sent_ahead_has_refused_nothing(
    app: Flask, outbox: Outbox
) -> None:
    with closing(PipeliningMailbox(waits_for_text=False)) as server:
        connect_to(app, server.port)
        server.answers["one@clinic.example"] = "421 4.3.2 Closing"
        first, second = outbox.put("one@clinic.example"), outbox.put("two@clinic.example")
        outbox.send_due()
    assert (outbox.read(first).state, outbox.answer(first)) == ("queued", "421 4.3.2 Closing")
    assert (outbox.read(second).state, outbox.read(second).attempts) == ("queued", 0)


def test_a_server_that_takes_eight_bits_is_told_that_they_come(app: Flask, outbox: Outbox) -> None:
    with closing(PipeliningMailbox(waits_for_text=False)) as server:
        connect_to(app, server.port)
        mail = outbox.put()
        outbox.send_due()
        assert "BODY=8BITMIME" in [option.upper() for option in server.mail_options]
    assert outbox.read(mail).state == "sent"


# --- trust


@pytest.fixture(params=["nobody vouches for it", "it is another server's"])
def wrong_certificate(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Path:
    """A certificate that must not be believed."""
    if request.param == "nobody vouches for it":
        return make_certificate(tmp_path / "server.pem")
    certificate = make_certificate(tmp_path / "server.pem", x509.DNSName("other.example"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


@pytest.mark.parametrize("way", ["use_tls", "use_ssl"])
def test_a_server_whose_certificate_is_wrong_gets_nothing(
    outbox: Outbox,
    use_tls_server: Callable[[Path, str], TLSMailbox],
    wrong_certificate: Path,
    way: str,
) -> None:
    server = use_tls_server(wrong_certificate, way)
    mail = outbox.put()
    with capture_logs() as logs:
        outbox.send_due()

    assert server.received == []
    row = outbox.read(mail)
    assert (row.state, row.attempts, row.worker) == ("queued", 0, None)
    (line,) = [line for line in logs if line["event"] == "mail server unavailable"]
    assert line["error"] == "SSLCertVerificationError"


@pytest.mark.parametrize("way", ["use_tls", "use_ssl"])
def test_a_server_whose_certificate_is_right_gets_the_mail(
    outbox: Outbox,
    use_tls_server: Callable[[Path, str], TLSMailbox],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    way: str,
) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = use_tls_server(certificate, way)
    mail = outbox.put()
    outbox.send_due()
    assert len(server.wait_for(1)) == 1
    assert outbox.read(mail).state == "sent"


def test_a_server_without_tls_gets_nothing_when_tls_was_asked_for(
    app: Flask, outbox: Outbox, smtp: Mailbox
) -> None:
    connect_to(app, smtp.port, use_tls=True)
    mail = outbox.put()
    outbox.send_due()
    assert smtp.received == []
    assert outbox.read(mail).state == "queued"


# --- settings

MAIL = {"MAIL_SERVER": "mail.example", "PUBLIC_URL": "https://portal.example"}
SIGNED_IN = {**MAIL, "MAIL_USERNAME": "portal", "MAIL_PASSWORD": "secret"}


def test_production_sends_no_password_in_the_clear() -> None:
    with pytest.raises(config.ConfigurationError, match="MAIL_USE_TLS or MAIL_USE_SSL"):
        config.mail(SIGNED_IN, production=True)


@pytest.mark.parametrize("secure", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_production_signs_in_over_tls(secure: str) -> None:
    assert config.mail({**SIGNED_IN, secure: "1"}, production=True)["MAIL_USERNAME"] == "portal"


def test_a_relay_that_asks_for_no_password_needs_no_tls() -> None:
    assert config.mail(MAIL, production=True)["MAIL_USE_TLS"] is False
    assert config.mail(SIGNED_IN, production=False)["MAIL_USE_TLS"] is False


@pytest.mark.parametrize("given", ["", " \n "])
def test_the_senders_name_tells_nothing_unless_told(given: str) -> None:
    assert config.mail({**MAIL, "MAIL_SENDER_NAME": given})["MAIL_SENDER_NAME"] == "Inquiry desk"
    named = config.mail({**MAIL, "MAIL_SENDER_NAME": "The\n team"})
    assert named["MAIL_SENDER_NAME"] == "The team"
