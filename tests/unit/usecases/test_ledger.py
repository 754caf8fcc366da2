"""What looks write down together: in few transactions, each kept or not by itself, and nothing that was issued lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.connection import Connection
from core.usecases.ledger import Ledger, Line
from tests.unit.usecases.agency import Agency
from tests.unit.usecases.counting import CountingWork
from tests.unit.usecases.looks import pair


@pytest.fixture
def agency() -> Agency:
    made = Agency()
    made.work = CountingWork()
    return made


def a_line(connection: Connection, failures: int = 1) -> Line:
    return Line(after=replace(connection, failures=failures))


async def test_what_comes_in_one_moment_is_one_transaction(agency: Agency):
    connections = await pair(agency)
    ledger, before = Ledger(agency.work), agency.work.units
    kept = await asyncio.gather(*(ledger.keep(a_line(each)) for each in connections))
    assert agency.work.units - before == 1
    assert kept == [agency.now(each) for each in connections]


async def test_of_two_lines_about_one_connection_only_the_first_is_kept(agency: Agency):
    connection, _ = await pair(agency)
    ledger = Ledger(agency.work)
    kept = await asyncio.gather(*(ledger.keep(a_line(connection, failures)) for failures in (1, 2)))
    assert [each and each.failures for each in kept] == [1, None]
    assert agency.now(connection).failures == 1


async def test_a_transaction_that_fails_is_tried_again_by_each_alone(agency: Agency):
    connections = await pair(agency)
    agency.work.fails = 2
    ledger = Ledger(agency.work)
    kept = await asyncio.gather(*(ledger.keep(a_line(each)) for each in connections), return_exceptions=True)
    assert isinstance(kept[0], ConnectionError)
    assert kept[1] == agency.now(connections[1])


async def test_a_writer_that_is_ended_leaves_nobody_waiting(agency: Agency):
    connection, other = await pair(agency)
    ledger = Ledger(agency.work)
    waiting = asyncio.create_task(ledger.keep(a_line(connection)))
    await asyncio.sleep(0)
    (writer,) = [each for each in asyncio.all_tasks() if each.get_name() == "ledger"]
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await ledger.keep(a_line(other)) == agency.now(other)


@pytest.mark.parametrize("is_news", [False, True], ids=["beside others", "as news"])
async def test_tokens_that_were_issued_are_kept_however_soon_the_process_ends(is_news: bool):
    agency = Agency()
    connection = await agency.linked()
    if is_news:
        await agency.save(replace(agency.now(connection), failures=1))
    answered, writer = asyncio.Event(), agency.work._turn

    async def busy() -> None:
        """Somebody else writes when the platform's answer comes."""
        await writer.acquire()
        answered.set()

    agency.tiktok.meanwhile["refresh"] = busy
    agency.clock.turn(timedelta(hours=13))
    look = asyncio.create_task(agency.watching.look(connection.workspace, connection.id))
    await answered.wait()
    for _ in range(5):
        await asyncio.sleep(0)
    look.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not look.done()
    writer.release()
    with pytest.raises(asyncio.CancelledError):
        await look
    assert agency.held(connection).issued_at == agency.clock.now()
