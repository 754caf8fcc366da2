"""Moves everything sealed to the newest key, in small steps, while others go on working."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.sealing import EVERY, Sealing
from storage.transaction import Values
from storage.vault import AesGcmVault, VaultError

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Resealed:
    """What a run did, as rows by the key they had: `moved` to the newest, or `unopened` by any key we have."""

    moved: Counter[str] = field(default_factory=Counter)
    unopened: Counter[str] = field(default_factory=Counter)


async def keys_in_use(database: Database) -> Mapping[str, int]:
    """Return how many rows each key still seals. One that seals none may have signed addresses that still live."""
    counts: Counter[str] = Counter()
    async with database.reading() as connection:
        for sealing in EVERY:
            key_id = sealing.table.c.key_id
            by_key = select(key_id, func.count()).where(key_id.is_not(None)).group_by(key_id)
            for key, rows in await connection.execute(by_key):
                counts[key] += rows
    return dict(counts)


async def reseal(database: Database, vault: AesGcmVault, *, batch: int = _BATCH) -> Resealed:
    """Seal with the newest key whatever another one sealed. Repeats safely, and may be stopped at any time.

    Each batch is a short transaction. A row that somebody rewrites meanwhile is left alone: it was sealed anew.
    """
    done = Resealed()
    for sealing in EVERY:
        async for rows in _older(database, sealing, vault.newest, batch):
            async with database.writing() as connection:
                for row in rows:
                    await _reseal(connection, sealing, vault, row, done)
                await connection.commit()
    return done


async def _older(
    database: Database, sealing: Sealing, newest: str, batch: int
) -> AsyncIterator[Sequence[Values]]:
    """Yield rows that another key sealed, in the order of their keys, so that none comes twice."""
    keys = tuple_(*(sealing.table.c[name] for name in sealing.keys))
    older = select(sealing.table).where(sealing.table.c.key_id != newest).order_by(*keys).limit(batch)
    rest: list[ColumnElement[bool]] = []
    while True:
        async with database.reading() as connection:
            rows = [dict(row) for row in (await connection.execute(older.where(*rest))).mappings()]
        if not rows:
            return
        yield rows
        rest = [keys > tuple_(*(rows[-1][name] for name in sealing.keys))]


async def _reseal(
    connection: AsyncConnection, sealing: Sealing, vault: AesGcmVault, row: Values, done: Resealed
) -> None:
    try:
        fresh: dict[str, Any] = sealing.seal(vault, sealing.open(vault, row))
    except VaultError:
        done.unopened[row["key_id"]] += 1
        return
    table = sealing.table
    unchanged = [table.c[name] == row[name] for name in (*sealing.keys, "key_id")]
    unchanged += [table.c[name].is_not_distinct_from(row[name]) for name in sealing.columns]
    values = {name: fresh[name] for name in (*sealing.columns, "key_id")}
    written = await connection.execute(update(table).where(*unchanged).values(values))
    done.moved[row["key_id"]] += written.rowcount
