"""The rows that come of the story of one inquiry: lines of its timeline, and mails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.core.crypto import as_json
from app.demo import words
from app.demo.deeds import EVENTS, event_shape
from app.demo.shapes import Rows, shape
from app.demo.story import Answer, Chapter, Happening
from app.demo.values import MINUTES, Moment, dashed, day_text, hour_text, id_at, told
from app.inquiries.answering import REPLY
from app.outbox.models import OutboxMail

RECEIVED = "inquiry_received"
MAILS = OutboxMail.__tablename__
MAIL = shape(
    MAILS,
    (
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
    ),
)

Seal = Callable[[str, str, str, bytes], bytes]
"""Seals a value for a table, a column and a row."""
Index = Callable[[str, str], bytes]
"""Gives the blind index of a kind and a value."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for every story of a load."""

    now: int
    """The hour in which nothing has happened yet."""
    days: int
    """In how many days the site answers."""
    host: str
    """The site's, as it stands in a Message-ID."""
    seal: Seal
    index: Index


@dataclass(slots=True)
class Telling:
    """Of whom a story is told, and since when it goes on."""

    setting: Setting
    rows: Rows
    row: str
    """The id of the inquiry."""
    reference: str
    page_language: str
    answer_language: str
    email: str
    email_index: bytes
    """The blind index of the address as a mail's recipient."""
    sent: Moment
    shift: int
    """The hours from the first week since 1970 to the week in which it was sent."""
    second: int
    """Of the hour in which it was sent; all that happens later does so in that second of its hour."""


def tell(telling: Telling, story: Sequence[Chapter], keyed_in_by: str | None) -> Chapter:
    """Add the rows of a story until now, and return the last chapter that was told."""
    tell_sending(telling, keyed_in_by)
    last, *others = story
    until = telling.setting.now - telling.shift
    for chapter in others:
        if chapter.hour >= until:
            break
        moment = told(chapter.hour + telling.shift, telling.second)
        for happening in chapter.happenings:
            tell_event(telling, moment, happening)
        last = chapter
    return last


def tell_sending(telling: Telling, keyed_in_by: str | None) -> None:
    """Add the first line of the timeline, and the mail that confirms it."""
    sent = telling.sent
    values = (id_at(sent), telling.row, sent.text, "sent", 1)
    if keyed_in_by:
        telling.rows[KEYED_IN].append((*values, keyed_in_by))
    else:
        telling.rows[SENT].append(values)
    if telling.email:
        params = f'{{"reference":"{telling.reference}","days":{telling.setting.days}}}'
        tell_mail(telling, sent, RECEIVED, params)


SENT = event_shape(False, False, False, ("kind", "version"))
KEYED_IN = event_shape(False, False, False, ("kind", "version", "staff_id"))


def tell_event(telling: Telling, moment: Moment, happening: Happening) -> None:
    """Add a line of the timeline, and the mail that it was."""
    form, values, text, day, answer = happening
    row = id_at(moment)
    parts: list[Any] = [row, telling.row, moment.text]
    if answer:
        text, mail_id = tell_answer(telling, moment, answer)
        parts += [seal_text(telling, row, text), mail_id]
    elif text:
        parts.append(seal_text(telling, row, text))
    if day is not None:
        parts.append(day_text(day + telling.shift // 24))
    telling.rows[form].append((*parts, *values))


def seal_text(telling: Telling, row: str, text: bytes) -> bytes:
    """Return the text of a line as it is kept."""
    return telling.setting.seal(EVENTS, "text_sealed", dashed(row), text)


def tell_answer(telling: Telling, moment: Moment, answer: Answer) -> tuple[bytes, str]:
    """Add the mail of an answer, which is sent already; return what the timeline keeps of it, and its id."""
    text = reply_in(telling.answer_language)
    params = f'{{"text":{text},"reference":"{telling.reference}","writer":{answer.writer}}}'
    mail_id = tell_mail(telling, moment, REPLY, params)
    since = "" if answer.since is None else since_text(answer.since + telling.shift, telling.second)
    return f'{{"text":{text},"to":"{telling.email}","waited_since":"{since}"}}'.encode(), mail_id


@lru_cache
def reply_in(language: str) -> str:
    """Return the words of an answer in a language, as JSON."""
    return as_json(words.REPLIES.get(language, words.REPLIES["en"]))


def since_text(hour: int, second: int) -> str:
    """Return since when somebody waits, as ``answering.since_when`` does."""
    return f"{hour_text(hour).replace(' ', 'T')}{MINUTES[second]}+00:00"


def tell_mail(telling: Telling, moment: Moment, message: str, params: str) -> str:
    """Add a mail that was sent: no worker looks at it. ``params`` are JSON. Return its id."""
    setting, at, row = telling.setting, moment.text, id_at(moment)
    name = dashed(row)
    telling.rows[MAIL].append(
        (
            row,
            message,
            telling.page_language,
            f"<{name}@{setting.host}>",
            setting.seal(MAILS, "recipient_sealed", name, f'"{telling.email}"'.encode()),
            telling.email_index,
            setting.seal(MAILS, "params_sealed", name, params.encode()),
            telling.row,
            at,
            "sent",
            at,
            1,
            0,
            at,
            at,
        )
    )
    return row
