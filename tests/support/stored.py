"""What the database holds, read past the application's own pages."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.core.database import db
from app.inquiries.answers import PLAIN
from app.inquiries.models import Inquiry, InquiryEvent
from app.outbox.models import OutboxMail

SINCE_THE_START = ~((AuditEntry.actor == "system") & (AuditEntry.object_type == "content"))
"""All audit entries but those of the content that came with the site."""


def inquiries(app: Flask) -> list[dict[str, Any]]:
    """Return the answers of every inquiry, oldest first; what was not answered is left out."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Inquiry).order_by(Inquiry.sent_at, Inquiry.id))
        return [
            {name: value for name in PLAIN if (value := getattr(row, name)) is not None} | row.answers
            for row in rows
        ]


def only_inquiry(app: Flask) -> dict[str, Any]:
    """Return the answers of the one inquiry that there is."""
    (answers,) = inquiries(app)
    return answers


def acts(app: Flask) -> list[str]:
    """Return what the audit record says was done, oldest first."""
    with app.app_context():
        acts = sa.select(AuditEntry.action).where(SINCE_THE_START).order_by(AuditEntry.id)
        return list(db.session.scalars(acts))


def mails(app: Flask) -> list[tuple[str, str]]:
    """Return each mail in the outbox: its kind and whom it is for, in order."""
    with app.app_context():
        rows = db.session.scalars(sa.select(OutboxMail))
        return sorted((row.message, row.recipient) for row in rows)


def everything(app: Flask) -> tuple[int, int, int, int]:
    """Return how many inquiries, events, mails and audit entries there are."""
    with app.app_context():
        counts = [
            sa.select(sa.func.count()).select_from(model) for model in (Inquiry, InquiryEvent, OutboxMail)
        ]
        counts.append(sa.select(sa.func.count()).select_from(AuditEntry).where(SINCE_THE_START))
        return tuple(db.session.scalars(count).one() for count in counts)  # type: ignore[return-value]


def mails_to(app: Flask, address: str) -> list[str]:
    """Return the kinds of the mails to an address, oldest first."""
    with app.app_context():
        rows = db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.queued_at, OutboxMail.id))
        return [row.message for row in rows if row.recipient == address]
