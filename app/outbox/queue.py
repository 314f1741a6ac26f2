"""Putting a mail into the outbox, inside the transaction of the act that it tells of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.clock import now
from app.core.crypto import keyring
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

    ``message`` names the folder of templates (``subject.txt``, ``body.txt``, ``body.html``), which are
    rendered with ``params`` when the mail is sent. One that does not go out counts as sent at once: it is to
    somebody who does not exist.
    """
    row = new_id()
    mail = OutboxMail(
        id=row,
        message=message,
        language=language,
        message_id=f"<{row}@{site_host()}>",
        about_id=about_id,
        recipient_index=keyring().blind_index(RECIPIENT, recipient.casefold()),
    )
    mail.recipient = recipient
    mail.params = dict(params)
    if not goes_out:
        mail.state, mail.sent_at = "sent", now()
    db.session.add(mail)
    return mail
