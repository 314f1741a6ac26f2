"""Writing a mail and handing it to the mail server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from babel import Locale
from flask import Flask, current_app
from flask_babel import force_locale
from flask_mail import Connection, Message
from jinja2 import StrictUndefined

from app.core.extensions import mail
from app.outbox.claims import ONE_MAIL, Outcome
from app.outbox.models import OutboxMail

PARTS = ("subject.txt", "body.txt", "body.html")
HEADERS = {
    # Holiday notices and other machines must not answer (RFC 3834, 5; Exchange reads the second).
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
}
SIGN_IN_CODES = frozenset({530, 534, 535, 538})
"""The server wants us to sign in (RFC 4954, 6): wrong settings, and no fault of the mail in hand."""
WORDS_LENGTH = 500


class NoServerError(Exception):
    """No mail can be sent now; a server that answered gave ``code``."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        """Take the kind of failure; never the server's words, which can quote an address."""
        super().__init__(reason)
        self.code = code


def init_templates(app: Flask) -> None:
    """Make the mails' template environment: a missing parameter is an error in it, not a gap."""
    app.extensions["mail_templates"] = app.jinja_env.overlay(undefined=StrictUndefined)


def compose(row: OutboxMail) -> Message:
    """Return the mail, written in its own language."""
    # Not render_template: that runs the context processors of pages, which expect a request.
    templates = current_app.extensions["mail_templates"]
    language = Locale.parse(row.language, sep="-")
    with force_locale(str(language)):
        values = {
            **row.params,
            "site_name": current_app.config["SITE_NAME"],
            "public_url": current_app.config["PUBLIC_URL"],
            "mail_language": row.language,
            "mail_direction": language.text_direction,
        }
        subject, text, html = (
            templates.get_template(f"email/{row.message}/{part}").render(values) for part in PARTS
        )
    message = Message(
        subject=" ".join(subject.split()),
        recipients=[row.recipient],
        body=text.strip() + "\n",
        html=html.strip() + "\n",
        extra_headers=HEADERS,
    )
    message.msgId = row.message_id
    return message


def open_connection() -> Connection:
    """Return a connection to the mail server, signed in; raise NoServerError if there is none now."""
    try:
        return mail.connect().__enter__()
    except SMTPResponseException as error:
        raise NoServerError(type(error).__name__, error.smtp_code) from None
    except (SMTPException, OSError, UnicodeError) as error:  # UnicodeError: not a host name
        raise NoServerError(type(error).__name__) from None


def close_connection(connection: Connection) -> None:
    """Say goodbye, if there still is someone to hear it."""
    if connection.host is not None:
        with suppress(SMTPException, OSError):
            connection.host.quit()


def is_open(connection: Connection) -> bool:
    """Return whether the connection can carry another mail: smtplib closes one that failed."""
    return connection.host is not None and connection.host.sock is not None


def deliver(connection: Connection, row: OutboxMail) -> Outcome:
    """Try to send one mail and return what became of it.

    Raises NoServerError if the server takes no mail at all. A mail that cannot be written fails.
    """
    try:
        message = compose(row)
    except Exception as error:
        # Whatever is wrong with one mail, it must not stop the others.
        return Outcome("failed", words=f"The mail could not be written: {type(error).__name__}")
    try:
        return send(connection, message)
    except NoServerError:
        raise
    except Exception as error:
        # A bad header, for one. The dialogue may have stopped halfway: no other mail may join it.
        close_connection(connection)
        return Outcome("failed", words=f"The mail could not be sent: {type(error).__name__}")


def send(connection: Connection, message: Message) -> Outcome:
    """Hand a written mail to the server."""
    words: bytes | str
    with time_limit(connection):
        try:
            connection.send(message)
            return Outcome("sent")
        except SMTPRecipientsRefused as error:  # each mail has one recipient
            code, words = next(iter(error.recipients.values()))
        except SMTPResponseException as error:
            code, words = error.smtp_code, error.smtp_error
        except (SMTPException, OSError) as error:
            return Outcome("queued", words=type(error).__name__)
    if code in SIGN_IN_CODES:
        raise NoServerError("AuthenticationRequired", code)
    if isinstance(words, bytes):
        words = words.decode(errors="replace")
    return Outcome("failed" if 500 <= code < 600 else "queued", code, words[:WORDS_LENGTH])


@contextmanager
def time_limit(connection: Connection) -> Iterator[None]:
    """Hang up after ``ONE_MAIL``: a server that answers a letter now and then beats every timeout."""

    def hang_up() -> None:
        with suppress(OSError, AttributeError):
            connection.host.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    timer = threading.Timer(ONE_MAIL.total_seconds(), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
