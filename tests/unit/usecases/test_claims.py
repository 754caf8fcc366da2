"""Claims of deliveries: all callers share a process's room, and what was claimed in vain is given back."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest

from core.domain.delivery import Delivery, DeliveryStep
from core.usecases.departure import Departure
from core.usecases.load import Load
from tests.fakes import MemoryWork
from tests.landing import landed
from tests.memory import MemoryUnit
from tests.unit.usecases.pier import Pier
from tests.unit.usecases.studio import TIKTOK


class BusyWork(MemoryWork):
    """Lets others go on in the midst of a unit. After `stalls` nobody comes out of the next one."""

    def __init__(self) -> None:
        super().__init__()
        self._stalled: asyncio.Event | None = None

    def stalls(self) -> asyncio.Event:
        """Return what is set once somebody is stuck."""
        self._stalled = asyncio.Event()
        return self._stalled

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[MemoryUnit]:
        async with super().writing() as unit:
            await asyncio.sleep(0)
            yield unit
        stalled, self._stalled = self._stalled, None
        if stalled is not None:
            await _stall(stalled)


async def _stall(reached: asyncio.Event) -> None:
    reached.set()
    await asyncio.Event().wait()


@pytest.fixture
async def pier() -> Pier:
    opened = Pier(BusyWork())
    await opened.open()
    return opened


async def test_a_tick_and_the_news_beside_it_share_the_room(pier: Pier, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.usecases.publishing.IN_FLIGHT", 1)
    goes_on = asyncio.Event()
    for each in pier.publishers.values():
        each.meanwhile["prepare"] = goes_on.wait
    await pier.approved()
    at = pier.clock.now()
    assert await asyncio.gather(pier.publishing.send_due(at), pier.publishing.send_due(at)) == [1, 0]
    goes_on.set()
    await landed(pier.publishing)
    await pier.run()
    assert [len(each.out) for each in pier.publishers.values()] == [1, 1]


async def test_what_there_was_no_room_for_waits_for_no_tick(pier: Pier, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.usecases.publishing.IN_FLIGHT", 1)
    monkeypatch.setattr("core.usecases.publishing.WORTH_A_CLAIM", 1)
    asked = asyncio.Semaphore(0)

    async def ask() -> None:
        asked.release()

    for each in pier.publishers.values():
        each.meanwhile["ask"] = ask
    await pier.approved()
    assert await pier.publishing.send_due(pier.clock.now()) == 1
    async with asyncio.timeout(5):
        await asked.acquire()
        await asked.acquire()
    await pier.publishing.drained(5)


async def test_what_was_claimed_in_the_moment_of_an_end_goes_to_others(
    pier: Pier, monkeypatch: pytest.MonkeyPatch
):
    load = Departure.load_every

    async def ending(self: Departure, claimed: Sequence[Delivery]) -> Mapping[str, Load]:
        pier.publishing.drain()
        return await load(self, claimed)

    delivery = await pier.one()
    with monkeypatch.context() as patched:
        patched.setattr(Departure, "load_every", ending)
        assert await pier.publishing.send_due(pier.clock.now()) == 0
    await pier.run(pier.process("two"))
    assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED


@pytest.mark.parametrize("moment", ["committed", "loading"])
async def test_what_a_tick_claimed_that_is_ended_goes_to_others_at_once(
    pier: Pier, monkeypatch: pytest.MonkeyPatch, moment: str
):
    loading = asyncio.Event()

    async def slow(_self: Departure, _claimed: Sequence[Delivery]) -> Mapping[str, Load]:
        await _stall(loading)
        return {}

    delivery = await pier.one()
    with monkeypatch.context() as patched:
        patched.setattr(Departure, "load_every", slow)
        reached = pier.work.stalls() if moment == "committed" else loading
        tick = asyncio.create_task(pier.publishing.send_due(pier.clock.now()))
        await reached.wait()
        tick.cancel()
        await asyncio.wait({tick})
    assert tick.cancelled()
    assert await pier.run(pier.process("two")) == 1
    assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED
    assert len(pier.publishers[TIKTOK].out) == 1
