"""What is worked out of an inquiry's answers, worked out again when the rules have changed.

A process of the release before, which still takes inquiries while an upgrade is under way, knows none of
it: what it leaves out is added here too.
"""

from uuid import UUID

import sqlalchemy as sa

from app.core.database import db
from app.core.inserting import insert_rows
from app.inquiries.answers import Answers
from app.inquiries.flags import RULES_VERSION
from app.inquiries.models import Inquiry, InquiryLookup
from app.inquiries.sending import (
    answer_due,
    answers_of,
    find_hints,
    language_to_answer_in,
    lookup_rows,
)

BATCH = 100
"""Inquiries that are renewed at once: mails wait meanwhile."""


def renew_hints() -> int:
    """Find the hints of some inquiries again whose rules are older than today's; return of how many."""
    ids = due()
    for inquiry_id in ids:
        renew(inquiry_id)
    db.session.commit()
    db.session.expunge_all()
    return len(ids)


def due() -> list[UUID]:
    """Return some of the inquiries that have to be looked at again, in an order that all workers keep to."""
    query = sa.select(Inquiry.id).where(Inquiry.hints_version < RULES_VERSION).limit(BATCH)
    return sorted(db.session.scalars(query))


def renew(inquiry_id: UUID) -> None:
    """Work out an inquiry's hints and indexes in the caller's transaction.

    It is no change that anybody made: the inquiry's version stays as it is.
    """
    inquiry = db.session.get(Inquiry, inquiry_id)
    if inquiry is None:
        return
    given = answers_of(inquiry)
    answers = Answers(**given)
    db.session.expunge(inquiry)  # it only lends its attributes: to save it would count as a change
    find_hints(inquiry, given)
    as_it_was_read = sa.and_(
        Inquiry.id == inquiry_id,
        Inquiry.version == inquiry.version,
        Inquiry.hints_version < RULES_VERSION,
    )
    values = {
        "hints_sealed": inquiry.hints_sealed,
        "hints_version": RULES_VERSION,
        "answer_language": language_to_answer_in(answers, inquiry.page_language),
        **waiting_from_before(inquiry),
    }
    renewed = db.session.execute(
        sa.update(Inquiry).where(as_it_was_read).values(**values).returning(Inquiry.id)
    ).one_or_none()
    if renewed:  # else it was changed or renewed just now, which found its hints anew too
        db.session.execute(sa.delete(InquiryLookup).where(InquiryLookup.inquiry_id == inquiry_id))
        insert_rows({InquiryLookup: lookup_rows(inquiry, answers)})


def waiting_from_before(inquiry: Inquiry) -> dict[str, object]:
    """Return since when the person waits and when the answer is due, where nobody has set that yet."""
    if inquiry.status != "new" or inquiry.first_answered_at is not None:
        return {}
    return {
        "waiting_since": inquiry.waiting_since or inquiry.sent_at,
        "answer_due_at": inquiry.answer_due_at or answer_due(inquiry.sent_at),
    }
