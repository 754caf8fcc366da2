"""Several machines on one database: a file that one of them hasn't ends nothing, as long as another may have it."""

from datetime import timedelta

import pytest

from core.domain.delivery import Blame, DeliveryStep
from core.usecases.publishing import Publishing
from tests.unit.usecases.pier import Pier
from tests.unit.usecases.studio import TIKTOK, MemoryStore


@pytest.fixture
def empty(pier: Pier) -> Publishing:
    """A process on a machine that was never given the file."""
    return pier.process("empty", store=MemoryStore(), are_others=True)


async def test_is_left_to_the_machine_that_has_it(pier: Pier, empty: Publishing):
    delivery = await pier.one()
    await pier.run(empty)
    left = await pier.now(delivery)
    assert (left.step, left.obstacle, left.waits) == (DeliveryStep.QUEUED, None, False)
    assert left.due_at is not None
    assert left.due_at - pier.clock.now() < timedelta(seconds=30)
    assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED
    assert len(pier.publishers[TIKTOK].out) == 1


async def test_is_left_in_the_middle_of_its_way(pier: Pier, empty: Publishing):
    delivery, first = await pier.one(), pier.process("first")

    async def drain():
        first.drain()

    pier.publishers[TIKTOK].meanwhile["prepare"] = drain
    await pier.run(first)
    await pier.run(empty)
    assert (await pier.now(delivery)).step is DeliveryStep.PREPARED
    assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED
    assert pier.publishers[TIKTOK].calls.count("prepare") == 1


async def test_people_see_why_it_waits_and_hear_once_nobody_has_it(pier: Pier, empty: Publishing):
    delivery, begun = await pier.one(), pier.clock.now()
    for _ in range(3):
        await pier.run(empty)
        pier.clock.turn(seconds=40)
    waiting = await pier.now(delivery)
    assert waiting.obstacle is not None
    assert (waiting.obstacle.blame, waiting.obstacle.code) == (Blame.PLATFORM, "media_elsewhere")
    while (now := await pier.now(delivery)).due_at is not None:
        pier.clock.turn(max(now.due_at - pier.clock.now(), timedelta(seconds=1)))
        await pier.run(empty)
    assert now.obstacle is not None
    assert (now.step, now.obstacle.code) == (DeliveryStep.REFUSED, "media_gone")
    assert timedelta(minutes=10) < pier.clock.now() - begun < timedelta(minutes=20)
    assert pier.publishers[TIKTOK].calls == []
