"""What every test may use: storage of each kind, PostgreSQL for the run, and a network that ends at this machine."""

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from core.ports import Work
from storage import migrate
from storage.engine import Database, open_database
from storage.slack_store import SlackInstallations
from storage.tables import metadata
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault, new_key, parse_keys
from tests.builders import an_installation
from tests.fakes import MemoryWork
from tests.migrated import migrated
from tests.postgres import Postgres


def _is_here(host: object) -> bool:
    if host in {None, "", "localhost"}:
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _keep_inside(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to look up, call or serve anybody but this machine. Addresses that are text are Unix sockets."""
    if event in {"socket.connect", "socket.bind"}:
        address = arguments[1]
        outside = isinstance(address, tuple) and not _is_here(address[0])
    elif event == "socket.getaddrinfo":
        outside = not _is_here(arguments[0])
    else:
        return
    if outside:
        raise PermissionError(f"{event}: tests stay on this machine")


def pytest_configure() -> None:
    sys.addaudithook(_keep_inside)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, started for the first test that wants one."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _idle() -> list[str]:
    """Names of migrated PostgreSQL databases that no test is using."""
    return []


@pytest.fixture
async def postgres_url(postgres: Postgres, _idle: list[str]) -> AsyncIterator[str]:
    """The address of a migrated, empty PostgreSQL database of this test's own."""
    if not _idle:
        _idle.append(await postgres.create())
        await migrate.upgrade(postgres.url(_idle[-1]))
    name = _idle.pop()
    yield postgres.url(name)
    await postgres.empty(name, (table.name for table in reversed(metadata.sorted_tables)))
    _idle.append(name)


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, for copying."""
    file = tmp_path_factory.mktemp("migrated") / "crosslink.db"
    file.write_bytes(migrated())
    return file


@pytest.fixture
def sqlite_url(_migrated: Path, tmp_path: Path) -> str:
    """The address of a migrated SQLite file of this test's own."""
    return f"sqlite:///{shutil.copy(_migrated, tmp_path)}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database: the test runs on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database of each kind, open."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def vault() -> AesGcmVault:
    """A vault with one key."""
    return AesGcmVault(parse_keys(new_key("first")))


@dataclass(frozen=True)
class Stored:
    """A way of storing: the units of work, and how a workspace comes to have the app."""

    work: Work
    install: Callable[[str], Awaitable[None]]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def _storage_url(request: pytest.FixtureRequest) -> str | None:
    return None if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def stored(_storage_url: str | None, vault: AesGcmVault) -> AsyncIterator[Stored]:
    """Each way of storing: the test runs on all of them."""
    if _storage_url is None:
        memory = MemoryWork()
        yield Stored(work=memory, install=memory.install)
        return
    database = open_database(_storage_url)
    slack = SlackInstallations(database, vault)

    async def install(workspace: str) -> None:
        await slack.async_save(an_installation(team_id=workspace))

    yield Stored(work=SqlWork(database, vault), install=install)
    await database.close()


@pytest.fixture
def work(stored: Stored) -> Work:
    """Units of work over each way of storing."""
    return stored.work
