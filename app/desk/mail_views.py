"""What the desk shows of the mails about an inquiry, and what its timeline says of answers and contacts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import ngettext

from app.accounts.roles import WORK_ON_INQUIRIES
from app.core.access import may
from app.core.i18n import shown_time
from app.core.wording import gettext as _
from app.desk.answers import words
from app.inquiries import vocabulary
from app.inquiries.answering import TO_THE_PERSON
from app.inquiries.models import Inquiry
from app.inquiries.queries import Event
from app.outbox.models import OutboxMail
from app.outbox.queries import mails_about


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail about an inquiry."""

    id: UUID
    number: int
    """Its place among the inquiry's mails, counted from the oldest."""
    to: str
    message_text: str
    state: str
    """``queued``, ``sending``, ``sent`` or ``failed``."""
    state_text: str
    at: datetime
    """When it was sent; while it was not, when it was written."""
    answer: str
    """What the mail server said of the last try, if it was not taken."""
    tries_text: str
    """How often it was tried, and when it is tried next; empty where there is nothing to say."""
    other_address: str
    """The address that the person has now, where the mail goes to another one."""
    again_url: str | None
    """Where to post to have it sent again; None unless it failed and the reader may."""


def mail_lines(inquiry: Inquiry) -> list[MailLine]:
    """Return the mails about an inquiry, newest first."""
    mails = mails_about(inquiry.id)
    return [mail_line(inquiry, mail, len(mails) - place) for place, mail in enumerate(mails)]


def mail_line(inquiry: Inquiry, mail: OutboxMail, number: int) -> MailLine:
    """Return what is shown of a mail; ``number`` is its place, counted from the oldest one."""
    address = inquiry.answers.get("email", "")
    is_elsewhere = mail.message in TO_THE_PERSON and address and address != mail.recipient
    may_send = mail.state == "failed" and may(WORK_ON_INQUIRIES)
    return MailLine(
        id=mail.id,
        number=number,
        to=mail.recipient,
        message_text=message_text(mail.message),
        state=mail.state,
        state_text=state_text(mail),
        at=mail.sent_at or mail.queued_at,
        answer="" if mail.state == "sent" else mail.answer or "",
        tries_text=tries_text(mail),
        other_address=address if is_elsewhere else "",
        again_url=url_for("desk.send_mail_again", reference=inquiry.reference, number=number)
        if may_send
        else None,
    )


def message_text(message: str) -> str:
    """Return what a mail tells, as staff say it."""
    texts = {
        "new_inquiry": _("Told a coordinator of the new inquiry"),
        "marked_inquiry": _("Told a coordinator that it may come from a machine"),
        "changed_inquiry": _("Told a coordinator that it was changed"),
        "handed_over": _("Told a colleague that it was handed over"),
        "mentioned": _("Told a colleague of a note"),
        "answer_overdue": _("Told a colleague that the first answer is overdue"),
        "inquiry_received": _("Told the sender that it has come"),
        "reply": _("The answer to the person"),
    }
    return texts.get(message) or _("Told a colleague")


def state_text(mail: OutboxMail) -> str:
    """Return how far a mail is."""
    if mail.state == "queued" and mail.attempts:
        return _("Not taken yet")
    texts = {
        "queued": _("Waiting to be sent"),
        "sending": _("Being sent"),
        "sent": _("Sent"),
        "failed": _("Not delivered"),
    }
    return texts[mail.state]


def tries_text(mail: OutboxMail) -> str:
    """Return how often a mail was tried, and when it is tried next."""
    if not mail.attempts or mail.state == "sent":
        return ""
    told = [ngettext("Tried %(num)s time.", "Tried %(num)s times.", mail.attempts)]
    if mail.unanswered:
        told.append(_("It may have arrived: the mail server did not answer."))
    if mail.state == "queued":
        told.append(_("It is tried again from %(time)s on.", time=shown_time(mail.due_at)))
    return " ".join(told)


def answered_words(event: Event) -> str:
    """Return what the timeline says of an answer, of one sent again, or of one that was given up."""
    if event.text is None:
        return _("The answer could not be delivered")
    return _("Answered by mail") if event.text["text"] else _("Sent the answer again")


def contacted_words(event: Event) -> str:
    """Return what the timeline says of a contact outside of this site."""
    return _(
        "%(channel)s: %(outcome)s",
        channel=words(vocabulary.CONTACT_CHANNEL, event.channel),
        outcome=words(vocabulary.CONTACT_OUTCOME, event.outcome),
    )
