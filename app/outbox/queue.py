"""Putting a mail into the outbox, inside the transaction of the act that it tells of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.clock import now
from app.core.crypto import keyring, sealed_value
from app.core.database import db, new_id
from app.core.links import site_host
from app.outbox.models import OutboxMail

RECIPIENT = "mail recipient"
"""What the blind index of an address is for."""


def enqueue(
    message: str,
    *,
    recipient: str,
    language: str,
    params: Mapping[str, Any],
    about_id: UUID | None = None,
    goes_out: bool = True,
) -> OutboxMail:
    """Add one mail to the session; it leaves if and only if the caller's transaction is kept.

    One that does not go out counts as sent at once: it is to somebody who does not exist.
    """
    mail = OutboxMail(
        **new_mail(message, recipient=recipient, language=language, params=params, about_id=about_id)
    )
    if not goes_out:
        mail.state, mail.sent_at = "sent", now()
    db.session.add(mail)
    return mail


def new_mail(
    message: str,
    *,
    recipient: str,
    language: str,
    params: Mapping[str, Any],
    about_id: UUID | None = None,
) -> dict[str, Any]:
    """Return the columns of one mail, to be added in the transaction of the act that it tells of.

    ``message`` names the folder of templates (``subject.txt``, ``body.txt``, ``body.html``), which are
    rendered with ``params`` when the mail is sent.
    """
    row, moment, table = new_id(), now(), OutboxMail.__tablename__
    return {
        "id": row,
        "message": message,
        "language": language,
        "message_id": f"<{row}@{site_host()}>",
        "about_id": about_id,
        "queued_at": moment,
        "due_at": moment,
        "tried_from": moment,
        "recipient_sealed": sealed_value(table, "recipient_sealed", row, recipient),
        "recipient_index": keyring().blind_index(RECIPIENT, recipient.casefold()),
        "params_sealed": sealed_value(table, "params_sealed", row, dict(params)),
    }
