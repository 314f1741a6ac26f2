"""The rows of an inquiry of somebody who does not exist, and of all that happened to it."""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from app.demo.plan import Plan
from app.demo.pool import PERSON_COLUMNS, Person
from app.demo.shapes import Found, Row, Rows, shape
from app.demo.story import WEEK_HOURS, Chapter
from app.demo.telling import Setting, Telling, tell
from app.demo.values import EPOCH, HOUR, SECOND, dashed, day_text, id_at, text_of, told
from app.inquiries import lookup
from app.inquiries.consents import VERSIONS
from app.inquiries.models import CONSENT_KINDS, Consent, Inquiry
from app.inquiries.sending import answer_due
from app.outbox.queue import RECIPIENT

INQUIRIES = Inquiry.__tablename__
INQUIRY = shape(
    INQUIRIES,
    (
        *PERSON_COLUMNS,
        "id",
        "reference",
        "form_key_digest",
        "content_index",
        "version",
        "status",
        "sent_at",
        "channel",
        "marks",
        "suspicious",
        "owner_id",
        "follow_up_on",
        "reason",
        "waiting_since",
        "answer_due_at",
        "first_answered_at",
        "is_demo",
        "answers_sealed",
        "hints_sealed",
    ),
)
CONSENT = shape(
    Consent.__tablename__, ("inquiry_id", "kind", "version", "text", "given_at", "given_by", "authority")
)
MARKED, UNPROVEN = 0.015, 0.08
"""The parts of inquiries that seem to come from a machine, and that came without script."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who sends an inquiry."""

    person: Person
    number: str
    """The one in the e-mail address."""
    channel: str
    hour: int
    second: int


def add_inquiry(
    rows: Rows,
    found: Found,
    plan: Plan,
    setting: Setting,
    rng: Random,
    *,
    sender: Sender,
    story: tuple[Chapter, ...],
    reference: str,
) -> str:
    """Add the rows of an inquiry and of its story until now, and how its address is found; return its id."""
    person, sent = sender.person, told(sender.hour, sender.second)
    row, email = id_at(sent), sender.number.join(person.email)
    telling = Telling(
        setting=setting,
        rows=rows,
        row=row,
        reference=reference,
        page_language=person.page_language,
        answer_language=person.answer_language,
        email=email,
        email_index=setting.index(RECIPIENT, email) if email else b"",
        sent=sent,
        shift=sender.hour - sender.hour % WEEK_HOURS,
        second=sender.second,
    )
    at = tell(telling, story, rng.choice(plan.team.coordinators) if sender.channel == "phone" else None)
    rows[INQUIRY].append(inquiry_row(telling, rng, sender, at))
    agreed = CONSENT_KINDS[:1] if sender.channel == "call" else CONSENT_KINDS
    texts = plan.consent_words[person.page_language]
    by, authority = person.filling_in or None, person.authority or None
    rows[CONSENT] += [(row, kind, VERSIONS[kind], texts[kind], sent.text, by, authority) for kind in agreed]
    if email:
        kind, value = lookup.email_value(email)
        found[kind, setting.index(kind, value)].append(row)
    return row


def inquiry_row(telling: Telling, rng: Random, sender: Sender, at: Chapter) -> Row:
    """Return the row of an inquiry that stands where a chapter ended."""
    row, person, seal = telling.row, sender.person, telling.setting.seal
    name = dashed(row)
    is_marked = rng.random() < MARKED
    return (
        *person.columns,
        row,
        telling.reference,
        secrets.token_bytes(32),
        telling.setting.index("content", sender.number.join(person.canonical)),
        at.version,
        at.status,
        telling.sent.text,
        sender.channel,
        '["trap"]' if is_marked else '["no_proof"]' if rng.random() < UNPROVEN else "[]",
        int(is_marked),
        at.owner_id,
        day_in(telling.shift, at.follow_up_on),
        at.reason,
        moment_in(telling.shift, at.waiting_since, telling.second),
        due(sender.hour, sender.second),
        moment_in(telling.shift, at.first_answered_at, telling.second),
        1,
        seal(INQUIRIES, "answers_sealed", name, sender.number.encode().join(person.answers)),
        seal(INQUIRIES, "hints_sealed", name, person.hints),
    )


def moment_in(week: int, hour: int | None, second: int) -> str | None:
    """Return a moment of a story as it is kept, in the week that begins in an hour; None if it never came."""
    return None if hour is None else text_of(week + hour, second)


def day_in(week: int, day: int | None) -> str | None:
    """Return a day of a story in the same way."""
    return None if day is None else day_text(week // 24 + day)


def due(hour: int, second: int) -> str:
    """Return when the first answer is overdue; most hours have one moment for all that is sent in them."""
    first, last = due_in(hour)
    return first if first == last else due_text(hour, second)


@lru_cache
def due_in(hour: int) -> tuple[str, str]:
    """Return when the first answer is overdue to what is sent at the beginning and at the end of an hour."""
    return due_text(hour, 0), due_text(hour, 3599)


def due_text(hour: int, second: int) -> str:
    """Return when the first answer is overdue to what is sent at a moment."""
    return answer_due(EPOCH + hour * HOUR + second * SECOND).isoformat(" ", "microseconds")[:26]
