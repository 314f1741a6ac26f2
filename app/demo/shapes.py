"""Rows, and how each engine is given them, made ready by those who make the rows.

SQLite is given the rows that share what they are found by as one row with a JSON list of ids: it takes that
apart in half the time in which it is handed each.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.inquiries.models import InquiryLookup

Row = tuple[Any, ...]
"""Values of the columns of a shape."""
Parts = list[tuple[str, Any]]
"""Statements, and what each writes: parameters of an INSERT for SQLite, lines of a COPY for PostgreSQL."""
Found = dict[tuple[str, bytes], list[str]]
"""The inquiries that are found by a kind and a blind index."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A table, and those of its columns that rows have values for; the others are NULL."""

    table: str
    columns: tuple[str, ...]


shape = lru_cache(maxsize=None)(Shape)
"""Returns the one shape of a table and columns."""
Rows = defaultdict[Shape, list[Row]]
LOOKUPS = shape(InquiryLookup.__tablename__, ("kind", "index", "inquiry_id"))


def for_sqlite(rows: Rows, found: Found) -> Parts:
    """Return what SQLite is given."""
    parts: Parts = [(insert_of(each, places(len(each.columns))), values) for each, values in rows.items()]
    lists = [(*key, '["' + '","'.join(found[key]) + '"]') for key in sorted(found)]
    return [*parts, (insert_of(LOOKUPS, "SELECT ?, ?, value FROM json_each(?)"), lists)]


def insert_of(each: Shape, source: str) -> str:
    """Return the statement that inserts rows."""
    return f"INSERT INTO {each.table} ({names(each)}) {source}"


def places(count: int) -> str:
    """Return so many parameters."""
    return f"VALUES ({', '.join('?' * count)})"


def for_postgresql(rows: Rows, found: Found) -> Parts:
    """Return what PostgreSQL is given."""
    lookups = [(*key, row) for key in sorted(found) for row in found[key]]
    return [(copy_of(each), lines_of(values)) for each, values in (*rows.items(), (LOOKUPS, lookups))]


def copy_of(each: Shape) -> str:
    """Return the statement that copies rows in."""
    return f"COPY {each.table} ({names(each)}) FROM STDIN"


def names(each: Shape) -> str:
    """Return the names of columns as statements write them."""
    return ", ".join(f'"{column}"' for column in each.columns)


def lines_of(rows: Iterable[Row]) -> bytes:
    """Return rows as lines of PostgreSQL's COPY, in its text format."""
    return "".join(["\t".join(map(copied, row)) + "\n" for row in rows]).encode()


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copied(value: Any) -> str:
    """Return a value as COPY reads it."""
    if isinstance(value, str):
        return value if value.isalnum() else value.translate(ESCAPES)
    if value is None:
        return "\\N"
    return f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value)


ENCODERS: dict[str, Callable[[Rows, Found], Parts]] = {"sqlite": for_sqlite, "postgresql": for_postgresql}
