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

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.inquiries.models import Inquiry
from app.inquiries.queue import SORTS, VIEWS, WITHOUT_GAPS, Reader, Sort, View, counted, in_view
from app.inquiries.queue_orders import Part, Place, parts_of
from app.inquiries.queue_rows import PAGE_SIZE, Listed, columns_named, first_of, ranked, read
from app.inquiries.wanted import TABLE, Condition, Wanted, columns_of, said, said_of

MOST_LISTED = 10_000
MOST_LOOKED_THROUGH = 30_000
EACH_LOOKED_UP = 10
"""Looking an inquiry up costs as much as looking through so many."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the queue, and the places that its neighbours go on from; None where there is none."""

    rows: Sequence[Listed]
    before: Place | None = None
    after: Place | None = None
    is_cut: bool = False
    """Whether looking ended before the page was full: more may fit on the next one."""


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
        rest = said(each for each in asked if each is not few)
        rows = read(picked(few, parts, rest), parts, reader)
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


def picked(few: Wanted, parts: Sequence[Part], rest: Sequence[Condition]) -> list[sa.Select[Any]]:
    """Return queries of the first rows, in order, of the few that were listed and fit the rest."""
    among = (
        Inquiry.id.in_(few.ids.limit(MOST_LISTED))
        if few.is_looked_up and few.ids is not None
        else few.condition
    )
    names = columns_of([*rest, *(condition for part in parts for condition in part.conditions)])
    rows = sa.select(*columns_named(names, parts)).where(among).limit(MOST_LISTED).cte("listed")
    return [first_of(rows, part, rest) for part in parts]


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
