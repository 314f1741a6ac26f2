"""What is asked of inquiries: a condition, and whether those that fit it can be listed without the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from app.core.crypto import keyring
from app.inquiries import lookup
from app.inquiries.models import Inquiry, InquiryLookup

TABLE = Inquiry.__table__

Condition = sa.ColumnElement[bool]
Ids = sa.Select[UUID] | sa.CompoundSelect[UUID]
"""A query of inquiries' ids."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is asked of inquiries."""

    condition: Condition
    """What is true of those that fit."""
    column: str = ""
    """The column that it is about; empty where it is about more than one, or about the look-ups."""
    ids: Ids | None = None
    """Those that fit, where an index lists them."""
    is_looked_up: bool = False
    """Whether each inquiry has to be looked up to know."""


def listed(condition: Condition, column: str = "") -> Wanted:
    """Return a condition by which an index lists inquiries."""
    return Wanted(condition, column, sa.select(Inquiry.id).where(condition))


def looked_up(values: Iterable[lookup.Value]) -> Wanted:
    """Return that an inquiry has one of these values, under any of the keys."""
    is_one = sa.or_(
        *(
            sa.and_(InquiryLookup.kind == kind, InquiryLookup.index.in_(keyring().blind_indexes(kind, value)))
            for kind, value in values
        )
    )
    has_one = sa.exists().where(is_one, InquiryLookup.inquiry_id == Inquiry.id)
    return Wanted(has_one, ids=sa.select(InquiryLookup.inquiry_id).where(is_one), is_looked_up=True)


def said(wanted: Iterable[Wanted]) -> list[Condition]:
    """Return the conditions of all that is asked."""
    return [each.condition for each in wanted]


def said_of(rows: sa.FromClause, condition: Condition) -> Condition:
    """Return a condition of inquiries as one of rows that hold some of their columns."""

    def named(element: Any, **_options: Any) -> Any:
        return rows.c[element.key] if is_column(element) else None

    return visitors.replacement_traverse(condition, {}, named)


def columns_of(conditions: Iterable[Condition]) -> set[str]:
    """Return the columns of inquiries that conditions are about."""
    return {
        str(getattr(element, "key", ""))
        for condition in conditions
        for element in visitors.iterate(condition)
        if is_column(element)
    }


def is_column(element: Any) -> bool:
    """Return whether part of a condition is a column of the inquiries that it is said of."""
    return isinstance(element, sa.Column) and element.table is TABLE
