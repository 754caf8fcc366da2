"""Work behind acks: bounded, kept, finished before the end."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.loop import Duty, Loop
from bot.metrics import Metrics
from bot.slack.tasks import Tasks
from tests.fakes import FrozenClock


async def test_no_more_runs_at_once_than_allowed():
    tasks, running, most = Tasks(together=2), 0, 0

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    for number in range(10):
        tasks.spawn(work, name=str(number))
    await tasks.settled()
    assert most == 2


async def test_draining_finishes_what_was_begun_and_takes_nothing_new():
    tasks, done = Tasks(), []

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.append(1)

    tasks.spawn(work, name="a")
    await tasks.drain(1)
    assert done == [1]
    assert tasks.is_full


async def test_what_takes_too_long_is_cancelled_and_said(caplog: pytest.LogCaptureFixture):
    tasks = Tasks()
    tasks.spawn(asyncio.Event().wait, name="for ever")
    await tasks.drain(0.01)
    assert len(tasks) == 0


async def test_a_full_queue_says_so():
    tasks = Tasks(waiting=1)
    tasks.spawn(asyncio.Event().wait, name="a")
    assert tasks.is_full
    await tasks.drain(0)


def a_loop(
    tick: Callable[[object], Awaitable[None]], news: Callable[[object], Awaitable[None]], ended: asyncio.Event
) -> Loop:
    duty = Duty(tick=tick, news=news, drain=ended.set, tidy=ended.wait)
    return Loop(duty=duty, clock=FrozenClock(), metrics=Metrics())


async def test_news_waits_for_no_tick_and_the_knock_is_not_forgotten():
    ticking, told, ended, second = (asyncio.Event() for _ in range(4))

    async def tick(_at: object) -> None:
        if ticking.is_set():
            second.set()
        ticking.set()
        await ended.wait()  # a platform that hangs

    async def news(_at: object) -> None:
        told.set()

    loop = a_loop(tick, news, ended)
    loop.start()
    await asyncio.wait_for(ticking.wait(), 5)
    loop.wake()
    await asyncio.wait_for(told.wait(), 5)
    assert not second.is_set()
    ended.set()
    await asyncio.wait_for(second.wait(), 5)
    await loop.stop(1)


async def test_a_tick_that_hangs_ends_with_its_loop():
    ticking, cancelled = asyncio.Event(), asyncio.Event()

    async def tick(_at: object) -> None:
        ticking.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def news(_at: object) -> None:
        raise RuntimeError("tried again by the next tick")

    loop = a_loop(tick, news, asyncio.Event())
    loop.start()
    await asyncio.wait_for(ticking.wait(), 5)
    loop.wake()
    await loop.stop(0.01)
    assert cancelled.is_set()


async def test_the_loop_ticks_again_when_knocked_and_outlives_a_failing_tick():
    ticks = 0
    seen = asyncio.Event()

    async def tick(_at: object) -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 1:
            raise RuntimeError("once")
        seen.set()

    drained = asyncio.Event()
    loop = a_loop(tick, tick, drained)
    assert loop.problem
    loop.start()
    loop.wake()
    await asyncio.wait_for(seen.wait(), 5)
    await loop.stop(1)
    assert drained.is_set()
    assert loop.problem is None
