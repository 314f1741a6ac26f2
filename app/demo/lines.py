"""The rows that come of what happens to an inquiry: lines of its timeline, and mails."""

from datetime import date
from functools import lru_cache

from app.core.crypto import as_json
from app.demo.story import Story
from app.demo.values import digits_of, id_at
from app.inquiries.models import InquiryEvent
from app.outbox.models import OutboxMail

EVENTS, MAILS = InquiryEvent.__tablename__, OutboxMail.__tablename__
EVENT_COLUMNS = (
    "id",
    "inquiry_id",
    "at",
    "staff_id",
    "kind",
    "version",
    "text_sealed",
    "status",
    "reason",
    "to_staff_id",
    "day",
    "channel",
    "outcome",
    "mail_id",
)
MAIL_COLUMNS = (
    "id",
    "message",
    "language",
    "message_id",
    "recipient_sealed",
    "recipient_index",
    "params_sealed",
    "about_id",
    "queued_at",
    "state",
    "due_at",
    "attempts",
    "unanswered",
    "tried_from",
    "sent_at",
)


@lru_cache
def json_of(text: str) -> str:
    """Return one of the texts that come again and again as JSON."""
    return as_json(text)


def add_event(
    story: Story,
    kind: str,
    by: str | None,
    text: str = "",
    *,
    json: str = "",
    status: str | None = None,
    reason: str | None = None,
    to_staff_id: str | None = None,
    day: date | None = None,
    channel: str | None = None,
    outcome: str | None = None,
    mail_id: str | None = None,
) -> None:
    """Add a line to the timeline; each counts as a change of the inquiry, but the first.

    ``text`` is kept sealed, and so is ``json``, which is more than a text.
    """
    story.standing.version += kind != "sent"
    row = id_at(story.moment)
    plain = json or (text and json_of(text))
    sealed = story.setting.seal(EVENTS, "text_sealed", row, plain.encode()) if plain else None
    story.events.append(
        (
            digits_of(row),
            story.row,
            story.moment.text,
            by,
            kind,
            story.standing.version,
            sealed,
            status,
            reason,
            to_staff_id,
            day and day.isoformat(),
            channel,
            outcome,
            mail_id,
        )
    )


def add_mail(story: Story, message: str, params: str) -> str:
    """Add a mail that was sent: no worker looks at it. ``params`` are JSON. Return its id."""
    row, moment, seal = id_at(story.moment), story.moment.text, story.setting.seal
    story.mails.append(
        (
            digits_of(row),
            message,
            story.page_language,
            f"<{row}@{story.setting.host}>",
            seal(MAILS, "recipient_sealed", row, f'"{story.email}"'.encode()),
            story.email_index,
            seal(MAILS, "params_sealed", row, params.encode()),
            story.row,
            moment,
            "sent",
            moment,
            1,
            0,
            moment,
            moment,
        )
    )
    return digits_of(row)
