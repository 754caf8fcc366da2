"""What the repositories of one unit share: a transaction, whether it may write, and the vault."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Executable,
    Select,
    Table,
    Update,
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

_SAME = ("id", "workspace", "version")


class Transaction:
    """Runs statements while the unit is open. Raises Unlawful for a write in a reading or committed unit."""

    def __init__(self, connection: AsyncConnection, vault: Vault, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable
        self._shared = connection.dialect.name == "postgresql"
        self.vault = vault

    async def one(self, statement: Executable, **given: Any) -> Values | None:
        """Read the first row; `given` are the values of a prepared statement's parameters."""
        return next(iter(_rows(await self._connection.execute(statement, given))), None)

    async def all(self, statement: Executable, **given: Any) -> Sequence[Values]:
        """Read every row; `given` are the values of a prepared statement's parameters."""
        return _rows(await self._connection.execute(statement, given))

    async def write(self, statement: Executable, **given: Any) -> CursorResult[Any]:
        """Run a statement that changes rows; `given` are the values of a prepared statement's parameters."""
        self._require_writable()
        return await self._connection.execute(statement, given or None)

    async def changed(self, statement: Executable, **given: Any) -> Sequence[Values]:
        """Run a statement that changes rows and return them as they are now."""
        return _rows(await self.write(statement, **given))

    async def write_every(self, statement: Executable, rows: Sequence[Values]) -> None:
        """Run a prepared statement for each set of its parameters; all name the same."""
        self._require_writable()
        await self._connection.execute(statement, [dict(row) for row in rows])

    async def add(self, table: Table, values: Values) -> bool:
        """Write a new row; False where a unique key says that it, or one in its place, is there already.

        The database decides and the unit goes on: an error would end the transaction on PostgreSQL.
        """
        statement = _add_every(table, tuple(values), shared=self._shared)
        return (await self.write(statement, **values)).rowcount == 1

    async def add_every(self, table: Table, rows: Sequence[Values]) -> None:
        """Write new rows, but for those that are there already; all name the same columns."""
        self._require_writable()
        if rows:
            await self.write_every(_add_every(table, tuple(rows[0]), shared=self._shared), rows)

    async def put(self, table: Table, values: Values) -> None:
        """Write a row in place of the one with the same primary key, if there is one."""
        await self.put_every(table, [values])

    async def save(self, table: Table, values: Values) -> int:
        """Compare and set: version 0 is a new row, any other must be the stored one. Raises Stale.

        Returns the new version.
        """
        version: int = values["version"] + 1
        stored = {**values, "version": version}
        if version == 1:
            saved = await self.add(table, stored)
        else:
            given = {f"of_{name}": values[name] for name in _SAME}
            given |= {f"new_{name}": value for name, value in stored.items()}
            saved = (await self.write(_save(table, tuple(stored)), **given)).rowcount == 1
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

        `others` are columns to write with it.
        """
        return await self.changed(claiming(table, candidates, **others), owner=owner, until=until)

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


def unclaimed(table: Table, at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that nobody has a lease on a row at `at`."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= at)


def claiming(table: Table, candidates: Select[Any], **others: Any) -> ReturningUpdate[Any]:
    """Return the statement that writes a lease, `owner` and `until`, on the rows whose ids `candidates` selects.

    On PostgreSQL other claimants skip these rows; SQLite, which has one writer at a time, knows no such word.
    """
    taken = candidates.with_for_update(skip_locked=True).cte("taken")
    return leasing(update(table).where(table.c.id.in_(select(taken.c.id))).values(others), table)


def leasing(claimed: Update, table: Table) -> ReturningUpdate[Any]:
    """Return an update that also writes a lease, `owner` and `until`, and returns the rows as they are then."""
    lease: dict[str, Any] = {"lease_owner": bindparam("owner"), "lease_until": bindparam("until")}
    return claimed.values(lease).returning(table)


def _rows(result: CursorResult[Any]) -> Sequence[Values]:
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


@lru_cache
def _save(table: Table, names: tuple[str, ...]) -> Any:
    same = [table.c[name] == bindparam(f"of_{name}") for name in _SAME]
    return update(table).where(*same).values({name: bindparam(f"new_{name}") for name in names})


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
