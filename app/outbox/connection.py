"""The connection to the mail server: whom it trusts, and when it hangs up."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from smtplib import SMTP, SMTP_SSL
from typing import Any

from flask import current_app
from flask_mail import Connection, Mail

LOOK_SECONDS = 1.0
"""How often the time is looked at: it changes when a mail's text was handed over."""


class MailConnection(Connection):
    """Flask-Mail's connection, to a server that proved who it is if TLS was asked for."""

    def __init__(self, mail: Mail) -> None:
        """Take where to connect to; ``with`` or ``__enter__`` connects."""
        super().__init__(mail)
        self.hang_up_at = 0.0
        """When ``time_limit`` hangs up, on the monotonic clock."""
        self.unanswered = False
        """Whether a mail's text was handed over and no answer came."""

    def configure_host(self) -> SMTP:
        """Connect and sign in. Flask-Mail would check neither certificate nor host name."""
        server = MailServerOverTLS(self) if self.mail.use_ssl else MailServer(self)
        if self.mail.use_tls:
            server.starttls(context=ssl.create_default_context())
        if self.mail.username and self.mail.password:
            server.login(self.mail.username, self.mail.password)
        return server


class MailServer(SMTP):
    """A mail server, which gets longer to answer to a mail's text than to anything else."""

    def __init__(self, connection: MailConnection, **settings: Any) -> None:
        """Connect. ``connection`` knows the server before that: it may have to hang up."""
        self.connection = connection
        connection.host = self
        super().__init__(connection.mail.server, connection.mail.port, **settings)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over a mail's text, and return the answer to it."""
        answer = super().data(msg)
        self.connection.unanswered = False
        self.wait_for_answers(socket.getdefaulttimeout())
        return answer

    def send(self, s: Any) -> None:
        """Send a command (text), or a mail's text with the dot that ends it (bytes)."""
        super().send(s)
        if isinstance(s, bytes):
            seconds = current_app.config["MAIL_ANSWER_TIMEOUT_SECONDS"]
            self.connection.unanswered = True
            self.connection.hang_up_at = time.monotonic() + seconds
            self.wait_for_answers(seconds)

    def wait_for_answers(self, seconds: float | None) -> None:
        """Let every answer from now on take so long."""
        if self.sock is not None:
            self.sock.settimeout(seconds)


class MailServerOverTLS(MailServer, SMTP_SSL):
    """A mail server that speaks TLS from the first byte."""

    def __init__(self, connection: MailConnection) -> None:
        """Connect."""
        super().__init__(connection, context=ssl.create_default_context())


@contextmanager
def time_limit(connection: MailConnection, limit: timedelta) -> Iterator[None]:
    """Hang up after ``limit``: a server that answers a letter now and then beats every timeout."""
    connection.hang_up_at = time.monotonic() + limit.total_seconds()
    done = threading.Event()

    def watch() -> None:
        left = limit.total_seconds()
        # Again and again when none is left: perhaps TLS was just wrapped around the socket.
        while not done.wait(min(left, LOOK_SECONDS) if left > 0 else LOOK_SECONDS):
            left = connection.hang_up_at - time.monotonic()
            if left <= 0:
                hang_up(connection)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def hang_up(connection: MailConnection) -> None:
    """End the connection under whoever waits for its other end."""
    with suppress(OSError, AttributeError, TypeError):
        # Not sock.shutdown(): that of a TLS socket drops its keys first, while another thread uses them.
        socket.socket.shutdown(connection.host.sock, socket.SHUT_RDWR)  # type: ignore[union-attr, arg-type]
