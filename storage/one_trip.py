"""SQLite without waiting in vain: each statement is one trip to the connection's thread, its rows come back with it.

aiosqlite makes a trip for the cursor, one for the statement, one for the rows and one to close. A trip costs
more than most of our statements do.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Self

from aiosqlite import Connection

Rows = list[Any]


class _Cursor:
    """What SQLAlchemy needs of a cursor; rows are all here once a statement was executed."""

    arraysize = 1

    def __init__(self, connection: "OneTrip") -> None:
        self._connection = connection
        self._rows: Rows = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and bring its rows."""
        await self._connection.trip(self._execute, operation, parameters)

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each set of parameters."""
        await self._connection.trip(self._execute_many, operation, parameters)

    async def fetchall(self) -> Rows:
        """Hand over the rows."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    def _execute(self, connection: sqlite3.Connection, operation: str, parameters: Sequence[Any]) -> None:
        cursor = connection.execute(operation, parameters)
        self._rows = cursor.fetchall() if cursor.description else []
        self._note(cursor)

    def _execute_many(
        self, connection: sqlite3.Connection, operation: str, parameters: Iterable[Sequence[Any]]
    ) -> None:
        self._note(connection.executemany(operation, parameters))

    def _note(self, cursor: sqlite3.Cursor) -> None:
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )
        cursor.close()


class OneTrip(Connection):
    """aiosqlite's connection with cursors of ours, and no trip to end a transaction that is over."""

    def cursor(self) -> Any:
        """Return a cursor; nothing happens yet."""
        return _Cursor(self)

    async def trip(self, work: Any, *given: Any) -> None:
        """Have something done in the connection's thread."""
        await self._execute(work, self._conn, *given)  # type: ignore[no-untyped-call]

    async def rollback(self) -> None:
        """Undo what is open, if anything is."""
        if self._conn.in_transaction:
            await super().rollback()


async def connect(database: str, **options: Any) -> OneTrip:
    """Open a connection; the arguments are those of `sqlite3.connect`."""
    connection = OneTrip(lambda: sqlite3.connect(database, **options), iter_chunk_size=1)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does, so that a lost connection keeps no process alive
    await connection
    return connection
