"""The least that sending costs: a raw WSGI application that parses the form and inserts the rows.

On granian, ``bench.references.raw_rows:app`` keeps an inquiry's rows in the database that ``ROWS_DATABASE``
names, with one commit, and answers as the portal does. The rows are those that the portal wrote for one
inquiry: ``rows_of`` reads them, ``ROWS`` names the file that holds them. Each inquiry gets ids of its own.
"""

import hashlib
import os
import pickle
import secrets
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import psycopg
from psycopg.types.json import Json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TABLES = {
    "inquiries": "id",
    "consents": "inquiry_id",
    "inquiry_lookups": "inquiry_id",
    "inquiry_events": "inquiry_id",
    "audit_entries": "object_id",
    "outbox_mails": "about_id",
}
"""What sending writes to, and the column that names the inquiry."""
Rows = dict[str, tuple[list[str], list[list[Any]]]]
"""Names of columns and values, by table."""


def connect(url: str) -> Any:
    """Return a connection that keeps what it acknowledges, as the portal's do."""
    if not url.startswith("sqlite:///"):
        return psycopg.connect(url)
    connection = sqlite3.connect(
        url.removeprefix("sqlite:///"), isolation_level="IMMEDIATE", check_same_thread=False
    )
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def mark_of(connection: Any) -> str:
    """Return what stands for a value in the driver's statements."""
    return "?" if isinstance(connection, sqlite3.Connection) else "%s"


def rows_of(url: str) -> Rows:
    """Return the rows of the one inquiry in a database, as the driver gives them."""
    connection = connect(url)
    cursor = connection.cursor()
    (inquiry,) = cursor.execute("SELECT id FROM inquiries").fetchone()
    found: Rows = {}
    for table, named in TABLES.items():
        cursor.execute(f"SELECT * FROM {table} WHERE {named} = {mark_of(connection)}", (inquiry,))  # noqa: S608
        found[table] = ([column[0] for column in cursor.description], [list(row) for row in cursor])
    connection.close()
    return found


def environment_of(url: str, rows: Path) -> dict[str, str]:
    """Return the environment in which ``app`` keeps the rows of a file in a database."""
    return {"ROWS_DATABASE": url, "ROWS": str(rows)}


def keeping(url: str, rows: Rows) -> "WSGIApplication":
    """Return an application that keeps such rows for each form that it is sent."""
    connection = connect(url)
    cursor = connection.cursor()
    mark = mark_of(connection)
    new_id: Callable[[], Any] = (lambda: uuid.uuid4().hex) if mark == "?" else uuid.uuid4
    before = rows["inquiries"][1][0][rows["inquiries"][0].index("id")]
    statements = {table: insert(table, columns, mark) for table, (columns, _rows) in rows.items()}

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            start_response("200 OK", [("Content-Length", "0")])
            return [b""]
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        form_key = parse_qs(body, keep_blank_values=True)["form_key"][0]
        key_digest = hashlib.sha256(form_key.encode()).digest()
        new = New(before, new_id(), secrets.token_hex(6), key_digest, new_id)
        for table, (columns, values) in rows.items():
            made = [list(row(columns, each, new)) for each in values]
            if len(made) == 1:
                cursor.execute(statements[table], made[0])
            else:
                cursor.executemany(statements[table], made)
        connection.commit()
        start_response("303 See Other", [("Location", "/inquiries/sent"), ("Content-Length", "0")])
        return [b""]

    return app


def insert(table: str, columns: list[str], mark: str) -> str:
    """Return the statement that adds a row."""
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class New:
    """What is another one in each inquiry."""

    before: Any
    """The id of the inquiry that the rows were read of."""
    inquiry: Any
    reference: str
    key_digest: bytes
    new_id: Callable[[], Any]


def row(columns: list[str], values: list[Any], new: New) -> Iterator[Any]:
    """Yield the values of a row for another inquiry: its own where there must not be two of them."""
    for column, value in zip(columns, values, strict=True):
        if value == new.before:
            yield new.inquiry
        elif column == "id":
            yield new.new_id()
        elif column == "reference":
            yield new.reference
        elif column == "message_id":
            yield f"<{new.new_id()}@portal.example>"
        elif column == "form_key_digest":
            yield new.key_digest
        elif isinstance(value, dict | list):
            yield Json(value)
        else:
            yield value


def from_environment() -> "WSGIApplication":
    """Return the application that the environment asks for."""
    rows = pickle.loads(Path(os.environ["ROWS"]).read_bytes())  # noqa: S301 -- the benchmark wrote it
    return keeping(os.environ["ROWS_DATABASE"], rows)


if "ROWS" in os.environ:
    app = from_environment()
