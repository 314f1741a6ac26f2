"""Writing a mail and handing it to the mail server."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import formataddr, parseaddr
from functools import lru_cache
from smtplib import SMTPException, SMTPResponseException

from flask import Flask, current_app
from flask_mail import sanitize_address
from jinja2 import StrictUndefined

from app.core.i18n import locale_of, speaking
from app.outbox.claims import ONE_MAIL, Outcome
from app.outbox.connection import MailConnection, time_limit
from app.outbox.kinds import kind_of
from app.outbox.letter import Letter
from app.outbox.models import OutboxMail

PARTS = ("subject.txt", "body.txt", "body.html")
HEADERS = {
    # Holiday notices and other machines must not answer (RFC 3834, 5; Exchange reads the second).
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
}
"""Of what a machine wrote; a mail that a person wrote says where its answer goes instead."""
SIGN_IN_CODES = frozenset({530, 534, 535, 538})
"""The server wants us to sign in (RFC 4954, 6): wrong settings, and no fault of the mail in hand."""
WORDS_LENGTH = 500
CONNECTING = timedelta(seconds=30)
"""The longest that connecting and signing in may take, and that saying goodbye may."""
UNANSWERED = "The mail server was given the mail and did not answer: it may have arrived."

Written = tuple[Letter, bytes]
"""A mail, and its text as it goes over the wire."""


class NoServerError(Exception):
    """No mail can be sent now; a server that answered gave ``code``."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        """Take the kind of failure; never the server's words, which can quote an address."""
        super().__init__(reason)
        self.code = code


def init_templates(app: Flask) -> None:
    """Make the mails' template environment: a missing parameter is an error in it, not a gap."""
    app.extensions["mail_templates"] = app.jinja_env.overlay(undefined=StrictUndefined)


def compose(row: OutboxMail) -> Letter:
    """Return the mail, written in its own language."""
    # Not render_template: that runs the context processors of pages, which expect a request.
    templates = current_app.extensions["mail_templates"]
    # Whoever sees an inbox must not learn from it what the site is about: not the site's name.
    sender_name = current_app.config["MAIL_SENDER_NAME"]
    sender = sender_address(current_app.config["MAIL_DEFAULT_SENDER"])
    language = locale_of(row.language)
    with speaking(row.language):
        values = {
            **row.params,
            "site_name": current_app.config["SITE_NAME"],
            "sender_name": sender_name,
            "public_url": current_app.config["PUBLIC_URL"],
            "mail_language": row.language,
            "mail_direction": language.text_direction,
        }
        subject, text, html = (
            templates.get_template(f"email/{row.message}/{part}").render(values) for part in PARTS
        )
    return Letter(
        subject=" ".join(subject.split()),
        sender=sender,
        sender_header=formataddr((sender_name, sender)),
        recipient=in_ascii(row.recipient),
        body=text.strip() + "\n",
        html=html.strip() + "\n",
        message_id=row.message_id,
        headers={"Reply-To": in_ascii(reply_address())} if kind_of(row.message).is_by_a_person else HEADERS,
    )


@lru_cache(maxsize=1)
def sender_address(configured: str) -> str:
    """Return the address alone of the configured sender, which may have a name."""
    return in_ascii(parseaddr(configured)[1])


def in_ascii(address: str) -> str:
    """Return an address as every mail server understands it, its host name in letters of ASCII (RFC 5890)."""
    return address if address.isascii() else sanitize_address(address)


def reply_address() -> str:
    """Return where answers go to mails that a person wrote."""
    address: str | None = current_app.config["MAIL_REPLY_TO"]
    return address or str(current_app.config["COORDINATOR_EMAILS"][0])


def open_connection() -> MailConnection:
    """Return a connection to the mail server, signed in; raise NoServerError if there is none now.

    ``close_connection`` has to follow.
    """
    connection = MailConnection(current_app.extensions["mail"])
    try:
        with time_limit(connection, CONNECTING):
            connection.connect()
            return connection
    except SMTPResponseException as error:
        failure = NoServerError(type(error).__name__, error.smtp_code)
    except (SMTPException, OSError, UnicodeError) as error:  # UnicodeError: not a host name
        failure = NoServerError(type(error).__name__)
    connection.drop()
    raise failure


def close_connection(connection: MailConnection) -> None:
    """Say goodbye, if there still is someone to hear it."""
    with time_limit(connection, CONNECTING):
        connection.say_goodbye()
    connection.drop()


def write(row: OutboxMail) -> Written | Outcome:
    """Write a mail; one that cannot be written has failed."""
    try:
        letter = compose(row)
        return letter, letter.as_bytes()
    except Exception as error:
        # Whatever is wrong with one mail, it must not stop the others.
        return Outcome("failed", words=f"The mail could not be written: {type(error).__name__}")


def deliver(connection: MailConnection, written: Written | Outcome, meanwhile: Callable[[], None]) -> Outcome:
    """Try to send one mail and return what became of it.

    ``meanwhile`` is called once the server has the text, while it thinks. Raises NoServerError if the server
    takes no mail at all.
    """
    if isinstance(written, Outcome):
        return written
    try:
        return send(connection, *written, meanwhile)
    except NoServerError:
        raise
    except Exception as error:
        # Whatever it was, the dialogue may have stopped halfway: no other mail may join it.
        close_connection(connection)
        return Outcome("failed", words=f"The mail could not be sent: {type(error).__name__}")


def send(connection: MailConnection, letter: Letter, text: bytes, meanwhile: Callable[[], None]) -> Outcome:
    """Hand a written mail to the server."""
    with time_limit(connection, ONE_MAIL):
        try:
            connection.hand_over(letter.sender, letter.recipient, text, meanwhile)
            return Outcome("sent")
        except SMTPResponseException as error:
            code, words = error.smtp_code, error.smtp_error
        except (SMTPException, OSError) as error:
            if connection.unanswered:
                return Outcome("queued", words=UNANSWERED, unanswered=True)
            return Outcome("queued", words=type(error).__name__)
    if code in SIGN_IN_CODES:
        raise NoServerError("AuthenticationRequired", code)
    shown = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Outcome("failed" if 500 <= code < 600 else "queued", code, shown[:WORDS_LENGTH])
