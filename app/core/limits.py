"""Limits that count rows in the database, so that they hold for all processes and machines together."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa

from app.core.database import db

Name = TypeVar("Name")


def reached(limits: Mapping[Name, tuple[int, sa.Select[Any]]]) -> list[Name]:
    """Return the names of the limits that are reached: one statement, and no count goes beyond its limit.

    A limit is a number, and a query of the rows that count towards it.
    """
    counts = counting(query for _limit, query in limits.values())
    return reached_in(counts, {name: limit for name, (limit, _query) in limits.items()})


def counting(queries: Iterable[sa.Select[Any]]) -> sa.Select[*tuple[int, ...]]:
    """Return a statement for ``reached_in`` that counts the rows of queries.

    To make it costs more than to run it: where it is needed often, it is kept, with parameters in its
    queries.
    """
    counts = [
        sa.select(sa.func.count())
        .select_from(query.limit(sa.bindparam(f"limit_{number}", type_=sa.Integer)).subquery())
        .scalar_subquery()
        for number, query in enumerate(queries)
    ]
    return sa.select(*counts)


def reached_in(counts: sa.Select[*tuple[int, ...]], limits: Mapping[Name, int], **values: Any) -> list[Name]:
    """Return the names of the limits that are reached, which are in the order of the queries counted.

    ``values`` are those of the queries' parameters.
    """
    most = {f"limit_{number}": limit for number, limit in enumerate(limits.values())}
    found = db.session.connection().execute(counts, {**most, **values}).one()
    return [name for (name, limit), count in zip(limits.items(), found, strict=True) if count >= limit]
