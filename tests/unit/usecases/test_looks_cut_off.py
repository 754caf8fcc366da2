"""A process that ends while it looks: what only reads is cut off, an answer that may hold new tokens is waited for."""

import asyncio

import pytest

from core.domain.connection import Connection
from core.domain.errors import Trouble, Unconfirmed
from core.domain.verdict import State
from core.usecases.watching import LEASE
from tests.unit.usecases.agency import Agency


class Call:
    """A call to TikTok that hangs until it is answered, with Trouble where that is given."""

    def __init__(self, agency: Agency, name: str) -> None:
        self._asked, self._answered = asyncio.Event(), asyncio.Event()
        self._trouble: Trouble | None = None
        agency.tiktok.meanwhile[name] = self._hang

    async def _hang(self) -> None:
        self._asked.set()
        await self._answered.wait()
        if self._trouble is not None:
            raise self._trouble

    async def is_asked(self) -> None:
        await asyncio.wait_for(self._asked.wait(), 5)

    def answer(self, trouble: Trouble | None = None) -> None:
        self._trouble = trouble
        self._answered.set()


async def cut_off(agency: Agency, call: Call) -> asyncio.Task[int]:
    """Return a pass of the scheduler that was told to end while it is in a call."""
    looks = asyncio.create_task(agency.watching.look_at_due(agency.clock.turn(hours=13)))
    await call.is_asked()
    agency.watching.drain()
    looks.cancel()
    await asyncio.wait({looks}, timeout=0.05)
    return looks


async def is_free(agency: Agency, connection: Connection) -> bool:
    """True where another process can look at it at once."""
    now = agency.clock.now()
    async with agency.work.writing() as unit:
        claimed = await unit.connections.claim(connection.id, now, owner="another", until=now + LEASE)
    return claimed is not None


async def test_a_proof_is_cut_off_and_the_link_given_back():
    agency = Agency()
    connection = await agency.linked()
    looks = await cut_off(agency, Call(agency, "prove"))
    assert looks.cancelled()
    assert await is_free(agency, connection)


async def test_a_renewal_is_waited_for_and_stored():
    agency = Agency()
    connection = await agency.linked()
    call = Call(agency, "refresh")
    looks = await cut_off(agency, call)
    assert not looks.done()
    call.answer()
    with pytest.raises(asyncio.CancelledError):
        await looks
    assert agency.held(connection).issued_at == agency.clock.now()
    assert agency.tiktok.calls == ["refresh"]
    assert await is_free(agency, connection)


async def test_a_renewal_without_an_answer_ends_with_its_call_and_is_asked_again_by_the_next(caplog):
    agency = Agency()
    connection = await agency.linked()
    call = Call(agency, "refresh")
    looks = await cut_off(agency, call)
    call.answer(Unconfirmed("ReadTimeout"))
    with pytest.raises(asyncio.CancelledError):
        await looks
    assert await is_free(agency, connection)
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []
    await agency.another().watching.look_at_due(agency.clock.now())
    assert agency.now(connection).state is State.AUTHORIZED
    assert agency.held(connection).issued_at == agency.clock.now()


async def test_who_wants_to_know_while_a_process_ends_gets_what_is_known():
    agency = Agency()
    connection = await agency.linked()
    agency.watching.drain()
    assert await agency.watching.look(connection.workspace, connection.id) == connection
    assert agency.tiktok.calls == []
