"""SQLite in the thread of whoever asks: for a process that answers nobody while it works.

SQLAlchemy's asynchronous engine changes between greenlets at every step of a statement, which costs several times
what most of our statements do.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

Result = TypeVar("Result")


class HereEngine:
    """What we use of an AsyncEngine, over an engine that makes everybody wait."""

    def __init__(self, engine: Engine) -> None:
        self.sync_engine = engine

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection; what was begun and not committed is rolled back."""
        with self.sync_engine.connect() as connection:
            yield cast("AsyncConnection", _HereConnection(connection))

    async def dispose(self) -> None:
        """Close every connection."""
        self.sync_engine.dispose()


class _HereConnection:
    """What we use of an AsyncConnection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def begin(self) -> None:
        self._connection.begin()

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)

    async def run_sync(self, work: Callable[[Connection], Result]) -> Result:
        return work(self._connection)

    def begin_nested(self) -> AbstractAsyncContextManager[None]:
        return self._nested()

    async def commit(self) -> None:
        self._connection.commit()

    @asynccontextmanager
    async def _nested(self) -> AsyncIterator[None]:
        with self._connection.begin_nested():
            yield
