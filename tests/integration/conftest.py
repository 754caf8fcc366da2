"""A bot that runs, for the tests that speak to it from outside."""

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
