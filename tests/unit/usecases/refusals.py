"""How use cases say no."""

from collections.abc import Awaitable
from typing import Any

import pytest

from core.domain.refusals import Refusal


async def refused(attempt: Awaitable[Any]) -> Refusal:
    """Return what an attempt is refused with; one that succeeds fails the test."""
    with pytest.raises(Refusal) as refusal:
        await attempt
    return refusal.value
