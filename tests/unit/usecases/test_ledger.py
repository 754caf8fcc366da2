"""What looks write down together: in few transactions, each kept or not by itself, and nothing that was issued lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.connection import Connection
from core.usecases.ledger import Ledger, Line
from tests.fakes import MemoryWork
from tests.unit.usecases.agency import INSTAGRAM, Agency


class CountingWork(MemoryWork):
    """Counts its writing units; `fails` has the next ones broken."""

    def __init__(self, installed: Sequence[str] = ()) -> None:
        super().__init__(installed=installed)
        self.units = 0
        self.fails = 0

    def writing(self):
        self.units += 1
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        return super().writing()


@pytest.fixture
def agency() -> Agency:
    made = Agency()
    made.work = CountingWork()
    return made


def a_line(connection: Connection, failures: int = 1) -> Line:
    return Line(after=replace(connection, failures=failures))


async def both(agency: Agency) -> tuple[Connection, Connection]:
    client = await agency.client()
    return await agency.linked(client), await agency.linked(client, platform=INSTAGRAM)


async def test_what_comes_in_one_moment_is_one_transaction(agency: Agency):
    pair = await both(agency)
    ledger, before = Ledger(agency.work), agency.work.units
    kept = await asyncio.gather(*(ledger.keep(a_line(each)) for each in pair))
    assert agency.work.units - before == 1
    assert kept == [agency.now(each) for each in pair]


async def test_of_two_lines_about_one_connection_only_the_first_is_kept(agency: Agency):
    connection, _ = await both(agency)
    ledger = Ledger(agency.work)
    kept = await asyncio.gather(*(ledger.keep(a_line(connection, failures)) for failures in (1, 2)))
    assert [each and each.failures for each in kept] == [1, None]
    assert agency.now(connection).failures == 1


async def test_a_transaction_that_fails_is_tried_again_by_each_alone(agency: Agency):
    pair = await both(agency)
    agency.work.fails = 2
    ledger = Ledger(agency.work)
    kept = await asyncio.gather(*(ledger.keep(a_line(each)) for each in pair), return_exceptions=True)
    assert isinstance(kept[0], ConnectionError)
    assert kept[1] == agency.now(pair[1])


async def test_a_writer_that_is_ended_leaves_nobody_waiting(agency: Agency):
    connection, other = await both(agency)
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
