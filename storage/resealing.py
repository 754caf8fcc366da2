"""Moves everything sealed to the newest key, in small steps, while others go on working."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.sealing import EVERY, Sealing
from storage.vault import AesGcmVault, VaultError

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Resealed:
    """What a run did: rows `moved` by the key they had, and rows that no key `opened`, by the key they name."""

    moved: Mapping[str, int] = field(default_factory=dict)
    unopened: Mapping[str, int] = field(default_factory=dict)


async def keys_in_use(database: Database) -> Mapping[str, int]:
    """Return how many rows each key still seals. A key that is not in it can leave the settings."""
    counts: Counter[str] = Counter()
    async with database.reading() as connection:
        for sealing in EVERY:
            key_id = sealing.table.c.key_id
            rows = await connection.execute(
                select(key_id, func.count()).where(key_id.is_not(None)).group_by(key_id)
            )
            counts.update(dict(rows.tuples().all()))
    return dict(counts)


async def reseal(database: Database, vault: AesGcmVault, *, batch: int = _BATCH) -> Resealed:
    """Seal with the newest key whatever another one sealed. Repeats safely, and may be stopped at any time.

    Each batch is a short transaction. A row that somebody rewrites meanwhile is left alone: it was sealed anew.
    """
    moved: Counter[str] = Counter()
    unopened: Counter[str] = Counter()
    for sealing in EVERY:
        after: tuple[str, ...] | None = None
        while rows := await _older(database, sealing, vault.newest, after=after, limit=batch):
            after = tuple(rows[-1][name] for name in sealing.keys)
            async with database.writing() as connection:
                for row in rows:
                    counts = moved if await _reseal(connection, sealing, vault, row) else unopened
                    counts[row["key_id"]] += 1
                await connection.commit()
    return Resealed(moved=dict(moved), unopened=dict(unopened))
