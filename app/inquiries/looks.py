"""What each member of staff has seen of each inquiry, so that what came since can be marked."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.audit.log import Actor
from app.core.clock import now
from app.core.database import db
from app.inquiries.models import Inquiry, InquiryLook

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def remember(inquiry: Inquiry, actor: Actor) -> None:
    """Keep which version of an inquiry a member of staff sees now, in the caller's transaction.

    One statement, whether that person saw it before or not.
    """
    if actor.staff_id is None:
        return
    seen = {"version": inquiry.version, "at": now()}
    insert = INSERTS[db.engine.dialect.name](InquiryLook)
    db.session.execute(
        insert.values(staff_id=actor.staff_id, inquiry_id=inquiry.id, **seen).on_conflict_do_update(
            index_elements=["staff_id", "inquiry_id"], set_=seen
        )
    )
