"""What a platform does later happens in time, in order, whoever looks first."""

import pytest

from sandbox.agenda import Agenda
from sandbox.emulator import World
from tests.unit.sandbox.site import until


@pytest.fixture
async def world():
    world = World("http://127.0.0.1:1", "http://127.0.0.1:2")
    yield world
    await world.stop()


async def test_it_happens_by_itself_when_time_is_turned(world):
    agenda, done = Agenda(world), []
    agenda.plan(world.clock.timestamp() + 60, done.append)
    world.clock.advance(60)
    await until(lambda: done)


async def test_a_look_brings_everything_due_in_order_with_its_own_moment(world):
    agenda, done, now = Agenda(world), [], world.clock.timestamp()
    for seconds in (30, 10, 20, 90):
        agenda.plan(now + seconds, done.append)
    world.clock.advance(60)
    agenda.settle()
    assert done == [now + 10, now + 20, now + 30]


async def test_a_deed_may_plan_the_next_one(world):
    agenda, done, now = Agenda(world), [], world.clock.timestamp()
    agenda.plan(now + 1, lambda at: agenda.plan(at + 1, done.append))
    world.clock.advance(5)
    agenda.settle()
    assert done == [now + 2]


async def test_what_is_cleared_never_happens(world):
    agenda, done = Agenda(world), []
    agenda.plan(world.clock.timestamp() + 1, done.append)
    agenda.clear()
    world.clock.advance(5)
    agenda.settle()
    assert done == []
