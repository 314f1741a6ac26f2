"""Limits that count rows in the database, so that they hold for all processes and machines together."""

from collections.abc import Mapping
from typing import Any, TypeVar

import sqlalchemy as sa

from app.core.database import db

Name = TypeVar("Name")


def reached(limits: Mapping[Name, tuple[int, sa.Select[Any]]]) -> list[Name]:
    """Return the names of the limits that are reached: one statement, and no count goes beyond its limit.

    A limit is a number, and a query of the rows that count towards it.
    """
    counts = [
        sa.select(sa.func.count()).select_from(query.limit(limit).subquery()).scalar_subquery()
        for limit, query in limits.values()
    ]
    found = db.session.execute(sa.select(*counts)).one()
    return [
        name for (name, (limit, _query)), count in zip(limits.items(), found, strict=True) if count >= limit
    ]
