"""Answering a person: by mail, or outside of this site. Each function is one use case and one transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask import current_app

from app.accounts.colleagues import name_of
from app.audit.log import SYSTEM, Actor, record
from app.core.changes import change_at_once, change_of
from app.core.clock import now
from app.core.database import db
from app.inquiries import waiting, workflow
from app.inquiries.models import Inquiry, InquiryEvent
from app.inquiries.services import add_event, count_change, move
from app.outbox.claims import try_again
from app.outbox.models import OutboxMail
from app.outbox.queue import enqueue

REPLY = "reply"
"""The message of an answer by mail."""
TO_THE_PERSON = frozenset({REPLY, "inquiry_received"})
"""Messages that go to the person who asked."""
REPLY_LENGTH = 4000
"""Characters of an answer."""
NO_MORE_ANSWERS = frozenset({"closed", "withdrawn"})
"""Statuses in which nobody waits for an answer, not even for one that could not be delivered."""


class NoAddressError(Exception):
    """The inquiry names no e-mail address."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact outside of this site."""

    channel: str
    """A key of ``vocabulary.CONTACT_CHANNEL``."""
    outcome: str
    """A key of ``vocabulary.CONTACT_OUTCOME``."""
    note: str = ""
    at: datetime | None = None
    """When it was; None for just now."""


def send_reply(
    inquiry: Inquiry,
    text: str,
    template_handle: str,
    seen_version: int,
    actor: Actor,
    *,
    language: str = "",
    then_wait: bool = False,
) -> None:
    """Answer a person by mail, in ``language`` or the person's own; with that, it is the person's turn.

    A new inquiry is in contact from then on, and with ``then_wait`` it waits for the patient.

    Raises NoAddressError without an e-mail address, ChangedMeanwhileError if the inquiry is not at
    ``seen_version`` any more, MoveNotAllowedError if it cannot wait for the patient.
    """
    address = inquiry.answers.get("email", "")
    if not address:
        raise NoAddressError
    with change_of(inquiry, seen_version):
        moves = moves_with_reply(inquiry.status, then_wait)
        mail = enqueue(
            REPLY,
            recipient=address,
            language=language_of_frame(inquiry, language),
            params={"text": text, "reference": inquiry.reference, "writer": name_of(actor.staff_id)},
            about_id=inquiry.id,
            goes_out=not inquiry.is_demo,
        )
        event = add_event(inquiry, actor, "answered", mail_id=mail.id)
        event.text = {"text": text, "to": address, "waited_since": since_when(inquiry)}
        for target in moves:
            move(inquiry, target, actor)
        waiting.answered(inquiry, now())
        count_change(inquiry)
        record(actor, "inquiry.answered", "inquiry", inquiry.id, template=template_handle)


def moves_with_reply(status: str, then_wait: bool) -> list[str]:
    """Return the statuses that an inquiry goes to when it is answered, one after the other.

    Raises MoveNotAllowedError if there is no such move, or if the person withdrew it: they want no mail.
    """
    if status == workflow.BY_THE_PERSON:
        raise workflow.MoveNotAllowedError(f"an answer to {status}")
    moves = ["in_contact"] if status == "new" else []
    if then_wait and status != "waiting_for_patient":
        moves.append("waiting_for_patient")
    for current, target in zip([status, *moves], moves, strict=False):
        workflow.check_move(current, target)
    return moves


def may_then_wait(inquiry: Inquiry) -> bool:
    """Return whether an inquiry can wait for the patient once it is answered."""
    try:
        return "waiting_for_patient" in moves_with_reply(inquiry.status, then_wait=True)
    except workflow.MoveNotAllowedError:
        return False


def was_sent(inquiry: Inquiry, text: str, seen_version: int, actor: Actor) -> bool:
    """Return whether this very answer is what changed an inquiry meanwhile: its button was pressed twice."""
    event = db.session.scalar(
        sa.select(InquiryEvent).where(
            InquiryEvent.inquiry_id == inquiry.id,
            InquiryEvent.kind == "answered",
            InquiryEvent.version == seen_version + 1,
            InquiryEvent.staff_id == actor.staff_id,
        )
    )
    return event is not None and event.text is not None and event.text["text"] == text


def log_contact(inquiry: Inquiry, contact: Contact, seen_version: int, actor: Actor) -> None:
    """Keep that a person was in contact with us outside of this site, and whose turn it is with that.

    Raises ChangedMeanwhileError if the inquiry is not at ``seen_version`` any more.
    """
    moment = contact.at or now()
    with change_of(inquiry, seen_version):
        event = add_event(
            inquiry, actor, "contacted", channel=contact.channel, outcome=contact.outcome, at=moment
        )
        event.text = contact.note or None
        if contact.outcome == "reached":
            note_reached(inquiry, moment, actor)
        if contact.outcome == "they_reached_us":
            note_heard_from(inquiry, moment, actor)
        count_change(inquiry)
        kept = {"channel": contact.channel, "outcome": contact.outcome}
        record(actor, "inquiry.contact_logged", "inquiry", inquiry.id, **kept)


def note_reached(inquiry: Inquiry, moment: datetime, actor: Actor) -> None:
    """Note that a person was reached: an inquiry that was keyed in during the call was answered by it."""
    answered_at = max(moment, inquiry.sent_at)
    since = inquiry.waiting_since
    if inquiry.status == "new":
        move(inquiry, "in_contact", actor)
    waiting.answered(inquiry, answered_at)
    if since and since > answered_at:  # the person wrote after that
        inquiry.waiting_since = since


def note_heard_from(inquiry: Inquiry, moment: datetime, actor: Actor) -> None:
    """Note that a person was in contact with us: they wait for us, unless they were answered since then."""
    if any(answered_at > moment for answered_at in times_answered(inquiry.id)):
        return
    waiting.heard_from(inquiry, moment)
    if inquiry.status == "waiting_for_patient":
        move(inquiry, "in_contact", actor)


def send_again(inquiry: Inquiry, mail: OutboxMail, actor: Actor) -> None:
    """Have a mail about an inquiry sent again that failed; one that did not is left alone.

    It waits for nobody. Raises ChangedMeanwhileError if the inquiry is gone, or others were faster again and
    again.
    """

    def act() -> None:
        if not try_again([mail.id]):
            return
        if event := answer_carried_by(mail.id):
            note_sent_again(inquiry, event, actor)
        record(actor, "mail.sent_again", "inquiry", inquiry.id, message=mail.message)

    change_at_once(inquiry, act)


def try_answer_again(mail: OutboxMail) -> None:
    """Note that an operator has an answer sent again that failed, in the caller's transaction."""
    event = answer_carried_by(mail.id)
    if event is None:
        return
    inquiry = db.session.get_one(Inquiry, event.inquiry_id, with_for_update=True, populate_existing=True)
    note_sent_again(inquiry, event, SYSTEM)
    record(SYSTEM, "mail.sent_again", "inquiry", inquiry.id, message=mail.message)


def note_sent_again(inquiry: Inquiry, before: InquiryEvent, actor: Actor) -> None:
    """Note that an answer is sent again: from now on it is the person's turn, as with a new one.

    The timeline's line of it has no words of its own.
    """
    event = add_event(inquiry, actor, "answered", mail_id=before.mail_id)
    event.text = {"text": "", "to": before.text["to"], "waited_since": since_when(inquiry)}
    waiting.answered(inquiry, now())
    count_change(inquiry)


def take_back(mail: OutboxMail) -> None:
    """Let the person wait again whose answer was given up, in the caller's transaction.

    They wait as long as they had waited before it, and before others that were given up, unless they were
    answered or reached after it. The timeline's line of it is an answer without words, by nobody.
    """
    event = answer_carried_by(mail.id)
    if event is None:
        return
    inquiry = db.session.get_one(Inquiry, event.inquiry_id, with_for_update=True, populate_existing=True)
    times = times_answered(inquiry.id)
    last = max(times, default=inquiry.sent_at)
    in_vain = [each for each in answers_to(inquiry.id, failed=True) if each.at >= last]
    since = min(map(waited_from, in_vain), default=None)
    inquiry.first_answered_at = min(times, default=None)
    if inquiry.status not in NO_MORE_ANSWERS and since and event in in_vain:
        inquiry.waiting_since = min(since, inquiry.waiting_since or since)
    add_event(inquiry, SYSTEM, "answered", mail_id=mail.id)
    count_change(inquiry)
    record(SYSTEM, "inquiry.answer_failed", "inquiry", inquiry.id)


def answer_carried_by(mail_id: UUID) -> InquiryEvent | None:
    """Return the timeline's line of an answer that a mail carries: of the last time that it was sent."""
    return db.session.scalar(
        sa.select(InquiryEvent)
        .where(InquiryEvent.mail_id == mail_id, InquiryEvent.text_sealed.is_not(None))
        .order_by(InquiryEvent.at.desc(), InquiryEvent.id.desc())
        .limit(1)
    )


def answers_to(inquiry_id: UUID, *, failed: bool) -> list[InquiryEvent]:
    """Return the timeline's lines of the answers by mail that were given up, or of the others.

    Of an answer that was sent again, it is the last line.
    """
    is_failed = sa.exists().where(OutboxMail.id == InquiryEvent.mail_id, OutboxMail.state == "failed")
    events = db.session.scalars(
        sa.select(InquiryEvent)
        .where(
            InquiryEvent.inquiry_id == inquiry_id,
            InquiryEvent.kind == "answered",
            InquiryEvent.text_sealed.is_not(None),
            is_failed if failed else sa.not_(is_failed),
        )
        .order_by(InquiryEvent.at, InquiryEvent.id)
    )
    return list({event.mail_id: event for event in events}.values())


def times_answered(inquiry_id: UUID) -> list[datetime]:
    """Return when a person was answered or reached, without answers that were given up."""
    reached = db.session.scalars(
        sa.select(InquiryEvent.at).where(
            InquiryEvent.inquiry_id == inquiry_id,
            InquiryEvent.kind == "contacted",
            InquiryEvent.outcome == "reached",
        )
    )
    return [*(event.at for event in answers_to(inquiry_id, failed=False)), *reached]


def waited_from(answer: InquiryEvent) -> datetime:
    """Return since when the person had waited who was given an answer; its own time if they did not."""
    waited_since = answer.text["waited_since"]
    return datetime.fromisoformat(waited_since) if waited_since else answer.at


def since_when(inquiry: Inquiry) -> str:
    """Return since when a person waits, as it is kept with an answer; nothing if they do not."""
    return inquiry.waiting_since.isoformat() if inquiry.waiting_since else ""


def language_of_person(inquiry: Inquiry) -> str:
    """Return the language that a person is best answered in."""
    return inquiry.answer_language or inquiry.page_language


def language_of_frame(inquiry: Inquiry, language: str) -> str:
    """Return the language of what stands around an answer: its own if the site speaks it, else the page's."""
    wanted = (language, language_of_person(inquiry))
    spoken = current_app.config["LANGUAGES"]
    return next((each for each in wanted if each in spoken), inquiry.page_language)
