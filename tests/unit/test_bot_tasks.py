"""Work behind acks: bounded, kept, finished before the end."""

import asyncio

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
    duty = Duty(tick=tick, drain=drained.set, tidy=seen.wait)
    loop = Loop(duty=duty, clock=FrozenClock(), metrics=Metrics())
    assert loop.problem
    loop.start()
    loop.wake()
    await asyncio.wait_for(seen.wait(), 5)
    await loop.stop(1)
    assert drained.is_set()
    assert loop.problem is None
