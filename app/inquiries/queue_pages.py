"""The pages of the queue.

They go by keyset: the next one begins at a place, which is where an inquiry stood in the order when it was
shown, so that it is found even if that inquiry has moved, or is gone.

What a page costs is bounded, however many inquiries there are and whatever is asked of them:

- Where an index has all that is asked for in its order, its first rows are the page.
- Where one thing that is asked for leaves few inquiries (``MOST_LISTED``), these are listed, and the page is
  the first of them in order that fit the rest.
- Else many fit each thing, and most likely together too: the order is looked through from its place on, for
  ``MOST_LOOKED_THROUGH`` inquiries. A page that has too few by then goes on from there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.core.crypto import Sealed
from app.core.database import db
from app.inquiries.models import Inquiry, InquiryLook
from app.inquiries.queue import SORTS, VIEWS, WITHOUT_GAPS, Reader, Sort, View, counted, in_view
from app.inquiries.wanted import TABLE, Condition, Wanted, columns_of, said, said_of

PAGE_SIZE = 50
MOST_LISTED = 10_000
MOST_LOOKED_THROUGH = 30_000
EACH_LOOKED_UP = 10
"""Looking an inquiry up costs as much as looking through so many."""
FIRST = datetime(1, 1, 2, tzinfo=UTC), UUID(int=0)
LAST = datetime(9999, 12, 30, tzinfo=UTC), UUID(int=2**128 - 1)
"""What no inquiry comes before, and after."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an inquiry stood in an order."""

    reference: str
    value: datetime | date | None
    """What the order goes by."""


@dataclass(slots=True)
class Listed:
    """An inquiry as the queue shows it: its columns without the model, which costs several times as much."""

    __tablename__ = Inquiry.__tablename__

    id: UUID
    reference: str
    version: int
    status: str
    sent_at: datetime
    page_language: str
    suspicious: bool
    is_demo: bool
    filling_in: str | None
    country: str
    answer_language: str | None
    injury_region: str | None
    injury_level: str | None
    completeness: str | None
    owner_id: UUID | None
    follow_up_on: date | None
    waiting_since: datetime | None
    answer_due_at: datetime | None
    first_answered_at: datetime | None
    answers_sealed: bytes
    hints_sealed: bytes | None
    seen_version: int | None
    """The version that its reader saw last."""

    answers = Sealed()
    hints = Sealed()


SHOWN = [field.name for field in fields(Listed)][:-1]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the queue, and the places that its neighbours go on from; None where there is none."""

    rows: Sequence[Listed]
    before: Place | None = None
    after: Place | None = None
    is_cut: bool = False
    """Whether looking ended before the page was full: more may fit on the next one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an order: the inquiries that have what it goes by, or those that have not."""

    rank: int
    column: Any
    """What it goes by; after it, an inquiry's id."""
    conditions: list[Condition]
    """What is true of those that lie in it, after the place that is gone on from."""
    is_rising: bool

    def in_order(self, columns: Any) -> list[sa.UnaryExpression[Any]]:
        """Return what rows with these columns are ordered by."""
        kept = (columns[self.column.key], columns["id"])
        return [column.asc() if self.is_rising else column.desc() for column in kept]


def queue_page(
    view: str,
    sort: str,
    wanted: Sequence[Wanted],
    reader: Reader,
    place: Place | None = None,
    *,
    backwards: bool = False,
) -> Page:
    """Return a page of a view: what comes after a place, or, ``backwards``, what comes before it."""
    order, shown = SORTS[sort], VIEWS[view]
    has_gaps = order.has_gaps and (view, sort) not in WITHOUT_GAPS
    parts = parts_of(order, place, backwards=backwards, has_gaps=has_gaps)
    asked, cut = [in_view(shown, reader), *wanted], None
    if (lanes := lanes_of(shown, order, parts, [*shown.also(reader), *wanted])) is not None:
        rows = read([first_of(TABLE, part, lane) for part in parts for lane in lanes], parts, reader)
    elif (few := fewest(asked)) is not None:
        rows = read(picked(few, parts, said(asked)), parts, reader)
    else:
        rows, cut = look_through(parts, order, asked, reader)
    return page(rows, order, place, backwards=backwards, cut=cut)


def page(
    rows: Sequence[Listed], order: Sort, place: Place | None, *, backwards: bool, cut: Place | None = None
) -> Page:
    """Return a page of rows that were read from a place on, one more than it shows if there are more.

    ``cut`` is where looking for more ended. A page without rows leads back from where that began or ended.
    """
    shown, has_more = list(rows[:PAGE_SIZE]), len(rows) > PAGE_SIZE
    if backwards:
        shown.reverse()
    first, last = (place_of(shown[0], order), place_of(shown[-1], order)) if shown else (None, None)
    ahead = cut or ((first if backwards else last) if has_more else None)
    behind = ((last if backwards else first) or cut or place) if backwards or place else None
    before, after = (ahead, behind) if backwards else (behind, ahead)
    return Page(shown, before, after, is_cut=cut is not None)


def place_of(inquiry: Listed, order: Sort) -> Place:
    """Return where an inquiry stands in an order."""
    return Place(inquiry.reference, getattr(inquiry, order.column.key))


def parts_of(order: Sort, place: Place | None, *, backwards: bool, has_gaps: bool) -> list[Part]:
    """Return the parts of an order that rows after a place lie in, in the order in which they are read.

    Inquiries without what an order goes by are its second part: databases disagree on where they belong.
    """
    is_rising, column = order.is_descending == backwards, order.column
    told = Part(0, column, [column.is_not(None)] if order.has_gaps else [], is_rising)
    untold = Part(1, Inquiry.sent_at, [column.is_(None)], is_rising)
    parts = [told, untold] if has_gaps else [told]
    if backwards:
        parts.reverse()
    if place is None:
        return parts
    here = untold if place.value is None else told
    here.conditions.append(beyond(here, place))
    return [part for part in parts if part is here or (part.rank < here.rank) == backwards]


def beyond(part: Part, place: Place) -> Condition:
    """Return what is true of the rows after a place, in its part of the order."""
    named = aliased(Inquiry)
    its_id, its_moment = (
        sa.select(column).where(named.reference == place.reference).scalar_subquery()
        for column in (named.id, named.sent_at)
    )
    # Of an inquiry that is gone: rather show one again than leave one out.
    moment, row = FIRST if part.is_rising else LAST
    value = (
        sa.func.coalesce(its_moment, sa.literal(moment, part.column.type))
        if place.value is None
        else sa.literal(place.value, part.column.type)
    )
    here = sa.tuple_(part.column, Inquiry.id)
    edge = sa.tuple_(value, sa.func.coalesce(its_id, sa.literal(row, sa.Uuid())))
    return here > edge if part.is_rising else here < edge


def lanes_of(
    view: View, order: Sort, parts: Sequence[Part], asked: Sequence[Wanted]
) -> list[list[Condition]] | None:
    """Return what is asked for, for each status alone, if an index has that in this order; else None."""
    is_in_order = all(each.column == part.column.key for part in parts for each in asked)
    if not is_in_order or (view.statuses and not order.by_status):
        return None
    statuses = [[Inquiry.status == status] for status in view.statuses] or [[]]
    return [[*lane, *said(asked)] for lane in statuses]


def fewest(asked: Sequence[Wanted]) -> Wanted | None:
    """Return what the fewest inquiries fit of all that is asked; None if many fit each."""
    known = [each for each in asked if each.ids is not None]
    least, few = min(zip(counted(known, MOST_LISTED), known, strict=True), key=itemgetter(0))
    return few if least <= MOST_LISTED else None


def picked(few: Wanted, parts: Sequence[Part], conditions: Sequence[Condition]) -> list[sa.Select[Any]]:
    """Return queries of the first rows, in order, of the few that were listed."""
    among = (
        Inquiry.id.in_(few.ids.limit(MOST_LISTED))
        if few.is_looked_up and few.ids is not None
        else few.condition
    )
    names = columns_of([*conditions, *(condition for part in parts for condition in part.conditions)])
    rows = sa.select(*columns_named(names, parts)).where(among).limit(MOST_LISTED).cte("listed")
    return [first_of(rows, part, conditions) for part in parts]


def look_through(
    parts: Sequence[Part], order: Sort, asked: Sequence[Wanted], reader: Reader
) -> tuple[list[Listed], Place | None]:
    """Return the first rows of all that are looked through, and where that ended before there were enough."""
    most = MOST_LOOKED_THROUGH // (EACH_LOOKED_UP if any(each.is_looked_up for each in asked) else 1)
    found: list[Listed] = []
    for part in parts:
        bounds = said(each for each in asked if each.column == part.column.key)
        rest = said(each for each in asked if each.column != part.column.key)
        ahead = sa.select(*columns_named(columns_of(rest), [part])).where(*part.conditions, *bounds)
        ahead = ahead.order_by(*part.in_order(TABLE.c))
        rows = ahead.limit(most).subquery("listed")
        fit = sa.select(*ranked(rows, part)).where(*(said_of(rows, each) for each in rest))
        fit = fit.order_by(*part.in_order(rows.c))
        found += read([sa.select(fit.limit(PAGE_SIZE + 1).subquery())], [part], reader)
        if len(found) > PAGE_SIZE:
            break
        if (end := end_of(ahead, most, order)) is not None:
            return found, end
    return found[: PAGE_SIZE + 1], None


def end_of(ahead: sa.Select[Any], most: int, order: Sort) -> Place | None:
    """Return the place of the last inquiry that was looked through; None if there were no more than that."""
    last = ahead.with_only_columns(Inquiry.id).offset(most - 1).limit(1).scalar_subquery()
    row = db.session.execute(
        sa.select(Inquiry.reference, order.column).where(Inquiry.id == last)
    ).one_or_none()
    return Place(*row) if row else None


def first_of(rows: sa.FromClause, part: Part, conditions: Iterable[Condition]) -> sa.Select[Any]:
    """Return a query of the first rows, in order, of a part of an order of which all this is true."""
    first = (
        sa.select(*ranked(rows, part))
        .where(*(said_of(rows, each) for each in [*part.conditions, *conditions]))
        .order_by(*part.in_order(rows.c))
        .limit(PAGE_SIZE + 1)
    )
    return sa.select(first.subquery())


def ranked(rows: sa.FromClause, part: Part) -> list[sa.ColumnElement[Any]]:
    """Return what the rows of a part are put in order by."""
    rank = sa.literal_column(str(part.rank), sa.Integer).label("rank")
    return [rank, rows.c[part.column.key].label("value"), rows.c.id.label("id")]


def columns_named(names: Iterable[str], parts: Iterable[Part]) -> list[sa.Column[Any]]:
    """Return the inquiries' columns with these names, and those that parts of an order go by."""
    return [TABLE.c[name] for name in sorted({"id", *names, *(part.column.key for part in parts)})]


def read(first: Sequence[sa.Select[Any]], parts: Sequence[Part], reader: Reader) -> list[Listed]:
    """Return the first rows, in order, of all that these queries of parts find: one statement."""
    if not first:
        return []
    found = sa.union_all(*first).subquery()
    rows = found.select().order_by(*in_turn(found, parts)).limit(PAGE_SIZE + 1).subquery()
    look = (InquiryLook.inquiry_id == Inquiry.id) & (InquiryLook.staff_id == reader.staff_id)
    columns: list[Any] = [*(getattr(Inquiry, name) for name in SHOWN), InquiryLook.version]
    query = (
        sa.select(*columns)
        .select_from(rows)
        .join(Inquiry, Inquiry.id == rows.c.id)
        .outerjoin(InquiryLook, look)
        .order_by(*in_turn(rows, parts))
    )
    return [Listed(*row) for row in db.session.execute(query)]


def in_turn(rows: sa.Subquery, parts: Sequence[Part]) -> list[sa.UnaryExpression[Any]]:
    """Return what the rows of several parts of an order are ordered by."""
    ranks = [part.rank for part in parts]
    rank = rows.c.rank.asc() if ranks == sorted(ranks) else rows.c.rank.desc()
    inside = (rows.c.value, rows.c.id)
    return [rank, *(each.asc() if parts[0].is_rising else each.desc() for each in inside)]
