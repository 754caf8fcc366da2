"""A bot that runs, for the tests that speak to it from outside."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.settings import variable
from core.ports import Work
from sandbox.addresses import environment
from storage.engine import open_database
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault
from tests.integration.races import PROCESSES
from tests.integration.shell import Shell
from tests.integration.site import BAKERY, Site, serving
from tests.integration.stage import Stage, a_stage


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """The bot with emulated platforms, installed in the agency's workspace."""
    async with serving(tmp_path) as running:
        yield running


@pytest.fixture
async def bakery(site: Site) -> Site:
    """The same with one client set up in #nordlicht-bakery."""
    await site.people.set_up("manager", "C0BAKERY", BAKERY)
    await site.told("manager", "C0BAKERY", lambda said: "set up" in said)
    return site


@pytest.fixture
def unused_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@pytest.fixture
async def works(database_url: str, vault: AesGcmVault) -> AsyncIterator[Sequence[Work]]:
    """Units of work as separate processes have them: no connection and no lock in common."""
    async with AsyncExitStack() as stack:
        databases = [open_database(database_url) for _ in range(PROCESSES)]
        for database in databases:
            stack.push_async_callback(database.close)
        yield [SqlWork(database, vault) for database in databases]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The messenger at the emulated Slack, with a client whose channel it is in."""
    async with a_stage() as made:
        yield made


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[tuple[Site, Shell]]:
    """A running bot with a client, and a shell whose settings point at the same data."""
    async with serving(tmp_path / "data") as site:
        await site.people.set_up("manager", "C0BAKERY", BAKERY)
        await site.people.link("requester", "C0BAKERY", "tiktok", "nordlicht.bakery")
        await site.told("manager", "C0BAKERY", lambda said: "linked TikTok" in said)
        settings = environment(site.base_url, site.base_url) | {variable("data_dir"): str(tmp_path / "data")}
        yield site, Shell(tmp_path, settings)


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """A shell without any settings."""
    return Shell(tmp_path, {})
