"""Migrations lead to exactly the schema in `storage.tables`, whoever starts them, once."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import migrate, migrations
from storage.engine import open_database
from storage.tables import metadata
from tests.postgres import Postgres

NewUrl = Callable[[], Awaitable[str]]

SQLITE_SCHEMA = """
    SELECT type, name, sql FROM sqlite_master
    WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'alembic_version' ORDER BY type, name
"""
POSTGRES_SCHEMA = """
    SELECT 'column', table_name || '.' || column_name, ordinal_position || ' ' || data_type || ' ' || is_nullable
           || ' ' || coalesce(column_default, '')
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
    UNION ALL
    SELECT 'index', tablename || '.' || indexname, indexdef
      FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    ORDER BY 1, 2
"""


@pytest.fixture
def new_sqlite(tmp_path: Path) -> NewUrl:
    numbers = count(1)

    async def new() -> str:
        return f"sqlite:///{tmp_path}/{next(numbers)}/new.db"

    return new


@pytest.fixture
def new_postgres(postgres: Postgres) -> NewUrl:
    async def new() -> str:
        return postgres.url(await postgres.create())

    return new


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest) -> NewUrl:
    """Addresses of databases that have no schema yet."""
    made: NewUrl = request.getfixturevalue(f"new_{request.param}")
    return made


async def schema(url: str) -> list[tuple[str, str, str]]:
    """Return everything that the database says about its tables, in one form whoever made them."""

    def read(connection: Connection) -> list[tuple[str, str, str]]:
        statement = SQLITE_SCHEMA if connection.dialect.name == "sqlite" else POSTGRES_SCHEMA
        return [(kind, name, parts(sql)) for kind, name, sql in connection.execute(text(statement))]

    database = open_database(url)
    async with database.reading() as connection:
        found = await connection.run_sync(read)
    await database.close()
    return found


def parts(sql: str) -> str:
    """SQLite keeps what was typed: the order of a table's constraints and its quotes mean nothing."""
    return "\n".join(sorted(line.strip(" ,\t)") for line in sql.replace('"', "").splitlines()))


async def test_lead_to_the_tables_we_declare(new_url: NewUrl) -> None:
    migrated, declared = await new_url(), await new_url()
    await migrate.upgrade(migrated)
    database = open_database(declared)
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()
    await database.close()
    found = await schema(migrated)
    assert len(found) > len(metadata.tables)
    assert found == await schema(declared)


async def test_are_done_once(new_url: NewUrl) -> None:
    url = await new_url()
    assert await migrate.status(url) == (None, migrations.HEAD)
    assert await migrate.upgrade(url) is True
    assert await migrate.status(url) == (migrations.HEAD, migrations.HEAD)
    assert await migrate.upgrade(url) is False


async def test_are_done_once_by_many_who_start_together(new_url: NewUrl) -> None:
    url = await new_url()
    done = await asyncio.gather(*(migrate.upgrade(url) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]


def test_know_their_newest_revision() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [migrations.HEAD]
