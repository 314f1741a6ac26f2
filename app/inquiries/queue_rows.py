"""The rows of the queue: which come first of those that are looked at, and all that is shown of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.crypto import Sealed
from app.core.database import db
from app.inquiries.models import Inquiry, InquiryLook
from app.inquiries.queue import Reader
from app.inquiries.queue_orders import Part
from app.inquiries.wanted import TABLE, Condition, said_of

PAGE_SIZE = 50


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
