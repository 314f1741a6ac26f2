"""What staff do with an inquiry. Each function is one use case and one transaction.

Who changes one names the version that they saw: ChangedMeanwhileError if it is another one by now.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.mail_choices import holds
from app.accounts.models import User
from app.accounts.roles import READ_INQUIRIES, WORK_ON_INQUIRIES
from app.audit.log import Actor, new_entry, record
from app.audit.models import AuditEntry
from app.core.changes import change_of
from app.core.clock import now
from app.core.database import db, new_id
from app.core.inserting import insert_rows
from app.inquiries import looks, team_mail, waiting, workflow
from app.inquiries.answers import Answers
from app.inquiries.models import CONSENT_KINDS, Inquiry, InquiryEvent
from app.inquiries.queries import consents_of
from app.inquiries.sending import put_answers

NOTE_LENGTH = 4000
"""Characters of a note, or of the words beside a hand-over or a reason."""


class NotAColleagueError(Exception):
    """Somebody was named who is not active, or whose roles do not reach so far."""


def read_inquiry(inquiry: Inquiry, actor: Actor) -> None:
    """Record that a member of staff reads an inquiry; call it before showing one."""
    insert_rows({AuditEntry: [new_entry(actor, "inquiry.read", "inquiry", inquiry.id)]})
    looks.remember(inquiry, actor)
    db.session.commit()


def record_listing(actor: Actor, references: Sequence[str]) -> None:
    """Record that a member of staff sees these inquiries in a list; call it before showing one."""
    if references:
        record(actor, "inquiries.listed", "inquiry", None, references=references)
        db.session.commit()


def give_to(inquiry: Inquiry, owner: User | None, words: str, seen_version: int, actor: Actor) -> None:
    """Let a member of staff see to an inquiry, or nobody. A new owner who is not the actor is told by mail.

    Raises NotAColleagueError if ``owner`` may not work on inquiries.
    """
    check_colleague(owner, WORK_ON_INQUIRIES)
    with change_of(inquiry, seen_version):
        inquiry.owner_id = owner.id if owner else None
        event = add_event(inquiry, actor, "assigned", to_staff_id=inquiry.owner_id)
        event.text = words or None
        count_change(inquiry)
        if owner and owner.id != actor.staff_id:
            team_mail.tell_handed_over(inquiry, owner, actor)
        record(actor, "inquiry.assigned", "inquiry", inquiry.id, owner=str(inquiry.owner_id or ""))


def set_follow_up(inquiry: Inquiry, day: date | None, seen_version: int, actor: Actor) -> None:
    """Set the day on which an inquiry should be looked at again, or take it away."""
    with change_of(inquiry, seen_version):
        inquiry.follow_up_on = day
        add_event(inquiry, actor, "follow_up", day=day)
        count_change(inquiry)
        record(actor, "inquiry.follow_up_set", "inquiry", inquiry.id, day=day.isoformat() if day else "")


def move_inquiry(
    inquiry: Inquiry, target: str, seen_version: int, actor: Actor, *, reason: str = "", words: str = ""
) -> None:
    """Move an inquiry to another status, with a key of ``vocabulary.REASON`` where the move needs one.

    Raises MoveNotAllowedError if the workflow has no such move, ReasonNeededError without the reason.
    """
    workflow.check_reason(target, reason, words)
    with change_of(inquiry, seen_version):
        move(inquiry, target, actor, reason=reason, words=words)


def move(inquiry: Inquiry, target: str, actor: Actor, *, reason: str = "", words: str = "") -> None:
    """Move an inquiry in the caller's transaction; raise MoveNotAllowedError if there is no such move."""
    workflow.check_move(inquiry.status, target)
    source, inquiry.status = inquiry.status, target
    inquiry.reason = reason or None
    if target not in workflow.OPEN:
        inquiry.follow_up_on = None
    waiting.moved(inquiry, now())
    event = add_event(inquiry, actor, "moved", status=target, reason=reason or None)
    event.text = words or None
    action = "inquiry.reopened" if source == "closed" else "inquiry.moved"
    record(actor, action, "inquiry", inquiry.id, source=source, target=target, reason=reason)


def add_note(
    inquiry: Inquiry, text: str, seen_version: int, actor: Actor, mentioned: Sequence[User] = ()
) -> None:
    """Add a note to an inquiry's timeline, and tell the colleagues by mail that it is pointed out to.

    Raises NotAColleagueError if one of them may not read inquiries.
    """
    for colleague in mentioned:
        check_colleague(colleague, READ_INQUIRIES)
    with change_of(inquiry, seen_version):
        event = add_event(
            inquiry, actor, "noted", mentioned=[str(colleague.id) for colleague in mentioned] or None
        )
        event.text = text
        count_change(inquiry)
        for colleague in mentioned:
            team_mail.tell_mentioned(inquiry, colleague, actor)
        told = [str(colleague.id) for colleague in mentioned]
        record(actor, "inquiry.noted", "inquiry", inquiry.id, mentioned=told)


def complete_answers(inquiry: Inquiry, answers: Answers, seen_version: int, actor: Actor) -> None:
    """Put in the answers that a person gave on the phone; the former ones are kept.

    What the person agreed to before stays as it was; what is agreed to now for the first time is added.
    """
    with change_of(inquiry, seen_version):
        # When somebody is best called is asked in the request to be called alone.
        best_time = answers.best_time or inquiry.answers.get("best_time", "")
        agreed = {consent.kind for consent in consents_of(inquiry)}
        new = [kind for kind in CONSENT_KINDS if kind not in agreed]
        put_answers(inquiry, replace(answers, best_time=best_time), new, actor)


def check_colleague(user: User | None, permission: str) -> None:
    """Raise NotAColleagueError for an account that is not active or does not hold a permission."""
    if user is not None and not (user.active and holds(user, permission)):
        raise NotAColleagueError


def count_change(inquiry: Inquiry) -> None:
    """Let a change that touches no column of an inquiry count as one: who writes next should see it first."""
    sa.orm.attributes.flag_modified(inquiry, "status")


def add_event(inquiry: Inquiry, actor: Actor, kind: str, **values: Any) -> InquiryEvent:
    """Add a line to an inquiry's timeline and return it."""
    event = InquiryEvent(
        id=new_id(),
        inquiry_id=inquiry.id,
        staff_id=actor.staff_id,
        kind=kind,
        version=inquiry.version + 1,
        **values,
    )
    db.session.add(event)
    return event
