"""What tests of publishing begin with."""

import pytest

from tests.unit.usecases.pier import Pier, ScriptedPublisher
from tests.unit.usecases.studio import TIKTOK


@pytest.fixture
async def pier() -> Pier:
    """A client whose approved posts leave."""
    opened = Pier()
    await opened.open()
    return opened


@pytest.fixture
def tiktok(pier: Pier) -> ScriptedPublisher:
    """The TikTok that they leave for."""
    return pier.publishers[TIKTOK]
