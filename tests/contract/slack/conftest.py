"""What tests of the emulated Slack begin with."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.sandbox_slack import Slack, slack


@pytest.fixture
async def site() -> AsyncIterator[Slack]:
    """The emulated Slack, with a bot that answers as it is told."""
    async with slack() as running:
        yield running
