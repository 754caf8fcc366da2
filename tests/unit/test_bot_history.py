"""What `/crosslink history` reads, as README has its words."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.listeners import history
from bot.listeners.request import Request
from core.domain.account import Platform


@pytest.mark.parametrize(
    ("text", "platform"),
    [("all", None), ("instagram all", Platform.INSTAGRAM), ("ALL tt", Platform.TIKTOK)],
)
async def test_of_all_clients_keeps_to_the_platform_that_is_named(text: str, platform: Platform | None):
    asked: list[Any] = []

    async def of(_workspace: str, **wish: Any) -> Sequence[Any]:
        asked.append((wish["client_id"], wish.get("platform")))
        return ()

    async def nothing(*_given: Any) -> Sequence[Any]:
        return ()

    desk = SimpleNamespace(
        history=SimpleNamespace(of=of), status=SimpleNamespace(of_workspace=nothing), clients=None
    )
    request = SimpleNamespace(text=text, workspace="T0AGENCY", desk=desk, say=nothing)
    await history.by_command(cast("Request", request))
    assert asked == [(None, platform)]
