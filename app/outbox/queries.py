"""Reading the outbox."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.core.database import db
from app.outbox.models import OutboxMail


def mails_about(about_id: UUID) -> Sequence[OutboxMail]:
    """Return the mails about a row, newest first."""
    return db.session.scalars(
        sa.select(OutboxMail)
        .where(OutboxMail.about_id == about_id)
        .order_by(OutboxMail.queued_at.desc(), OutboxMail.id.desc())
    ).all()
