"""Connections to the database: what SQLite has to be told, and whether PostgreSQL is still there."""

import select
import sqlite3
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError

SQLITE_BUSY_SECONDS = 5
LONGEST_PAUSE, SHORTEST_PAUSE, SHORTER = 0.002, 0.0002, 0.8
"""Seconds between tries to get SQLite's write lock, at first and at last, and how they grow shorter."""
CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLAC", "SAVEPO")
"""What statements begin with that change rows, or that changes are about to follow."""

LOST_AFTER = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""After how many seconds, times and milliseconds (libpq's names) a PostgreSQL that vanished without a word is
known to be gone: the kernel's own would be minutes.
"""


def init_connections(engine: sa.Engine) -> None:
    """Look after the connections of an engine."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", prepare_sqlite)
        sa.event.listen(engine, "do_execute", begin_sqlite)
        sa.event.listen(engine, "do_executemany", begin_sqlite)
        return

    def watch(_dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]) -> None:
        for name, value in LOST_AFTER.items():
            parameters.setdefault(name, value)

    def check(connection: Any, _record: object, _proxy: object) -> None:
        if may_be_closed(connection) and not answers(engine, connection):
            raise DisconnectionError  # the pool opens another one

    sa.event.listen(engine, "do_connect", watch)
    sa.event.listen(engine, "checkout", check)


def prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Give a new SQLite connection what PostgreSQL has by itself.

    Write-ahead logging lets readers and one writer work side by side; ``synchronous=FULL`` keeps an
    acknowledged inquiry through a power cut.
    """
    connection.isolation_level = "IMMEDIATE"
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}")
    cursor.close()


def begin_sqlite(cursor: Any, statement: str, *_rest: object) -> None:
    """Begin a transaction with the write lock before its first change; upgrading a lock could fail at once.

    Who waits longer asks more often. SQLite by itself does the reverse, up to a tenth of a second apart, so
    that whoever comes just then goes first, and one of many writers waits for seconds.
    """
    connection = cursor.connection
    if connection.in_transaction or statement[:6].upper() not in CHANGES:
        return
    (milliseconds,) = connection.execute("PRAGMA busy_timeout").fetchone()
    deadline = time.monotonic() + milliseconds / 1000
    pause = LONGEST_PAUSE
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not has_begun(connection, is_last=time.monotonic() > deadline):
            time.sleep(pause)
            pause = max(pause * SHORTER, SHORTEST_PAUSE)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")


def has_begun(connection: sqlite3.Connection, *, is_last: bool) -> bool:
    """Return whether a transaction has the write lock; raise OperationalError if this was the last try."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if is_last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def may_be_closed(connection: Any) -> bool:
    """Return whether the server may have closed a connection, as when it restarted: then there is something
    to read. That costs no round trip, as asking before each use does.
    """
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def answers(engine: sa.Engine, connection: Any) -> bool:
    """Return whether the server answers on a connection."""
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False
