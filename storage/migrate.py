"""Brings a database's schema to the newest revision, once, however many processes start together."""

from pathlib import Path

from sqlalchemy import Connection, String, column, inspect, select, table, text

from storage.engine import Database, open_database
from storage.migrations import HEAD

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x63726F73736C696E
"""Names the advisory lock that migrating processes queue on ("crosslin" as a number)."""
_VERSION = select(column("version_num", String)).select_from(table("alembic_version"))


async def upgrade(url: str) -> bool:
    """Bring the schema to the newest revision, all or nothing; False where it was there already.

    Processes that start together take turns: the first one migrates, the others find it done.
    """
    database = open_database(url)
    try:
        return await _upgrade(database)
    finally:
        await database.close()


async def status(url: str) -> tuple[str | None, str]:
    """Return the database's revision, None where it has no schema yet, and the newest one."""
    database = open_database(url)
    try:
        async with database.reading() as connection:
            return await connection.run_sync(_current), HEAD
    finally:
        await database.close()


async def is_current(database: Database) -> bool:
    """Return whether an open database has the newest revision."""
    async with database.reading() as connection:
        return await connection.run_sync(_current) == HEAD


async def _upgrade(database: Database) -> bool:
    async with database.reading() as connection:
        if await connection.run_sync(_current) == HEAD:
            return False
    async with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if await connection.run_sync(_current) == HEAD:
            return False
        await connection.run_sync(_run)
        await connection.commit()
    return True


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(_VERSION)


def _run(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  a start that finds the schema done need not load it
    from alembic.config import Config  # noqa: PLC0415  the same

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")
