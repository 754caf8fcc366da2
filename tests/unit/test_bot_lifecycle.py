"""How a process ends: in order, and to the end, whatever fails on the way."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.runtime import Role
from bot.wiring.lifecycle import Process

IN_ORDER = ["socket.stop", "loop.stop", "publishing.drained", "media.drain", "tasks.drain", "media.close"]
CLOSED = ["solo.stop", "adapters.close"]


class Told:
    """Stands for a part of a process: notes what it is told, and fails where it should."""

    def __init__(self, name: str, told: list[str], failing: Sequence[str]) -> None:
        self._name = name
        self._told = told
        self._failing = failing

    def _note(self, call: str) -> None:
        self._told.append(f"{self._name}.{call}")
        if self._told[-1] in self._failing:
            raise ConnectionError(self._told[-1])

    async def stop(self, *_seconds: float) -> None:
        self._note("stop")

    async def drain(self, *_seconds: float) -> None:
        self._note("drain")

    async def drained(self, _seconds: float) -> None:
        self._note("drained")


class Closes(Told):
    async def close(self) -> None:
        self._note("close")


class ClosesAtOnce(Told):
    def close(self) -> None:
        self._note("close")


class Parts:
    role = Role.ALL

    def __init__(self, told: list[str], failing: Sequence[str]) -> None:
        self.adapters = Closes("adapters", told, failing)
        self.tasks = Told("tasks", told, failing)


def process(told: list[str], *failing: str) -> Process:
    parts: dict[str, Any] = {name: Told(name, told, failing) for name in ("publishing", "loop", "solo")}
    return Process(
        Parts(told, failing),
        ClosesAtOnce("media", told, failing),
        parts["publishing"],
        loop=parts["loop"],
        solo=parts["solo"],
        slack=Told("socket", told, failing),
    )


async def test_what_brings_work_ends_first_and_what_work_needs_last():
    told: list[str] = []
    await process(told).stop()
    assert told == [*IN_ORDER, *CLOSED]


@pytest.mark.parametrize("failing", [*IN_ORDER, *CLOSED])
async def test_what_fails_is_raised_and_keeps_nothing_else_from_its_end(failing: str):
    told: list[str] = []
    with pytest.raises(ConnectionError, match=failing):
        await process(told, failing).stop()
    assert told == [*IN_ORDER, *CLOSED]
