"""What staff do with an inquiry. Each function is one use case and one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.audit.log import Actor, record
from app.core.changes import change_of
from app.core.database import db, new_id
from app.inquiries import workflow
from app.inquiries.answers import Answers
from app.inquiries.models import CONSENT_KINDS, Inquiry, InquiryEvent
from app.inquiries.queries import consents_of
from app.inquiries.sending import put_answers

NOTE_LENGTH = 4000
"""Characters of a note."""


def read_inquiry(inquiry: Inquiry, actor: Actor) -> None:
    """Record that a member of staff reads an inquiry; call it before showing one."""
    record(actor, "inquiry.read", "inquiry", inquiry.id)
    db.session.commit()


def record_listing(actor: Actor, inquiries: Sequence[Inquiry]) -> None:
    """Record that a member of staff sees these inquiries in a list; call it before showing one."""
    if inquiries:
        references = [inquiry.reference for inquiry in inquiries]
        record(actor, "inquiries.listed", "inquiry", None, references=references)
        db.session.commit()


def move_inquiry(inquiry: Inquiry, target: str, seen_version: int, actor: Actor) -> None:
    """Move an inquiry to another status.

    Raises ChangedMeanwhileError if it is not at ``seen_version`` any more, MoveNotAllowedError if the
    workflow has no such move.
    """
    with change_of(inquiry, seen_version):
        workflow.check_move(inquiry.status, target)
        source, inquiry.status = inquiry.status, target
        add_event(inquiry, actor, "moved", status=target)
        record(actor, "inquiry.moved", "inquiry", inquiry.id, source=source, target=target)


def add_note(inquiry: Inquiry, text: str, seen_version: int, actor: Actor) -> None:
    """Add a note to an inquiry's timeline.

    Raises ChangedMeanwhileError if it is not at ``seen_version`` any more.
    """
    with change_of(inquiry, seen_version):
        event = add_event(inquiry, actor, "noted")
        event.text = text
        # A note changes no column, but who writes next should see it first.
        sa.orm.attributes.flag_modified(inquiry, "status")
        record(actor, "inquiry.noted", "inquiry", inquiry.id)


def complete_answers(inquiry: Inquiry, answers: Answers, seen_version: int, actor: Actor) -> None:
    """Put in the answers that a person gave on the phone; the former ones are kept.

    What the person agreed to before stays as it was; what is agreed to now for the first time is added.

    Raises ChangedMeanwhileError if it is not at ``seen_version`` any more.
    """
    with change_of(inquiry, seen_version):
        # When somebody is best called is asked in the request to be called alone.
        best_time = answers.best_time or inquiry.answers.get("best_time", "")
        agreed = {consent.kind for consent in consents_of(inquiry)}
        new = [kind for kind in CONSENT_KINDS if kind not in agreed]
        put_answers(inquiry, replace(answers, best_time=best_time), new, actor)


def add_event(inquiry: Inquiry, actor: Actor, kind: str, **values: Any) -> InquiryEvent:
    """Add a line to an inquiry's timeline and return it."""
    event = InquiryEvent(id=new_id(), inquiry_id=inquiry.id, staff_id=actor.staff_id, kind=kind, **values)
    db.session.add(event)
    return event
