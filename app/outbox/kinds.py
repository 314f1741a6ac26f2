"""What is special about a kind of mail: features tell it, and whoever writes or sends one asks."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.exc import InterfaceError, OperationalError

from app.core.database import db
from app.core.logs import log
from app.outbox.models import OutboxMail


def nothing(_mail: OutboxMail) -> None:
    """Do nothing about a mail that failed, or is tried again: it is shown, and can be tried again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mail, named by its ``message``."""

    is_by_a_person: bool = False
    """Whether somebody wrote its words, and an answer to it is read."""
    on_failed: Callable[[OutboxMail], None] = nothing
    """What else happens when one is given up, in the same transaction; it has to add to the session alone."""
    on_again: Callable[[OutboxMail], None] = nothing
    """What else happens when an operator has one tried again that failed, in the same transaction."""


USUAL = Kind()
"""Written by a machine, and no more than sent."""


def add_kind(app: Flask, message: str, kind: Kind) -> None:
    """Say what is special about the mails of this ``message``."""
    app.extensions.setdefault("mail_kinds", {})[message] = kind


def follow_failure(mail: OutboxMail) -> None:
    """Do what else happens when a mail is given up; it is kept as failed whatever goes wrong here."""
    try:
        with db.session.begin_nested():
            kind_of(mail.message).on_failed(mail)
    except (InterfaceError, OperationalError):
        raise  # the database is away: all of it is tried again
    except Exception as error:
        # Its words could quote a person.
        log.error("failed mail has no consequence", mail=str(mail.id), error=type(error).__name__)


def kind_of(message: str) -> Kind:
    """Return what is special about the mails of this ``message``."""
    kind: Kind = current_app.extensions.get("mail_kinds", {}).get(message, USUAL)
    return kind
