"""What the desk's pages show of an inquiry: its answers in the reader's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.roles import WORK_ON_INQUIRIES
from app.content.kept import version_named
from app.core import clock
from app.core.access import may
from app.desk.answers import (
    Groups,
    answer_groups,
    arrival_groups,
    completeness_text,
    country_name,
    filling_in_text,
    region_text,
    words,
)
from app.desk.forms import MoveForm, NoteForm
from app.inquiries import queries, vocabulary, workflow
from app.inquiries.flags import urgent_in
from app.inquiries.models import Inquiry, InquiryEvent
from app.inquiries.sending import answers_of
from app.inquiries.urgency import hint_words
from app.outbox.models import OutboxMail
from app.outbox.queries import mails_about


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
    is_suspicious: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of an inquiry's timeline."""

    at: datetime
    who: str
    text: str
    body: str | None
    before: Groups
    """The answers that a change took the place of."""


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
        level_text=_("Wants a call") if inquiry.injury_region is None else level_or_region(inquiry),
        completeness_text=completeness_text(inquiry.completeness),
        sent_at=inquiry.sent_at,
        waiting=time_since(inquiry.sent_at) if inquiry.status in workflow.OPEN else "",
        status=inquiry.status,
        status_text=str(vocabulary.STATUS[inquiry.status]),
        is_suspicious=inquiry.suspicious,
    )


def level_or_region(inquiry: Inquiry) -> str:
    """Return where an injury is, as exactly as it was told."""
    return inquiry.injury_level or region_text(inquiry.injury_region)


def inquiry_context(inquiry: Inquiry, note_form: NoteForm) -> dict[str, Any]:
    """Return everything that the inquiry page shows."""
    note_form.show_version(inquiry.version)
    return {
        "inquiry": inquiry,
        "status_text": vocabulary.STATUS[inquiry.status],
        "groups": [*answer_groups(answers_of(inquiry)), *arrival_groups(inquiry)],
        "hints": [str(hint) for hint in hint_words(urgent_in(inquiry))],
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


def timeline_entry(event: InquiryEvent, name: str | None) -> TimelineEntry:
    """Return what the timeline shows of an event."""
    texts = {
        "sent": _("Sent the inquiry"),
        "moved": _("Moved it to “%(status)s”", status=words(vocabulary.STATUS, event.status)),
        "noted": _("Wrote a note"),
        "changed": _("Changed the answers"),
    }
    is_staff = event.staff_id is not None or event.kind in {"moved", "noted"}
    who = name or (_("Former staff") if is_staff else _("The person who asked"))
    text = _("Keyed it in during a call") if event.kind == "sent" and is_staff else texts[event.kind]
    was_changed = event.kind == "changed"
    return TimelineEntry(
        at=event.at,
        who=who,
        text=text,
        body=None if was_changed else event.text,
        before=answer_groups(event.text) if was_changed else [],
    )


def mail_line(mail: OutboxMail) -> MailLine:
    """Return what the inquiry page shows of a mail."""
    messages = {
        "new_inquiry": _("Told a coordinator of the new inquiry"),
        "marked_inquiry": _("Told a coordinator that it may come from a machine"),
        "changed_inquiry": _("Told a coordinator that it was changed"),
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


def stale_form_notice() -> dict[str, str]:
    """Say that the page was too old to send, and that nothing is lost."""
    return {
        "heading": _("Save the answers once more"),
        "text": _("This page was open for a long time. Everything you keyed in still stands here."),
    }


def keyed_in_before_notice(reference: str) -> dict[str, str]:
    """Say that this form was sent, and where it is changed."""
    return {
        "heading": _("This form is sent already"),
        "text": _(
            "It is kept under the reference %(reference)s. To correct it, open that inquiry and change its "
            "answers there. What stands here now was not saved.",
            reference=reference,
        ),
    }


def changed_answers_notice() -> dict[str, str]:
    """Say that someone else was faster, and that nothing typed is lost."""
    return {
        "heading": _("Someone changed this inquiry while you were keying in"),
        "text": _(
            "Your answers all stand here, and were not saved yet. Look at the inquiry in another window. If "
            "yours are right, save them once more."
        ),
    }


def try_again_notice() -> dict[str, str]:
    """Say that nothing could be kept just now, and that nothing is lost."""
    return {
        "heading": _("We could not keep the answers just now"),
        "text": _("They all stand here. Wait a minute, then save them once more."),
    }
