"""Questions that nearly every request asks of the database, on connections that stay open for them.

A connection from the engine's pool costs more than the question: it is tried, wrapped and reset. These are
in no transaction, so that each answer is the newest that was committed, and nothing waits for them.
"""

from collections import deque
from contextlib import suppress
from typing import Any

import sqlalchemy as sa


class StandingQuestion:
    """One statement without parameters that selects one value."""

    def __init__(self, engine: sa.Engine, statement: sa.Select[Any]) -> None:
        """Take the question; the first connection is opened when it is asked."""
        self.engine = engine
        self.statement = str(statement.compile(engine))
        # A driver's cursor for each thread that asked while others did; the one used last is taken first.
        self.idle: deque[Any] = deque()
        sa.event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def ask(self) -> Any:
        """Return the value as it is committed now, None where there is no row.

        Where a connection was lost meanwhile, the engine is asked; its exceptions are raised where the
        database does not answer.
        """
        try:
            cursor = self.idle.pop()
        except IndexError:
            cursor = self.open()
        try:
            cursor.execute(self.statement)
            # All of them: SQLite reads on in its transaction until nothing is left.
            rows = cursor.fetchall()
        except self.engine.dialect.loaded_dbapi.Error:
            cursor.connection.close()
            return self.ask_anew()
        self.idle.append(cursor)
        return rows[0][0] if rows else None

    def ask_anew(self) -> Any:
        """Return the value by way of the engine, which tries its connections first."""
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(self.statement).scalar()

    def open(self) -> Any:
        """Return a cursor of a new connection, set up as the engine's are, that begins no transaction."""
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        return connection.connection.cursor()

    def close(self) -> None:
        """Close the connections that nobody uses just now."""
        with suppress(IndexError):
            while True:
                self.idle.pop().connection.close()
