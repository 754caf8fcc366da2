"""A bot that runs, for the tests that speak to it from outside."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.site import BAKERY, Site, serving


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
