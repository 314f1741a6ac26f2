"""The queue: its views and sorts, and how many inquiries each view holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.database import db
from app.inquiries import workflow
from app.inquiries.models import Inquiry
from app.inquiries.wanted import Wanted, listed, said

MOST_COUNTED = 1000
"""Of a view that holds more, nobody counts them all."""
MOST_ARRIVALS = 99
"""So many new inquiries are told of by their number."""
CLOSED = ("closed", "declined", "withdrawn")
OPEN = tuple(sorted(workflow.OPEN))
OWNED = (*OPEN, "offered")
"""Statuses in which an inquiry still has something to do for its owner."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose queue it is, and when."""

    staff_id: UUID | None
    now: datetime
    today: date
    """In the site's zone."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the queue."""

    column: Any
    """What it goes by; after it, an inquiry's id. Those without it come last, by when they were sent."""
    is_descending: bool = False
    has_gaps: bool = False
    """Whether there are inquiries without it."""
    by_status: bool = False
    """Whether an index has the inquiries of each status in this order."""


@dataclass(frozen=True, slots=True)
class View:
    """Inquiries that belong together. An index lists them."""

    sort: str
    """The key in ``SORTS`` of the order that it comes in."""
    statuses: tuple[str, ...] = ()
    """Those of its inquiries; empty for any."""
    also: Callable[[Reader], list[Wanted]] = lambda _reader: []
    """What else is true of them."""


SORTS = {
    "waiting": Sort(Inquiry.waiting_since, has_gaps=True),
    "newest": Sort(Inquiry.sent_at, is_descending=True, by_status=True),
    "oldest": Sort(Inquiry.sent_at, by_status=True),
    "follow_up": Sort(Inquiry.follow_up_on, has_gaps=True),
}
VIEWS = {
    "waiting": View(
        "waiting", also=lambda _reader: [Wanted(Inquiry.waiting_since.is_not(None), "waiting_since")]
    ),
    "new": View("newest", ("new",)),
    "mine": View("waiting", OWNED, lambda reader: [Wanted(Inquiry.owner_id == reader.staff_id)]),
    "unassigned": View("waiting", OPEN, lambda _reader: [Wanted(Inquiry.owner_id.is_(None))]),
    "follow_up": View(
        "follow_up", also=lambda reader: [Wanted(Inquiry.follow_up_on <= reader.today, "follow_up_on")]
    ),
    "overdue": View(
        "oldest",
        OPEN,
        lambda reader: [
            Wanted(sa.and_(Inquiry.first_answered_at.is_(None), Inquiry.answer_due_at < reader.now))
        ],
    ),
    "waiting_for_patient": View("oldest", ("waiting_for_patient",)),
    "review": View("oldest", ("medical_review",)),
    "suspicious": View("newest", OWNED, lambda _reader: [Wanted(Inquiry.suspicious == sa.true())]),
    "closed": View("newest", CLOSED),
    "all": View("newest"),
}
WITHOUT_GAPS = {("waiting", "waiting"), ("follow_up", "follow_up")}
"""Views and sorts: all inquiries of these have what they are sorted by."""


def in_view(view: View, reader: Reader) -> Wanted:
    """Return what is asked of the inquiries of a view."""
    statuses = [Inquiry.status.in_(view.statuses)] if view.statuses else []
    return listed(sa.and_(sa.true(), *statuses, *said(view.also(reader))))


def counts(reader: Reader) -> dict[str, int]:
    """Return how many inquiries each view holds, at most ``MOST_COUNTED`` and one: one statement."""
    found = counted([in_view(view, reader) for view in VIEWS.values()], MOST_COUNTED)
    return dict(zip(VIEWS, found, strict=True))


def arrivals(view: str, wanted: Sequence[Wanted], reader: Reader, since: datetime) -> int:
    """Return how many inquiries of a view came after a moment, at most ``MOST_ARRIVALS`` and one."""
    came = [in_view(VIEWS[view], reader), *wanted, Wanted(Inquiry.sent_at > since)]
    (count,) = counted([listed(sa.and_(*said(came)))], MOST_ARRIVALS)
    return count


def counted(each_of: Sequence[Wanted], most: int) -> list[int]:
    """Return how many inquiries fit each of these, up to ``most`` and one: one statement."""
    # Without their ids: an index that lacks them would have each one's row read.
    found: list[sa.Select[Any]] = [
        sa.select(sa.literal_column("1").label("one")).select_from(wanted.ids.subquery()).limit(most + 1)
        for wanted in each_of
        if wanted.ids is not None
    ]
    bounded = [sa.select(sa.func.count()).select_from(each.subquery()).scalar_subquery() for each in found]
    return list(db.session.execute(sa.select(*bounded)).one())
