"""The database behind everything: one SQLite file, or a PostgreSQL that several processes share.

SQLite has one writer at a time: writing transactions queue on a lock here and begin as writers, so that none
finds itself unable to write halfway; other processes wait on the file's own lock. Readers have connections of
their own and see the last commit without waiting. A commit has reached the disk when it returns.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage import one_trip
from storage.here import HereEngine

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_LIBPQ = {"sslmode": "ssl"}
_PARAMETERS = frozenset({"host", "port", "ssl", "target_session_attrs", "prepared_statement_cache_size"})
"""What may follow a PostgreSQL's address."""
_POSTGRESQL_CONNECTIONS = 10
"""Of one process: a server takes a hundred unless told otherwise, and several processes share it."""
_SURELY_THERE = 1.0
"""Seconds for which a connection that was used is taken to be in order."""
_IDLE_SINCE = "idle since"
_DISCREET: Mapping[str, Any] = {"hide_parameters": True}
"""Errors show their statement alone, because logs keep them: its parameters are captions, handles and sealed tokens."""
_SQLITE_READERS = 4
_SQLITE_WAITS_MS = 10_000
_SQLITE_SWITCHES = 20

AnEngine = AsyncEngine | HereEngine


class Database:
    """Opens transactions: reading ones never wait for a writer and see one moment, writing ones take turns."""

    def __init__(self, reader: AnEngine, writer: AnEngine, turn: AbstractAsyncContextManager[Any]) -> None:
        self._reader = reader
        self._writer = writer
        self._turn = turn

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a transaction in which the database itself refuses to write."""
        async with self._reader.connect() as connection:
            await connection.begin()
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Yield a transaction that is rolled back unless somebody commits it."""
        async with self._turn, self._writer.connect() as connection:
            await connection.begin()
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()


def read_url(text: str) -> URL:
    """Return a database's address with its driver: `sqlite:///path` and `postgresql://…` are enough.

    Raises ValueError, without the address, since it may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("The database's address cannot be read.") from None
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise ValueError("The database's address begins with sqlite:/// or postgresql://.")
    if driver.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise ValueError("SQLite needs a file: sqlite:///path/of/the/file.")
    return url.set(drivername=driver) if driver.startswith("sqlite") else _for_asyncpg(url, driver)


def _for_asyncpg(url: URL, driver: str) -> URL:
    """Hosted databases come with addresses for libpq, which calls TLS `sslmode`; the driver fails at what it lacks."""
    query = {_LIBPQ.get(name, name): value for name, value in url.query.items()}
    if unknown := sorted(query.keys() - _PARAMETERS):
        raise ValueError(
            f"The database's address has what isn't known here: {', '.join(unknown)}. Take it out."
        )
    return url.set(drivername=driver, query=query)


def open_database(text: str, *, aside: bool = True) -> Database:
    """Return the database at an address; connections are opened when first needed.

    SQLite works in threads of its own; with `aside` False in ours, which is quicker and answers nobody meanwhile.
    """
    url = read_url(text)
    return _open_sqlite(url, aside=aside) if url.get_backend_name() == "sqlite" else _open_postgresql(url)


def _open_postgresql(url: URL) -> Database:
    engine = create_async_engine(url, pool_size=_POSTGRESQL_CONNECTIONS, max_overflow=0, **_DISCREET)
    _try_idle_ones(engine)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(reader, engine, nullcontext())


def _try_idle_ones(engine: AsyncEngine) -> None:
    """Try a connection that lay idle before it is used: where its server is gone, another is opened.

    SQLAlchemy's own trial of each one each time would be three of the ten trips that most of our units take.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def given_back(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_IDLE_SINCE] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def taken(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        now = monotonic()
        if now - entry.info.get(_IDLE_SINCE, now) < _SURELY_THERE:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as gone:
            raise InvalidatePoolError from gone


def _open_sqlite(url: URL, *, aside: bool) -> Database:
    _make_private(Path(str(url.database)))
    opened = _aside if aside else _here
    writer, reader = opened(url, 1), opened(url, _SQLITE_READERS)
    _prepare(writer, begin="BEGIN IMMEDIATE", pragmas=("synchronous=FULL", "secure_delete=ON"))
    _prepare(reader, begin="BEGIN", pragmas=("query_only=ON",))
    return Database(reader, writer, asyncio.Lock())


def _aside(url: URL, most: int) -> AsyncEngine:
    connecting = {"timeout": _SQLITE_WAITS_MS / 1000, "async_creator_fn": one_trip.connect}
    return create_async_engine(url, pool_size=most, max_overflow=0, connect_args=connecting, **_DISCREET)


def _here(url: URL, _most: int) -> HereEngine:
    """Who waits for a connection here keeps everybody from giving one back: there are as many as it takes."""
    return HereEngine(create_engine(url.set(drivername="sqlite"), max_overflow=-1, **_DISCREET))


def _make_private(file: Path) -> None:
    """Make the file its owner's alone before SQLite does; the log beside it takes over its permissions.

    A file that is there isn't opened: closing it would let go of the locks that this process's connections hold.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _use_log(cursor: DBAPICursor) -> None:
    """Switch the file to its write-ahead log, in which it then stays.

    Of those who switch a new file at once SQLite refuses all but one without the wait it grants elsewhere; beginning
    to write does wait, and the next try mostly finds it switched.
    """
    for is_last in (False,) * _SQLITE_SWITCHES + (True,):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if is_last:
                raise
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return


def _prepare(engine: AnEngine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    """Set up each new connection, and begin transactions as told instead of at the first write."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_SQLITE_WAITS_MS}")
        _use_log(cursor)
        for pragma in ("foreign_keys=ON", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def began(connection: Connection) -> None:
        cursor = connection.connection.cursor()  # by the shortest way: this precedes every transaction
        cursor.execute(begin)
        cursor.close()
