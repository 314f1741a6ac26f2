"""An inquiry that a process of the release before took in gets what that one does not know."""

import sqlalchemy as sa
from flask import Flask

from app.core.database import db
from app.inquiries import queries
from app.inquiries.flags import RULES_VERSION
from app.inquiries.models import Inquiry, InquiryLookup
from app.inquiries.renewing import BATCH, renew_hints
from tests.support.making import make_inquiries, make_inquiry


def forget_hints(app: Flask) -> None:
    """Leave every inquiry as the release before would have."""
    with app.app_context():
        nothing = {"hints_sealed": None, "hints_version": 0, "waiting_since": None, "answer_due_at": None}
        db.session.execute(sa.update(Inquiry).values(**nothing, answer_language=None))
        newer = InquiryLookup.kind.in_(["hint", "name_start"])
        db.session.execute(sa.delete(InquiryLookup).where(newer))
        db.session.commit()


def test_hints_indexes_and_waiting_are_added_and_no_change_is_counted(app: Flask) -> None:
    reference = make_inquiry(app, completeness="complete")
    forget_hints(app)

    with app.app_context():
        assert renew_hints() == 1
        inquiry = queries.inquiry_by_reference(reference)
        assert inquiry is not None
        assert [kind for kind, _version, _source in inquiry.hints] == ["second_protocol"]
        assert inquiry.version == 1
        assert inquiry.hints_version == RULES_VERSION
        assert inquiry.answer_language == "en"
        assert inquiry.waiting_since == inquiry.sent_at
        assert inquiry.answer_due_at is not None
        assert inquiry.answer_due_at > inquiry.sent_at
        kinds = set(db.session.scalars(sa.select(InquiryLookup.kind)))
        assert {"hint", "name_start", "name_word", "email", "phone"} <= kinds
        assert renew_hints() == 0


def test_of_many_inquiries_a_batch_is_renewed_at_once(app: Flask) -> None:
    make_inquiries(app, BATCH + 1)
    forget_hints(app)

    with app.app_context():
        assert [renew_hints() for _each in range(3)] == [BATCH, 1, 0]


def test_a_page_that_was_open_meanwhile_can_still_be_sent(app: Flask) -> None:
    reference = make_inquiry(app)
    forget_hints(app)
    with app.app_context():
        inquiry = queries.inquiry_by_reference(reference)
        assert inquiry is not None
        seen = inquiry.version
        assert renew_hints() == 1

        again = queries.inquiry_by_reference(reference)
        assert again is not None
        assert again.version == seen
