"""The queue: its views, filters and sorts, its pages, and how many inquiries each view holds.

Pages go by keyset: the next one begins at a place, which is where an inquiry stood in the order when it was
shown. Its cost is the same however long the queue is, and the place is found even if that inquiry has moved,
or is gone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.core.crypto import keyring
from app.core.database import db
from app.core.terms import LEVELS
from app.inquiries import lookup, workflow
from app.inquiries.models import Inquiry, InquiryLookup
from app.inquiries.queries import read_reference

PAGE_SIZE = 50
MOST_COUNTED = 1000
"""Of a view that holds more, nobody counts them all."""
MOST_ARRIVALS = 99
"""So many new inquiries are told of by their number."""
CLOSED = ("closed", "declined", "withdrawn")
OPEN = tuple(sorted(workflow.OPEN))
OWNED = (*OPEN, "offered")
"""Statuses in which an inquiry still has something to do for its owner."""
FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)

Condition = sa.ColumnElement[bool]


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
    """What it goes by; after it, an inquiry's id. Inquiries without it come last."""
    is_descending: bool = False
    has_gaps: bool = False
    """Whether there are inquiries without it."""
    by_status: bool = True
    """Whether an index has the inquiries of each status in this order."""


@dataclass(frozen=True, slots=True)
class View:
    """Inquiries that belong together."""

    sort: str
    """The key in ``SORTS`` of the order that it comes in."""
    statuses: tuple[str, ...] = ()
    """Those of its inquiries; empty for any."""
    also: Callable[[Reader], list[Condition]] = lambda _reader: []
    """What else is true of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an inquiry stood in an order."""

    reference: str
    value: datetime | date | None
    """What the order goes by."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the queue, and the places that its neighbours go on from; None where there is none."""

    rows: Sequence[Inquiry]
    before: Place | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked of the inquiries of a view. None, or empty text, is "any"."""

    status: str = ""
    owner_id: UUID | None = None
    without_owner: bool = False
    country: str = ""
    language: str = ""
    injury: str = ""
    """A region of the spine, or one of its levels."""
    completeness: str = ""
    age: str = ""
    """A key of ``AGES``."""
    hint: str = ""
    suspicious: bool | None = None
    wants_call: bool | None = None
    answered: bool | None = None
    sent_from: datetime | None = None
    sent_before: datetime | None = None


SORTS = {
    "waiting": Sort(Inquiry.waiting_since, has_gaps=True),
    "newest": Sort(Inquiry.sent_at, is_descending=True),
    "oldest": Sort(Inquiry.sent_at),
    "follow_up": Sort(Inquiry.follow_up_on, has_gaps=True, by_status=False),
}
VIEWS = {
    "waiting": View("waiting", also=lambda _reader: [Inquiry.waiting_since.is_not(None)]),
    "new": View("newest", ("new",)),
    "mine": View("waiting", OWNED, lambda reader: [Inquiry.owner_id == reader.staff_id]),
    "unassigned": View("waiting", OPEN, lambda _reader: [Inquiry.owner_id.is_(None)]),
    "follow_up": View("follow_up", also=lambda reader: [Inquiry.follow_up_on <= reader.today]),
    "overdue": View(
        "oldest",
        OPEN,
        lambda reader: [Inquiry.first_answered_at.is_(None), Inquiry.answer_due_at < reader.now],
    ),
    "waiting_for_patient": View("oldest", ("waiting_for_patient",)),
    "review": View("oldest", ("medical_review",)),
    "suspicious": View("newest", OWNED, lambda _reader: [Inquiry.suspicious == sa.true()]),
    "closed": View("newest", CLOSED),
    "all": View("newest"),
}
WITHOUT_GAPS = {("waiting", "waiting"), ("follow_up", "follow_up")}
"""Views and sorts: all inquiries of these have what they are sorted by."""
MONTHS_OF_AGE: dict[str, tuple[int | None, int | None]] = {
    "under_3_months": (None, 3),
    "under_1_year": (None, 12),
    "1_to_5_years": (12, 60),
    "over_5_years": (60, None),
}
"""From how many months on, and under how many."""
AGES = (*MONTHS_OF_AGE, "unknown")
"""How long ago an injury was."""


def queue_page(
    view: str,
    sort: str,
    conditions: Sequence[Condition],
    reader: Reader,
    place: Place | None = None,
    *,
    backwards: bool = False,
) -> Page:
    """Return a page of a view: what comes after a place, or, ``backwards``, what comes before it.

    One statement. For each status of the view an index gives the next rows in order, and the first of these
    are taken: the cost does not grow with what comes later.
    """
    order = SORTS[sort]
    is_rising = order.is_descending == backwards
    arms = [
        arm(order, rank, [*lane, *conditions, *kept], is_rising=is_rising)
        for rank, kept in parts(order, place, is_rising=is_rising, has_gaps=(view, sort) not in WITHOUT_GAPS)
        for lane in lanes_of(VIEWS[view], order, reader)
    ]
    found = sa.union_all(*arms).subquery()
    first = sa.select(found).order_by(*in_order(found, is_rising, backwards)).limit(PAGE_SIZE + 1).subquery()
    rows = db.session.scalars(
        sa.select(Inquiry)
        .join(first, Inquiry.id == first.c.id)
        .order_by(*in_order(first, is_rising, backwards))
    ).all()
    return page(rows, order, has_before=place is not None, backwards=backwards)


def page(rows: Sequence[Inquiry], order: Sort, *, has_before: bool, backwards: bool) -> Page:
    """Return a page of rows that were read from a place on, one more than it shows if there are more."""
    shown, has_more = list(rows[:PAGE_SIZE]), len(rows) > PAGE_SIZE
    if backwards:
        shown.reverse()
    before, after = (has_more, True) if backwards else (has_before, has_more)
    return Page(
        shown,
        before=place_of(shown[0], order) if shown and before else None,
        after=place_of(shown[-1], order) if shown and after else None,
    )


def place_of(inquiry: Inquiry, order: Sort) -> Place:
    """Return where an inquiry stands in an order."""
    return Place(inquiry.reference, getattr(inquiry, order.column.key))


def lanes_of(view: View, order: Sort, reader: Reader) -> list[list[Condition]]:
    """Return the conditions of a view, for each status alone where an index has each in this order."""
    if not (order.by_status and view.statuses):
        return [in_view(view, reader)]
    also = view.also(reader)
    return [[Inquiry.status == status, *also] for status in view.statuses]


def parts(
    order: Sort, place: Place | None, *, is_rising: bool, has_gaps: bool
) -> list[tuple[int, list[Condition]]]:
    """Return the parts of an order that rows after a place lie in: rank, and what is true of the rows.

    Inquiries without what an order goes by are its second part: databases disagree on where they belong.
    """
    if not order.has_gaps:
        return [(0, beyond(order, place, is_rising=is_rising))]
    first = [order.column.is_not(None)]
    second = [order.column.is_(None)]
    if place is None:
        found = [(0, first), (1, second)]
    elif place.value is None:
        second += beyond(order, place, is_rising=is_rising)
        found = [(1, second)] if is_rising else [(1, second), (0, first)]
    else:
        first = beyond(order, place, is_rising=is_rising)
        found = [(0, first), (1, second)] if is_rising else [(0, first)]
    return found if has_gaps else [part for part in found if part[0] == 0]


def beyond(order: Sort, place: Place | None, *, is_rising: bool) -> list[Condition]:
    """Return what is true of the rows after a place, in its part of the order."""
    if place is None:
        return []
    edge_id = sa.select(Inquiry.id).where(Inquiry.reference == place.reference).scalar_subquery()
    # Of an inquiry that is gone: rather show one again than leave one out.
    known_id = sa.func.coalesce(edge_id, sa.literal(FIRST_ID if is_rising else LAST_ID, sa.Uuid()))
    if place.value is None:
        return [Inquiry.id > known_id if is_rising else Inquiry.id < known_id]
    here = sa.tuple_(order.column, Inquiry.id)
    edge = sa.tuple_(sa.literal(place.value, order.column.type), known_id)
    return [here > edge if is_rising else here < edge]


def arm(order: Sort, rank: int, conditions: Iterable[Condition], *, is_rising: bool) -> sa.Select[Any]:
    """Return a query of the first rows, in order, of which all this is true."""
    columns = (order.column, Inquiry.id)
    first = (
        sa.select(
            sa.literal_column(str(rank), sa.Integer).label("rank"),
            order.column.label("value"),
            Inquiry.id.label("id"),
        )
        .where(*conditions)
        .order_by(*(column if is_rising else column.desc() for column in columns))
        .limit(PAGE_SIZE + 1)
    )
    return sa.select(first.subquery())


def in_order(found: sa.Subquery, is_rising: bool, backwards: bool) -> list[Any]:
    """Return what the rows of ``arm`` are ordered by."""
    return [
        found.c.rank.desc() if backwards else found.c.rank,
        *(column if is_rising else column.desc() for column in (found.c.value, found.c.id)),
    ]


def counts(reader: Reader) -> dict[str, int]:
    """Return how many inquiries each view holds, at most ``MOST_COUNTED`` and one: one statement."""
    bounded = [count_of(in_view(view, reader), MOST_COUNTED + 1) for view in VIEWS.values()]
    found = db.session.execute(sa.select(*bounded)).one()
    return dict(zip(VIEWS, found, strict=True))


def arrivals(view: str, conditions: Sequence[Condition], reader: Reader, since: datetime) -> int:
    """Return how many inquiries of a view came after a moment, at most ``MOST_ARRIVALS`` and one."""
    came = [*in_view(VIEWS[view], reader), *conditions, Inquiry.sent_at > since]
    return db.session.scalar(sa.select(count_of(came, MOST_ARRIVALS + 1))) or 0


def in_view(view: View, reader: Reader) -> list[Condition]:
    """Return what is true of the inquiries of a view."""
    statuses = [Inquiry.status.in_(view.statuses)] if view.statuses else []
    return [*statuses, *view.also(reader)]


def count_of(conditions: Iterable[Condition], most: int) -> sa.ScalarSelect[int]:
    """Return a count, up to ``most``, of the inquiries of which all this is true."""
    found = sa.select(Inquiry.id).where(*conditions).limit(most).subquery()
    return sa.select(sa.func.count()).select_from(found).scalar_subquery()


def matching(filters: Filters, today: date) -> list[Condition]:
    """Return what is true of the inquiries that filters ask for."""
    equal = {
        Inquiry.status: filters.status,
        Inquiry.country: filters.country,
        Inquiry.answer_language: filters.language,
        Inquiry.completeness: filters.completeness,
        Inquiry.owner_id: filters.owner_id,
        Inquiry.injury_level if filters.injury in LEVELS else Inquiry.injury_region: filters.injury,
    }
    told = {
        Inquiry.injury_region: None if filters.wants_call is None else not filters.wants_call,
        Inquiry.first_answered_at: filters.answered,
        Inquiry.owner_id: False if filters.without_owner else None,
    }
    conditions = [column == value for column, value in equal.items() if value]
    conditions += [
        column.is_not(None) if is_told else column.is_(None)
        for column, is_told in told.items()
        if is_told is not None
    ]
    if filters.suspicious is not None:
        conditions.append(Inquiry.suspicious == sa.literal(filters.suspicious))
    if filters.sent_from:
        conditions.append(Inquiry.sent_at >= filters.sent_from)
    if filters.sent_before:
        conditions.append(Inquiry.sent_at < filters.sent_before)
    if filters.age:
        conditions += of_age(filters.age, today)
    if filters.hint:
        conditions.append(Inquiry.id.in_(with_values([[("hint", filters.hint)]])))
    return conditions


def of_age(age: str, today: date) -> list[Condition]:
    """Return what is true of injuries that are so old; where no month was told, the latest is taken."""
    if age == "unknown":
        return [Inquiry.injury_year.is_(None)]
    month = Inquiry.injury_year * 12 + sa.func.coalesce(Inquiry.injury_month, 12)
    this_month = today.year * 12 + today.month
    youngest, oldest = MONTHS_OF_AGE[age]
    conditions: list[Condition] = [Inquiry.injury_year.is_not(None)]
    # Whole months count, as in ``flags.months_since``: in the month itself, the last one may not be over.
    if youngest is not None:
        conditions.append(month < this_month - youngest)
    if oldest is not None:
        conditions.append(month >= this_month - oldest)
    return conditions


def sought(typed: str) -> list[Condition]:
    """Return what is true of the inquiries that a member of staff who types this is looking for.

    By reference, or by all of: an e-mail address, a phone number, words of a name or their beginnings.
    """
    ways: list[sa.Select[UUID]] = []
    if reference := read_reference(typed):
        named = aliased(Inquiry)
        ways.append(sa.select(named.id).where(named.reference == reference))
    if wanted := lookup.values_in(typed):
        ways.append(with_values(wanted))
    return [Inquiry.id.in_(sa.union(*ways)) if ways else sa.false()]


def with_values(wanted: Sequence[Sequence[lookup.Value]]) -> sa.Select[UUID]:
    """Return a query of the inquiries that have one value of each of these, under any of the keys."""
    first, *others = wanted
    found = aliased(InquiryLookup)
    is_one = [
        sa.and_(found.kind == kind, found.index.in_(keyring().blind_indexes(kind, value)))
        for kind, value in first
    ]
    query = sa.select(found.inquiry_id).where(sa.or_(*is_one))
    return query.where(found.inquiry_id.in_(with_values(others))) if others else query
