"""The check of a manager's absence: who stands in is asked of Slack, as long as the ack has time for it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from bot.ids import AwayField
from bot.listeners import absence
from bot.views.absence_view import absence_modal
from core.domain.errors import PlatformDown
from tests.builders import NOW, a_client
from tests.fakes import FrozenClock

CLIENT = a_client(managers=("U0MANAGER",))
Told = Callable[[str, str], Awaitable[bool]]


async def yes(_workspace: str, _user: str) -> bool:
    return True


async def no(_workspace: str, _user: str) -> bool:
    return False


async def limited(_workspace: str, _user: str) -> bool:
    raise PlatformDown("slack_ratelimited")


async def silent(_workspace: str, _user: str) -> bool:
    await asyncio.sleep(60)
    return False


async def checked(is_colleague: Told) -> Mapping[str, str]:
    async def every(_workspace: str) -> list[object]:
        return [CLIENT]

    desk = SimpleNamespace(
        clock=FrozenClock(),
        clients=SimpleNamespace(every=every),
        directory=SimpleNamespace(is_colleague=is_colleague),
    )
    typed = {"substitute": {"selected_user": "U0GUEST"}, "until": {"selected_date": "2026-12-31"}}
    view = absence_modal(CLIENT, "U0MANAGER", NOW, of_others=False)
    state = {"values": {name: {name: answer} for name, answer in typed.items()}}
    request: Any = SimpleNamespace(
        desk=desk,
        view=view | {"state": state},
        workspace=CLIENT.workspace,
        person=SimpleNamespace(user="U0MANAGER"),
    )
    return await absence.check(request)


async def test_only_the_workspaces_own_people_stand_in():
    assert await checked(yes) == {}
    assert list(await checked(no)) == [AwayField.SUBSTITUTE]


@pytest.mark.parametrize("slack", [limited, silent])
async def test_the_ack_waits_for_nobody_and_blames_nobody_for_that(slack, monkeypatch):
    monkeypatch.setattr(absence, "_AT_ONCE", 0.01)
    assert await asyncio.wait_for(checked(slack), 1) == {}
