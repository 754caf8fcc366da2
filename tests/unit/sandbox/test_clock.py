import asyncio
import time
from datetime import UTC

import pytest

from sandbox.clock import TurnableClock


def test_it_shows_the_real_time_until_it_is_turned():
    assert abs(TurnableClock().timestamp() - time.time()) < 1
    assert TurnableClock().now().tzinfo is UTC


def test_turning_adds_to_the_time():
    clock = TurnableClock()
    before = clock.now()
    clock.advance(3_600)
    clock.advance(60)
    assert 3_660 <= (clock.now() - before).total_seconds() < 3_661
    assert clock.offset == 3_660


def test_time_does_not_turn_back():
    with pytest.raises(ValueError, match="forward"):
        TurnableClock().advance(-1)


def test_subscribers_hear_every_turn_until_they_leave():
    clock, heard = TurnableClock(), []
    leave = clock.subscribe(lambda: heard.append(clock.offset))
    clock.advance(5)
    leave()
    clock.advance(5)
    assert heard == [5]


async def test_a_sleeper_wakes_when_its_time_is_turned_to_and_not_before():
    clock = TurnableClock()
    sleeper = asyncio.create_task(clock.sleep(1_000))
    await asyncio.sleep(0)
    clock.advance(900)
    await asyncio.sleep(0.01)
    assert not sleeper.done()
    clock.advance(101)
    await asyncio.wait_for(sleeper, 1)


async def test_a_sleeper_wakes_by_itself_too():
    await asyncio.wait_for(TurnableClock().sleep(0.02), 1)


async def test_a_sleeper_that_is_cancelled_while_time_is_turned_sleeps_no_more():
    clock = TurnableClock()
    sleeper = asyncio.create_task(clock.sleep(1_000))
    await asyncio.sleep(0)
    clock.advance(10)
    await asyncio.sleep(0)
    sleeper.cancel()
    done, _ = await asyncio.wait({sleeper}, timeout=1)
    assert done
    assert sleeper.cancelled()
