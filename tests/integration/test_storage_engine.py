"""How databases are opened: addresses, SQLite's settings, and what is never shown."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from core.domain.observation import Observation
from core.domain.refusals import Refusal
from storage import migrate
from storage.engine import Database, open_database, read_url
from storage.tables import clients
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault
from tests.builders import a_client, a_connection, an_evidence


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("sqlite:///data/crosslink.db", "sqlite+aiosqlite:///data/crosslink.db"),
        ("sqlite+aiosqlite:////data/crosslink.db", "sqlite+aiosqlite:////data/crosslink.db"),
        ("postgresql://bot@db/crosslink", "postgresql+asyncpg://bot@db/crosslink"),
        ("postgres://bot@db/crosslink", "postgresql+asyncpg://bot@db/crosslink"),
        ("postgresql+psycopg://bot@db/crosslink", "postgresql+asyncpg://bot@db/crosslink"),
        (
            "postgresql://bot@db/crosslink?sslmode=require",
            "postgresql+asyncpg://bot@db/crosslink?ssl=require",
        ),
        ("postgresql://bot@/crosslink?host=/run/pg", "postgresql+asyncpg://bot@/crosslink?host=%2Frun%2Fpg"),
    ],
)
def test_plain_addresses_get_their_driver(typed: str, read: str) -> None:
    assert read_url(typed).render_as_string() == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "crosslink.db",
        "mysql://bot:hunter2@db/x",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://bot@db:hunter2/x",
        "postgresql://bot:hunter2@db/x?channel_binding=require",
    ],
)
def test_other_addresses_are_refused_without_being_shown(typed: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///|cannot be read|channel_binding") as error:
        read_url(typed)
    assert "hunter2" not in str(error.value)


async def pragma(database: Database, name: str, *, writing: bool) -> object:
    async with database.writing() if writing else database.reading() as connection:
        return (await connection.execute(text(f"PRAGMA {name}"))).scalar()


async def test_sqlite_is_set_up_to_keep_what_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "data" / "crosslink.db"
    database = open_database(f"sqlite:///{file}")
    full, on = 2, 1
    assert await pragma(database, "journal_mode", writing=True) == "wal"
    assert await pragma(database, "synchronous", writing=True) == full
    for writing in (True, False):
        assert await pragma(database, "foreign_keys", writing=writing) == on
        assert await pragma(database, "busy_timeout", writing=writing) == 10_000
    assert await pragma(database, "query_only", writing=False) == on
    for each in (file, file.with_name("crosslink.db-wal")):
        assert each.stat().st_mode & 0o077 == 0, "nobody else may read it"
    await database.close()


@pytest.mark.parametrize("aside", [True, False])
async def test_in_a_thread_of_its_own_or_in_ours_it_keeps_what_was_committed_and_nothing_else(
    sqlite_url: str, vault: AesGcmVault, *, aside: bool
) -> None:
    database = open_database(sqlite_url, aside=aside)
    work, kept, dropped = SqlWork(database, vault), a_client(), a_client()
    async with work.writing() as unit:
        await unit.clients.save(kept)
        with pytest.raises(Refusal):
            await unit.clients.save(replace(dropped, channel=kept.channel))
        await unit.commit()
    async with work.writing() as unit:
        await unit.clients.save(dropped)
    async with work.reading() as reader:
        known = await reader.clients.every(kept.workspace)
        async with work.writing() as unit:
            await unit.clients.save(dropped)
            await unit.commit()
        assert known == await reader.clients.every(kept.workspace) == [replace(kept, version=1)]
    with pytest.raises(OperationalError):
        async with database.reading() as connection:
            await connection.execute(clients.delete())
    assert await migrate.is_current(database)
    await database.close()


@pytest.mark.parametrize("aside", [True, False])
async def test_errors_show_nothing_of_what_was_written(
    sqlite_url: str, vault: AesGcmVault, *, aside: bool
) -> None:
    database = open_database(sqlite_url, aside=aside)
    stray = an_evidence(a_connection(a_client()), observation=Observation(handle="nordlicht.bakery"))
    async with SqlWork(database, vault).writing() as unit:
        with pytest.raises(IntegrityError) as error:
            await unit.evidence.add(stray)
    assert "nordlicht" not in str(error.value)
    assert "INSERT INTO evidence" in str(error.value)
    await database.close()


@pytest.mark.postgres
async def test_what_a_server_ended_while_it_lay_idle_is_opened_anew(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine._SURELY_THERE", 0.0)
    ours, other = open_database(postgres_url), open_database(postgres_url)
    ending = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for _ in range(2):
        async with ours.reading() as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar() == 1
        async with other.writing() as connection:
            await connection.execute(ending)
        await other.close()
    await ours.close()
