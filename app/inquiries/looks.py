"""What each member of staff has seen of each inquiry, so that what came since can be marked."""

from functools import cache
from typing import Any

from werkzeug.utils import import_string

from app.audit.log import Actor
from app.core.clock import now
from app.core.database import db
from app.inquiries.models import Inquiry, InquiryLook

INSERTS = {
    "sqlite": "sqlalchemy.dialects.sqlite:insert",
    "postgresql": "sqlalchemy.dialects.postgresql:insert",
}
"""Where SQLAlchemy has them: of its dialects the database's alone is loaded."""


@cache
def upsert(dialect: str) -> Any:
    """Return the statement that keeps a look, whether that person saw the inquiry before or not.

    Made once: making it takes longer than running it.
    """
    insert = import_string(INSERTS[dialect])(InquiryLook.__table__)
    seen = {name: insert.excluded[name] for name in ("version", "at")}
    return insert.on_conflict_do_update(index_elements=["staff_id", "inquiry_id"], set_=seen)


def remember(inquiry: Inquiry, actor: Actor) -> None:
    """Keep which version of an inquiry a member of staff sees now, in the caller's transaction."""
    if actor.staff_id is None:
        return
    connection = db.session.connection()
    look = {
        "staff_id": actor.staff_id,
        "inquiry_id": inquiry.id,
        "version": inquiry.version,
        "at": now(),
    }
    connection.execute(upsert(connection.dialect.name), look)
