"""Writing a mail and handing it to the mail server."""

from contextlib import suppress
from datetime import timedelta
from email.utils import formataddr, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from babel import Locale
from flask import Flask, current_app
from flask_babel import force_locale
from flask_mail import Message
from jinja2 import StrictUndefined

from app.outbox.claims import ONE_MAIL, Outcome
from app.outbox.connection import MailConnection, time_limit
from app.outbox.kinds import kind_of
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
    # Whoever sees an inbox must not learn from it what the site is about: not the site's name.
    sender_name = current_app.config["MAIL_SENDER_NAME"]
    sender_address = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1]
    language = Locale.parse(row.language, sep="-")
    with force_locale(str(language)):
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
    is_by_a_person = kind_of(row.message).is_by_a_person
    message = Message(
        subject=" ".join(subject.split()),
        sender=formataddr((sender_name, sender_address)),
        recipients=[row.recipient],
        body=text.strip() + "\n",
        html=html.strip() + "\n",
        reply_to=reply_address() if is_by_a_person else None,
        extra_headers={} if is_by_a_person else HEADERS,
    )
    message.msgId = row.message_id
    return message


def reply_address() -> str:
    """Return where answers go to mails that a person wrote."""
    address: str | None = current_app.config["MAIL_REPLY_TO"]
    return address or str(current_app.config["COORDINATOR_EMAILS"][0])


def open_connection() -> MailConnection:
    """Return a connection to the mail server, signed in; raise NoServerError if there is none now."""
    connection = MailConnection(current_app.extensions["mail"])
    try:
        with time_limit(connection, CONNECTING):
            return connection.__enter__()
    except SMTPResponseException as error:
        failure = NoServerError(type(error).__name__, error.smtp_code)
    except (SMTPException, OSError, UnicodeError) as error:  # UnicodeError: not a host name
        failure = NoServerError(type(error).__name__)
    if connection.host is not None:
        connection.host.close()
    raise failure


def close_connection(connection: MailConnection) -> None:
    """Say goodbye, if there still is someone to hear it."""
    if connection.host is not None and is_open(connection):
        with suppress(SMTPException, OSError), time_limit(connection, CONNECTING):
            connection.host.quit()


def is_open(connection: MailConnection) -> bool:
    """Return whether the connection can carry another mail: smtplib closes one that failed."""
    return connection.host is not None and connection.host.sock is not None


def deliver(connection: MailConnection, row: OutboxMail) -> Outcome:
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


def send(connection: MailConnection, message: Message) -> Outcome:
    """Hand a written mail to the server."""
    words: bytes | str
    with time_limit(connection, ONE_MAIL):
        try:
            connection.send(message)
            return Outcome("sent")
        except SMTPRecipientsRefused as error:  # each mail has one recipient
            code, words = next(iter(error.recipients.values()))
        except SMTPResponseException as error:
            code, words = error.smtp_code, error.smtp_error
        except (SMTPException, OSError) as error:
            if connection.unanswered:
                return Outcome("queued", words=UNANSWERED, unanswered=True)
            return Outcome("queued", words=type(error).__name__)
    if code in SIGN_IN_CODES:
        raise NoServerError("AuthenticationRequired", code)
    if isinstance(words, bytes):
        words = words.decode(errors="replace")
    return Outcome("failed" if 500 <= code < 600 else "queued", code, words[:WORDS_LENGTH])
