"""What the repositories of one unit share: a transaction, whether it may write, and the vault."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Select,
    Table,
    bindparam,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from core.domain.refusals import Stale, Unlawful
from core.ports import Vault

_TURNS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(turn, 0)) FROM unnest(CAST(:names AS text[])) AS turn"
)
Values = Mapping[str, Any]
"""A row by the names of its columns."""


class Transaction:
    """Runs statements while the unit is open. Raises Unlawful for a write in a reading or committed unit."""

    def __init__(self, connection: AsyncConnection, vault: Vault, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable
        self._shared = connection.dialect.name == "postgresql"
        self.vault = vault

    async def one(self, statement: Executable) -> Values | None:
        """Read the first row."""
        row = (await self._connection.execute(statement)).mappings().first()
        return dict(row) if row else None

    async def all(self, statement: Executable, **given: Any) -> Sequence[Values]:
        """Read every row; `given` are the values of a prepared statement's parameters."""
        return [dict(row) for row in (await self._connection.execute(statement, given)).mappings()]

    async def write(self, statement: Executable, **given: Any) -> CursorResult[Any]:
        """Run a statement that changes rows; `given` are the values of a prepared statement's parameters."""
        self._require_writable()
        return await self._connection.execute(statement, given or None)

    async def write_every(self, statement: Executable, rows: Sequence[Values]) -> None:
        """Run a prepared statement for each set of its parameters; all name the same."""
        self._require_writable()
        await self._connection.execute(statement, [dict(row) for row in rows])

    async def add(self, table: Table, values: Values) -> bool:
        """Write a new row; False where a unique key says that it, or one in its place, is there already.

        The database decides and the unit goes on: an error would end the transaction on PostgreSQL.
        """
        return (await self.write(self._insert(table).values(values).on_conflict_do_nothing())).rowcount == 1

    async def add_every(self, table: Table, rows: Sequence[Values]) -> None:
        """Write new rows, but for those that are there already; all name the same columns."""
        self._require_writable()
        if rows:
            await self.write_every(_add_every(table, tuple(rows[0]), shared=self._shared), rows)

    async def put(self, table: Table, values: Values) -> None:
        """Write a row in place of the one with the same primary key, if there is one."""
        keys = [column.name for column in table.primary_key]
        changed = {name: value for name, value in values.items() if name not in keys}
        insert = self._insert(table).values(values)
        await self.write(insert.on_conflict_do_update(index_elements=keys, set_=changed))

    async def save(self, table: Table, values: Values) -> int:
        """Compare and set: version 0 is a new row, any other must be the stored one. Raises Stale.

        Returns the new version.
        """
        version: int = values["version"] + 1
        stored = {**values, "version": version}
        if version == 1:
            saved = await self.add(table, stored)
        else:
            same = [table.c[name] == values[name] for name in ("id", "workspace", "version")]
            saved = (await self.write(update(table).where(*same).values(stored))).rowcount == 1
        if not saved:
            raise Stale
        return version

    async def update_every(self, table: Table, rows: Sequence[Values]) -> None:
        """Write these columns of rows that are there, by their ids; all rows name the same columns."""
        values = [
            {"of_id" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows
        ]
        self._require_writable()
        await self._connection.execute(_update_every(table, tuple(rows[0])), values)

    async def put_every(self, table: Table, rows: Sequence[Values]) -> None:
        """Write rows in place of those with the same primary keys; all rows name the same columns."""
        self._require_writable()
        await self._connection.execute(
            _put_every(table, tuple(rows[0]), shared=self._shared), [dict(row) for row in rows]
        )

    async def claim(
        self, table: Table, candidates: Select[Any], *, owner: str, until: datetime, **others: Any
    ) -> Sequence[Values]:
        """Write a lease on the rows whose ids `candidates` selects and return them, in no order.

        On PostgreSQL other claimants skip these rows; SQLite has one writer at a time. `others` are columns to write
        with it.
        """
        if self._shared:
            candidates = candidates.with_for_update(skip_locked=True)
        taken = candidates.cte("taken")
        claimed = update(table).where(table.c.id.in_(select(taken.c.id)))
        return await self.lease(claimed.values(others).returning(table), owner=owner, until=until)

    async def lease(self, claimed: ReturningUpdate[Any], *, owner: str, until: datetime) -> Sequence[Values]:
        """Write a lease on the rows of an update and return them as they are now."""
        written = await self.write(claimed.values(lease_owner=owner, lease_until=until))
        return [dict(row) for row in written.mappings()]

    async def take_turns(self, names: Iterable[str]) -> None:
        """Wait until nobody else has these turns; ours until the unit is over. SQLite's only writer has all.

        They are taken in one order, so that no two wait for each other.
        """
        self._require_writable()
        if self._shared:
            await self._connection.execute(_TURNS, {"names": sorted(names)})

    def savepoint(self) -> AbstractAsyncContextManager[Any]:
        """Return a block whose failure undoes only itself."""
        return self._connection.begin_nested()

    async def commit(self) -> None:
        """Keep everything and end the unit."""
        self._require_writable()
        self._writable = False
        await self._connection.commit()

    def _require_writable(self) -> None:
        if not self._writable:
            raise Unlawful("This unit of work does not write.")

    def _insert(self, table: Table) -> Any:
        return (postgresql_insert if self._shared else sqlite_insert)(table)


def unclaimed(table: Table, at: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody has a lease on a row at `at`."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= at)


@lru_cache
def _update_every(table: Table, names: tuple[str, ...]) -> Any:
    changed: Any = {name: bindparam(f"new_{name}") for name in names if name != "id"}
    return update(table).where(table.c.id == bindparam("of_id")).values(changed)


@lru_cache
def _add_every(table: Table, names: tuple[str, ...], *, shared: bool) -> Any:
    insert = (postgresql_insert if shared else sqlite_insert)(table)
    return insert.values({name: bindparam(name) for name in names}).on_conflict_do_nothing()


@lru_cache
def _put_every(table: Table, names: tuple[str, ...], *, shared: bool) -> Any:
    keys = [column.name for column in table.primary_key]
    insert = (postgresql_insert if shared else sqlite_insert)(table)
    changed = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)
