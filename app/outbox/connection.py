"""The connection to the mail server: whom it trusts, how it hands a mail over, and when it hangs up."""

import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from smtplib import SMTP, SMTP_SSL, SMTPException, SMTPResponseException, SMTPServerDisconnected
from typing import Any

from flask import current_app
from flask_mail import Mail

LOOK_SECONDS = 1.0
"""How long after hanging up it is done again: perhaps TLS was just wrapped around the socket."""
CLOSING = 421
"""The server's answer to any command when it closes the connection (RFC 5321, 3.8)."""
POSITIVE = (2, 2, 3)
"""The first digits of the answers to MAIL, RCPT and DATA if a mail's text may follow."""

Answer = tuple[int, bytes]
"""A server's code and words."""


class MailConnection:
    """A connection to the mail server, and the thread that hangs up when its time is over."""

    def __init__(self, mail: Mail) -> None:
        """Take where to connect to."""
        self.mail = mail
        self.host: MailServer | None = None
        self.unanswered = False
        """Whether a mail's text was handed over and no answer came."""
        self._changed = threading.Condition()
        self._hang_up_at = self._looks_at = math.inf
        self._is_over = False
        threading.Thread(target=self._watch, daemon=True).start()

    def connect(self) -> None:
        """Connect and sign in, to a server that proved who it is if TLS was asked for."""
        server = MailServerOverTLS(self) if self.mail.use_ssl else MailServer(self)
        if self.mail.use_tls:
            server.starttls(context=ssl.create_default_context())
        if self.mail.username and self.mail.password:
            server.login(self.mail.username, self.mail.password)
        server.ehlo_or_helo_if_needed()

    def hang_up_after(self, seconds: float) -> None:
        """End the connection when so much time has gone by, whatever was said before."""
        with self._changed:
            self._hang_up_at = time.monotonic() + seconds
            if self._hang_up_at < self._looks_at:
                self._changed.notify()

    @property
    def is_open(self) -> bool:
        """Whether it can carry another mail: smtplib closes one that failed."""
        return self.host is not None and self.host.sock is not None

    def hand_over(self, sender: str, recipient: str, text: bytes, meanwhile: Callable[[], None]) -> None:
        """Hand a mail over, as ``MailServer`` does."""
        if self.host is None:
            raise SMTPServerDisconnected("never connected")
        self.unanswered = False
        self.host.hand_over(sender, recipient, text, meanwhile)

    def say_goodbye(self) -> None:
        """End the dialogue, if there still is someone to hear it."""
        if self.host is not None and self.is_open:
            with suppress(SMTPException, OSError):
                self.host.quit()

    def drop(self) -> None:
        """Close the socket, and hang up no more."""
        if self.host is not None:
            self.host.close()
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._is_over:
                left = self._hang_up_at - time.monotonic()
                if left <= 0:
                    hang_up(self)
                    left = LOOK_SECONDS
                self._looks_at = time.monotonic() + left
                self._changed.wait(min(left, threading.TIMEOUT_MAX))


class MailServer(SMTP):
    """A mail server, which gets longer to answer to a mail's text than to anything else."""

    def __init__(self, connection: MailConnection, **settings: Any) -> None:
        """Connect. ``connection`` knows the server before that: it may have to hang up."""
        self.connection = connection
        connection.host = self
        super().__init__(connection.mail.server, connection.mail.port, **settings)

    def hand_over(self, sender: str, recipient: str, text: bytes, meanwhile: Callable[[], None]) -> None:
        """Hand a mail over; the addresses are in ASCII, and each line of ``text`` ends with CR and LF.

        ``meanwhile`` is called while the server thinks about the text. Raises SMTPResponseException if the
        server refuses the mail, with its code and words, and SMTPServerDisconnected or OSError if it is gone.
        """
        size = f" size={len(text)}" if self.has_extn("size") else ""
        body = " body=8bitmime" if self.has_extn("8bitmime") else ""
        answers = self.ask(f"MAIL FROM:<{sender}>{size}{body}", f"RCPT TO:<{recipient}>", "DATA")
        for (code, words), digit in zip(answers, POSITIVE, strict=False):
            if code // 100 != digit:
                self.give_up(answers[-1])
                raise SMTPResponseException(code, words)
        code, words = self.hand_over_text(text.replace(b"\r\n.", b"\r\n..") + b".\r\n", meanwhile)
        if code == CLOSING:
            self.close()
        if code // 100 != 2:
            raise SMTPResponseException(code, words)

    def ask(self, *commands: str) -> list[Answer]:
        """Send commands and return the answers: all at once if the server can do that (RFC 2920).

        Otherwise one by one, up to the first that is refused.
        """
        at_once = self.has_extn("pipelining")
        if at_once:
            self.send("".join(f"{command}\r\n" for command in commands))
        answers: list[Answer] = []
        for command in commands:
            if not at_once:
                self.putcmd(command)
            answers.append(self.getreply())
            if answers[-1][0] == CLOSING:
                self.close()
                break
            if answers[-1][0] >= 400 and not at_once:
                break
        return answers

    def give_up(self, last: Answer) -> None:
        """Leave the connection ready for another mail after one was refused; ``last`` is the last answer."""
        with suppress(SMTPServerDisconnected):
            if last[0] // 100 == 3:  # it waits for a text, although it refused the mail
                self.send(b".\r\n")
                self.getreply()
            else:
                self.rset()

    def hand_over_text(self, text: bytes, meanwhile: Callable[[], None]) -> Answer:
        """Send a mail's text, its end included, and return the answer to it."""
        seconds = current_app.config["MAIL_ANSWER_TIMEOUT_SECONDS"]
        self.connection.unanswered = True
        self.connection.hang_up_after(seconds)
        self.wait_for_answers(seconds)
        self.send(text)
        meanwhile()
        answer = self.getreply()
        self.connection.unanswered = False
        self.wait_for_answers(socket.getdefaulttimeout())
        return answer

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
    connection.hang_up_after(limit.total_seconds())
    try:
        yield
    finally:
        connection.hang_up_after(math.inf)


def hang_up(connection: MailConnection) -> None:
    """End the connection under whoever waits for its other end."""
    with suppress(OSError, AttributeError, TypeError):
        # Not sock.shutdown(): that of a TLS socket drops its keys first, while another thread uses them.
        socket.socket.shutdown(connection.host.sock, socket.SHUT_RDWR)  # type: ignore[union-attr, arg-type]
