"""Many changes of deliveries in few transactions: all are on record or none is said to be, and one spoils no other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.delivery import Delivery
from core.ports import Fresh, Pace
from core.usecases.logbook import Line, Logbook, Lost
from tests.unit.usecases.counting import CountingWork
from tests.unit.usecases.pier import Pier


@pytest.fixture
async def pier() -> Pier:
    opened = Pier(CountingWork())
    await opened.open()
    return opened


def a_line(delivery: Delivery, failures: int = 1, *, broken: bool = False) -> Line:
    def way(fresh: Fresh) -> Sequence[Delivery]:
        if broken:
            raise ValueError("this one")
        return [replace(fresh.delivery, failures=failures)]

    return Line(claimed=delivery, way=way, is_news=lambda _before, _after: False)


async def written(pier: Pier, *lines: Line):
    logbook = Logbook(work=pier.work, clock=pier.clock)
    before = pier.work.units
    outcomes = await asyncio.gather(*map(logbook.write, lines), return_exceptions=True)
    await logbook.closed()
    return outcomes, pier.work.units - before


async def test_what_comes_in_one_moment_is_one_transaction(pier: Pier):
    first, second = await pier.approved()
    _, units = await written(pier, a_line(first), a_line(second))
    assert units == 1
    assert [(await pier.now(each)).failures for each in (first, second)] == [1, 1]


async def test_changes_of_one_delivery_follow_each_other(pier: Pier):
    first, _ = await pier.approved()
    outcomes, units = await written(pier, a_line(first), a_line(first, 2))
    assert units == 2
    assert outcomes[1].before == outcomes[0].after
    assert (await pier.now(first)).failures == 2


async def test_who_lost_the_fence_or_makes_a_mistake_is_alone_with_it(pier: Pier):
    first, second = await pier.approved()
    stranger = replace(first, fence=9)
    outcomes, _ = await written(pier, a_line(stranger), a_line(second))
    assert isinstance(outcomes[0], Lost)
    outcomes, _ = await written(pier, a_line(first, broken=True), a_line(outcomes[1].after, 2))
    assert isinstance(outcomes[0], ValueError)
    assert (await pier.now(second)).failures == 2


async def test_a_transaction_that_fails_is_tried_again_by_each_alone(pier: Pier):
    first, second = await pier.approved()
    pier.work.fails = 2
    outcomes, _ = await written(pier, a_line(first), a_line(second))
    assert isinstance(outcomes[0], ConnectionError)
    assert outcomes[1].after.failures == 1
    assert (await pier.now(first)).failures == 0


async def test_nothing_is_written_for_who_was_ended_before(pier: Pier):
    first, second = await pier.approved()
    logbook = Logbook(work=pier.work, clock=pier.clock)
    ended, lives = [asyncio.create_task(logbook.write(a_line(each, 3))) for each in (first, second)]
    await asyncio.sleep(0)
    ended.cancel()
    await lives
    async with pier.work.reading() as unit:
        counted = [(await unit.deliveries.get(each.workspace, each.id)).failures for each in (first, second)]
    assert counted == [0, 3]


async def test_calls_are_counted_beside_what_is_written(pier: Pier):
    first, _ = await pier.approved()
    logbook, pace = (
        Logbook(work=pier.work, clock=pier.clock),
        Pace(endpoint="init", most=1, window=timedelta(minutes=1)),
    )
    before = pier.work.units
    spent = await asyncio.gather(
        logbook.spend("one", [pace]), logbook.spend("two", [pace]), logbook.write(a_line(first))
    )
    assert (spent[0], spent[1], pier.work.units - before) == (None, None, 1)
    assert await logbook.spend("one", [pace]) == pier.clock.now() + pace.window


async def test_a_writer_that_is_ended_leaves_nobody_waiting(pier: Pier):
    first, second = await pier.approved()
    logbook = Logbook(work=pier.work, clock=pier.clock)
    waiting = asyncio.create_task(logbook.write(a_line(first)))
    await asyncio.sleep(0)
    (writer,) = [each for each in asyncio.all_tasks() if each.get_name() == "logbook"]
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await logbook.write(a_line(second))).after.failures == 1
