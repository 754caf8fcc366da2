"""The end of everything that was kept about a workspace. What is left are backups, and files until they are tidied."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import post_tables, tables
from storage.engine import Database

NOBODYS = frozenset({tables.notices, post_tables.calls})
"""What platforms tell and count, by their own ids, until it is tidied: no workspace is named there."""


TOKENS = frozenset({tables.slack_bots.name, tables.credentials.name, tables.held_credentials.name})
"""Tables whose rows somebody has to let go of first, at Slack or a platform."""


async def belongings(database: Database, workspace: str) -> Mapping[str, int]:
    """Return how many rows each table holds of a workspace, without those that hold none."""
    async with database.reading() as connection:
        return await _counted(connection, workspace)


async def erase(database: Database, workspace: str) -> Mapping[str, int]:
    """End every row of a workspace, all or nothing, and nothing where tokens are left. Repeats safely.

    Returns what there was, as `belongings` does.
    """
    async with database.writing() as connection:
        found = await _counted(connection, workspace)
        if not TOKENS & found.keys():
            for table in _every():
                await connection.execute(delete(table).where(_of(table, workspace)))
            await connection.commit()
    return found


def _every() -> list[Table]:
    """Those that point at others first."""
    return [each for each in reversed(tables.metadata.sorted_tables) if each not in NOBODYS]


async def _counted(connection: AsyncConnection, workspace: str) -> Mapping[str, int]:
    counts = {}
    for table in _every():
        rows = select(func.count()).select_from(table).where(_of(table, workspace))
        counts[table.name] = int((await connection.execute(rows)).scalar_one())
    return {name: rows for name, rows in counts.items() if rows}


def _of(table: Table, workspace: str) -> ColumnElement[bool]:
    """A row belongs to the workspace that it names, or else to that of the row it points at."""
    if "workspace" in table.c:
        return table.c.workspace == workspace
    (key,) = table.foreign_keys
    owner = key.column
    return key.parent.in_(select(owner).where(_of(owner.table, workspace)))
