"""What the repositories of one unit share: a transaction, whether it may write, and the vault."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CursorResult,
    Executable,
    Select,
    Table,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from core.domain.refusals import Stale, Unlawful
from core.ports import Vault

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

    async def all(self, statement: Executable) -> Sequence[Values]:
        """Read every row."""
        return [dict(row) for row in (await self._connection.execute(statement)).mappings()]

    async def write(self, statement: Executable) -> CursorResult[Any]:
        """Run a statement that changes rows."""
        self._require_writable()
        return await self._connection.execute(statement)

    async def add(self, table: Table, values: Values) -> bool:
        """Write a new row; False where a unique key says that it, or one in its place, is there already.

        The database decides and the unit goes on: an error would end the transaction on PostgreSQL.
        """
        return (await self.write(self._insert(table).values(values).on_conflict_do_nothing())).rowcount == 1

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
        changed: Any = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
        statement = update(table).where(table.c.id == bindparam("of_id")).values(changed)
        values = [
            {"of_id" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows
        ]
        self._require_writable()
        await self._connection.execute(statement, values)

    async def put_every(self, table: Table, rows: Sequence[Values]) -> None:
        """Write rows in place of those with the same primary keys."""
        keys = [column.name for column in table.primary_key]
        insert = self._insert(table)
        changed = {name: insert.excluded[name] for name in rows[0] if name not in keys}
        self._require_writable()
        await self._connection.execute(
            insert.on_conflict_do_update(index_elements=keys, set_=changed), list(rows)
        )

    async def claim(
        self, table: Table, candidates: Select[Any], *, owner: str, until: datetime
    ) -> Sequence[Values]:
        """Write a lease on the rows whose ids `candidates` selects and return them, in no order.

        On PostgreSQL other claimants skip these rows; SQLite has one writer at a time.
        """
        if self._shared:
            candidates = candidates.with_for_update(skip_locked=True)
        taken = candidates.cte("taken")
        claimed = update(table).where(table.c.id.in_(select(taken.c.id)))
        return await self.lease(claimed.returning(table), owner=owner, until=until)

    async def lease(self, claimed: ReturningUpdate[Any], *, owner: str, until: datetime) -> Sequence[Values]:
        """Write a lease on the rows of an update and return them as they are now."""
        written = await self.write(claimed.values(lease_owner=owner, lease_until=until))
        return [dict(row) for row in written.mappings()]

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


async def next_wake(
    unit: Transaction, due: Column[datetime], *conditions: ColumnElement[bool]
) -> datetime | None:
    """Read when the first row can be taken: once it is due and nobody else has it.

    Two questions in one statement, each answered by an index: rows without a lease by when they are due, the few
    rows with one by when both are over.
    """
    until = due.table.c.lease_until
    free = select(due.label("wake")).where(until.is_(None), due.is_not(None), *conditions)
    over = func.min(case((due > until, due), else_=until))
    leased = select(over.label("wake")).where(until.is_not(None), due.is_not(None), *conditions)
    first = free.order_by(due).limit(1).scalar_subquery()
    row = await unit.one(select(first.label("free"), leased.scalar_subquery().label("leased")))
    return min((wake for wake in (row or {}).values() if wake), default=None)
