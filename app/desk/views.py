"""What the desk's pages show of an inquiry: its answers in the reader's words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.accounts.roles import WORK_ON_INQUIRIES
from app.content.kept import version_named
from app.core import clock, names, terms
from app.core.access import may
from app.core.i18n import page_language
from app.desk.forms import MoveForm, NoteForm
from app.inquiries import queries, vocabulary, workflow
from app.inquiries.models import Inquiry, InquiryEvent
from app.outbox.models import OutboxMail
from app.outbox.queries import mails_about

Rows = list[tuple[str, str, bool]]
"""Label, value, and whether the value is long text that keeps its line breaks."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One inquiry in the queue."""

    reference: str
    name: str
    country_name: str
    filling_in_text: str
    level_text: str
    completeness_text: str
    sent_at: datetime
    waiting: str
    status: str
    status_text: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of an inquiry's timeline."""

    at: datetime
    who: str
    text: str
    body: str | None


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail about an inquiry."""

    to: str
    message_text: str
    state_text: str
    at: datetime


def queue_row(inquiry: Inquiry) -> QueueRow:
    """Return what the queue shows of an inquiry."""
    return QueueRow(
        reference=inquiry.reference,
        name=inquiry.answers["patient_name"],
        country_name=country_name(inquiry.country),
        filling_in_text=filling_in_text(inquiry.filling_in),
        level_text=inquiry.injury_level or region_text(inquiry.injury_region),
        completeness_text=completeness_text(inquiry.completeness),
        sent_at=inquiry.sent_at,
        waiting=time_since(inquiry.sent_at) if inquiry.status in workflow.OPEN else "",
        status=inquiry.status,
        status_text=str(vocabulary.STATUS[inquiry.status]),
    )


def inquiry_context(inquiry: Inquiry, note_form: NoteForm) -> dict[str, Any]:
    """Return everything that the inquiry page shows."""
    note_form.show_version(inquiry.version)
    return {
        "inquiry": inquiry,
        "status_text": vocabulary.STATUS[inquiry.status],
        "groups": answer_groups(inquiry),
        "page_as_sent": page_as_sent(inquiry.treatment_version),
        "timeline": [timeline_entry(*row) for row in queries.timeline_of(inquiry)],
        "mails": [mail_line(mail) for mail in mails_about(inquiry.id)],
        "move_form": move_form(inquiry, "in_contact"),
        "note_form": note_form if may(WORK_ON_INQUIRIES) else None,
    }


def page_as_sent(label: str) -> str | None:
    """Return where the treatment page can be read as it was, or None if there was none to read."""
    named = version_named(label)
    return named and url_for("editing.version_as_sent", slug=named[0], number=named[1])


def move_form(inquiry: Inquiry, target: str) -> MoveForm | None:
    """Return the form of a move, or None where the workflow or the reader's roles have none."""
    if target not in workflow.ALLOWED_MOVES[inquiry.status] or not may(WORK_ON_INQUIRIES):
        return None
    form = MoveForm(formdata=None)
    form.target.data = target
    form.show_version(inquiry.version)
    return form


def answer_groups(inquiry: Inquiry) -> list[tuple[str, Rows]]:
    """Return the answers as they were asked, in groups; what was not answered is left out."""
    given = inquiry.answers
    hopes = ", ".join(str(vocabulary.HOPES[hope]) for hope in given.get("hopes", ()))
    language = given.get("language", "")
    groups: list[tuple[str, Rows]] = [
        (
            _("The injured person"),
            [
                (_("Name"), given["patient_name"], False),
                (_("Year of birth"), str(given.get("birth_year", "")), False),
                (_("Country of residence"), country_name(inquiry.country), False),
            ],
        ),
        (
            _("Who wrote"),
            [
                (_("Filled in by"), filling_in_text(inquiry.filling_in), False),
                (_("Helper’s name"), given.get("helper_name", ""), False),
                (_("Relationship"), given.get("helper_relationship", ""), False),
                (
                    _("Does the injured person know?"),
                    words(vocabulary.PATIENT_AWARE, given.get("patient_aware")),
                    False,
                ),
            ],
        ),
        (
            _("How to answer"),
            [
                (_("E-mail"), given.get("email", ""), False),
                (_("Phone"), vocabulary.readable_phone(given.get("phone", "")), False),
                (_("Reach by"), words(vocabulary.CONTACT_BY, given.get("contact_by")), False),
                (
                    _("Language"),
                    names.language_names(page_language()).get(language, language),
                    False,
                ),
            ],
        ),
        (
            _("The injury"),
            [
                (_("Region"), region_text(inquiry.injury_region), False),
                (_("Neurological level, as told"), inquiry.injury_level or "", False),
                (_("Completeness, as told"), completeness_text(inquiry.completeness), False),
                (_("When"), when_text(inquiry), False),
            ],
        ),
        (
            _("What they hope for"),
            [(_("Improve"), hopes, False), (_("Message"), given.get("message", ""), True)],
        ),
        (
            _("What they read and agreed to"),
            [
                *((consent.text, agreed_text(consent), False) for consent in queries.consents_of(inquiry)),
                (_("Treatment page"), _("version %(v)s", v=inquiry.treatment_version), False),
                (_("Language of the page"), inquiry.page_language, False),
            ],
        ),
    ]
    answered = ((heading, [row for row in rows if row[1]]) for heading, rows in groups)
    return [(heading, rows) for heading, rows in answered if rows]


def agreed_text(consent: Any) -> str:
    """Return which version of a text was agreed to."""
    return _("agreed, version %(v)s", v=consent.version)


def timeline_entry(event: InquiryEvent, name: str | None) -> TimelineEntry:
    """Return what the timeline shows of an event."""
    texts = {
        "sent": _("Sent the inquiry"),
        "moved": _("Moved it to “%(status)s”", status=words(vocabulary.STATUS, event.status)),
        "noted": _("Wrote a note"),
    }
    who = name or (_("The person who asked") if event.kind == "sent" else _("Former staff"))
    return TimelineEntry(at=event.at, who=who, text=texts[event.kind], body=event.text)


def mail_line(mail: OutboxMail) -> MailLine:
    """Return what the inquiry page shows of a mail."""
    messages = {
        "new_inquiry": _("Told a coordinator of the new inquiry"),
        "inquiry_received": _("Told the sender that it has come"),
    }
    states = {
        "queued": _("Waiting to be sent"),
        "sending": _("Being sent"),
        "sent": _("Sent"),
        "failed": _("Not delivered: %(answer)s", answer=mail.answer),
    }
    return MailLine(
        to=mail.recipient,
        message_text=messages[mail.message],
        state_text=states[mail.state],
        at=mail.sent_at or mail.queued_at,
    )


def words(choices: terms.Choices, key: str | None) -> str:
    """Return the words of a key, or nothing where none was chosen."""
    return str(choices[key]) if key else ""


def country_name(code: str) -> str:
    """Return a country's name in the page's language."""
    return names.country_names(page_language()).get(code, code)


def filling_in_text(key: str) -> str:
    """Return who wrote an inquiry, as staff say it."""
    texts = {
        "self": _("the injured person"),
        "relative": _("a relative or friend"),
        "professional": _("a professional"),
    }
    return texts[key]


def region_text(key: str) -> str:
    """Return a region of the spine, as staff say it."""
    return _("Region not known") if key == "unknown" else str(terms.INJURY_REGION[key])


def completeness_text(key: str | None) -> str:
    """Return the completeness, as staff say it."""
    return _("Completeness not known") if key == "unknown" else words(terms.COMPLETENESS, key)


def when_text(inquiry: Inquiry) -> str:
    """Return when the injury happened, as exactly as it was told."""
    if not inquiry.injury_year:
        return ""
    if not inquiry.injury_month:
        return str(inquiry.injury_year)
    return str(format_date(date(inquiry.injury_year, inquiry.injury_month, 1), "LLLL y"))


def time_since(moment: datetime) -> str:
    """Return how long ago a moment was, in its two largest units."""
    minutes = max(int((clock.now() - moment).total_seconds()) // 60, 0)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        shown_days = ngettext("%(num)s day", "%(num)s days", days)
        return _("%(days)s %(hours)s h", days=shown_days, hours=hours)
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)
    return _("%(minutes)s min", minutes=minutes)


def changed_notice() -> dict[str, str]:
    """Say that someone else was faster, and that nothing typed is lost."""
    return {
        "heading": _("Someone changed this inquiry while you were looking at it"),
        "text": _(
            "You see it now as it stands. Nothing of yours was saved yet; a note that you wrote still "
            "stands in its field. Look at the timeline, then do it again if it is still right."
        ),
    }


def stale_notice() -> dict[str, str]:
    """Say that the page was too old to send, and that nothing is lost."""
    return {
        "heading": _("Save the note once more"),
        "text": _("This page was open for a long time. Your note still stands in its field."),
    }
