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
    labels = {f"of_{number}": name for number, name in enumerate(limits)}
    counts = counting({label: limits[name][1] for label, name in labels.items()})
    found = reached_in(counts, {label: limits[name][0] for label, name in labels.items()})
    return [labels[label] for label in found]


def counting(queries: Mapping[str, sa.Select[Any]]) -> sa.Select[*tuple[int, ...]]:
    """Return a statement for ``reached_in`` that counts the rows of queries by their names.

    To make it costs more than to run it: where it is needed often, it is kept, with parameters in its
    queries.
    """
    counts = [
        sa.select(sa.func.count())
        .select_from(query.limit(sa.bindparam(f"limit_{name}", type_=sa.Integer)).subquery())
        .scalar_subquery()
        .label(name)
        for name, query in queries.items()
    ]
    return sa.select(*counts)


def reached_in(counts: sa.Select[*tuple[int, ...]], limits: Mapping[str, int], **values: Any) -> list[str]:
    """Return the names of the limits that are reached: those by which ``counting`` has their queries.

    ``values`` are those of the queries' parameters.
    """
    most = {f"limit_{name}": limit for name, limit in limits.items()}
    found = db.session.connection().execute(counts, {**most, **values}).mappings().one()
    return [name for name, limit in limits.items() if found[name] >= limit]
