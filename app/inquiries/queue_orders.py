"""An order of the queue: where an inquiry stands in it, and the parts that rows after that lie in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.inquiries.models import Inquiry
from app.inquiries.queue import Sort
from app.inquiries.wanted import Condition

FIRST = datetime(1, 1, 2, tzinfo=UTC), UUID(int=0)
LAST = datetime(9999, 12, 30, tzinfo=UTC), UUID(int=2**128 - 1)
"""What no inquiry comes before, and after."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an inquiry stood in an order."""

    reference: str
    value: datetime | date | None
    """What the order goes by."""


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
