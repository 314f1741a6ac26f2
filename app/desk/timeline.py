"""One timeline of everything that happened to an inquiry: what people did, who read it, and its mails."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask_babel import ngettext

from app.accounts.colleagues import staff_names
from app.audit.readers import readers_of
from app.core.i18n import comma_list, isolated, shown_day
from app.core.wording import gettext as _
from app.desk.answers import Groups, answer_groups, words
from app.desk.mail_views import MailLine, answered_words, contacted_words
from app.inquiries import vocabulary, workflow
from app.inquiries.models import Inquiry
from app.inquiries.queries import Event, events_of


class Entry(NamedTuple):
    """One line of the timeline."""

    at: datetime
    who: str
    text: str
    kind: str
    """``event``, ``read`` or ``mail``: what the line is told apart by."""
    body: str | None = None
    before: Groups | None = None
    """The answers that a change took the place of."""
    version: int | None = None
    """The version of the inquiry that came of it."""
    mail: MailLine | None = None
    """The mail that the line tells of."""


def timeline_of(inquiry: Inquiry, mails: Sequence[MailLine], names: Mapping[UUID, str]) -> list[Entry]:
    """Return everything that happened to an inquiry, newest first: two statements.

    ``names`` are those of the staff.
    """
    events = events_of(inquiry)
    readers = readers_of("inquiry.read", "inquiry", inquiry.id)
    carried = {mail.id: mail for mail in mails}
    # An answer and the mail that carries it are one line.
    entries = [
        event_entry(event, names, carried.pop(event.mail_id, None) if event.mail_id else None)
        for event in events
    ]
    entries += [read_entry(names, *row) for row in readers]
    entries += [mail_entry(mail) for mail in carried.values()]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def changes_since(inquiry: Inquiry, version: int) -> list[Entry]:
    """Return what was done with an inquiry after a version of it, newest first."""
    return [entry for entry in timeline_of(inquiry, [], staff_names()) if (entry.version or 0) > version]


def event_entry(event: Event, names: Mapping[UUID, str], mail: MailLine | None = None) -> Entry:
    """Return what the timeline says of an event."""
    was_changed = event.kind == "changed"
    return Entry(
        at=event.at,
        who=who_did(event, names),
        text=WORDS[event.kind](event, names),
        kind="event",
        body=None if was_changed else body_of(event),
        before=answer_groups(event.text) if was_changed else None,
        version=event.version,
        mail=mail,
    )


def body_of(event: Event) -> str | None:
    """Return the words that an event carries."""
    words_of: str | dict[str, str] | None = event.text
    return words_of["text"] if isinstance(words_of, dict) else words_of


def who_did(event: Event, names: Mapping[UUID, str]) -> str:
    """Return who did what an event tells of."""
    if event.staff_id is not None:
        return name_of(event.staff_id, names)
    if event.kind == "answered" and not body_of(event):
        return ""  # an answer that was given up, or that an operator had sent again
    by_person = event.kind in {"sent", "changed"} or event.status == workflow.BY_THE_PERSON
    return _("The person who asked") if by_person else _("Former staff")


def name_of(staff_id: UUID, names: Mapping[UUID, str]) -> str:
    """Return the name of a member of staff, who may be gone."""
    return names[staff_id] if staff_id in names else _("Former staff")


def read_entry(names: Mapping[UUID, str], staff_id: UUID | None, first: datetime, count: int) -> Entry:
    """Return what the timeline says of one reader, at the time of the first look."""
    text = ngettext("Read it", "Read it, %(num)s times so far", count)
    who = name_of(staff_id, names) if staff_id else ""
    return Entry(at=first, who=who, text=text, kind="read")


def mail_entry(mail: MailLine) -> Entry:
    """Return what the timeline says of a mail that no line of its own tells of."""
    return Entry(at=mail.at, who="", text=mail.message_text, kind="mail", mail=mail)


def sent_words(event: Event, _names: Mapping[UUID, str]) -> str:
    """Return the words of an inquiry's arrival."""
    return _("Keyed it in during a call") if event.staff_id else _("Sent the inquiry")


def moved_words(event: Event, _names: Mapping[UUID, str]) -> str:
    """Return the words of a move, with its reason."""
    status = words(vocabulary.STATUS, event.status)
    reason = words(vocabulary.REASON, event.reason)
    if reason:
        return _("Moved it to “%(status)s”: %(reason)s", status=status, reason=reason)
    return _("Moved it to “%(status)s”", status=status)


def noted_words(event: Event, names: Mapping[UUID, str]) -> str:
    """Return the words of a note, with whom it was pointed out to."""
    told = [isolated(name_of(UUID(each), names)) for each in event.mentioned or ()]
    return _("Wrote a note for %(names)s", names=comma_list(told)) if told else _("Wrote a note")


def assigned_words(event: Event, names: Mapping[UUID, str]) -> str:
    """Return the words of who sees to an inquiry from now on."""
    if event.to_staff_id is None:
        return _("Gave it back: nobody sees to it")
    if event.to_staff_id == event.staff_id:
        return _("Took it")
    return _("Handed it over to %(name)s", name=isolated(name_of(event.to_staff_id, names)))


def follow_up_words(event: Event, _names: Mapping[UUID, str]) -> str:
    """Return the words of a day that was set or taken away."""
    if event.day is None:
        return _("Took the follow-up date away")
    return _("Set the follow-up date to %(day)s", day=shown_day(event.day))


WORDS: dict[str, Callable[[Event, Mapping[UUID, str]], str]] = {
    "sent": sent_words,
    "moved": moved_words,
    "noted": noted_words,
    "changed": lambda _event, _names: _("Changed the answers"),
    "assigned": assigned_words,
    "follow_up": follow_up_words,
    "contacted": lambda event, _names: contacted_words(event),
    "answered": lambda event, _names: answered_words(event),
}
"""What is said of each kind of event."""
