"""A change decides anew where somebody wrote first."""

import pytest

from core.domain.refusals import Refusal, Stale
from core.usecases.record import TURNS, in_turn
from tests.builders import a_client
from tests.fakes import MemoryWork


def losing(times: int):
    """Return a change that loses its turn so many times, and the list of its turns."""
    turns = []

    async def change(unit):
        turns.append(unit)
        await unit.clients.save(a_client(channel="C0VELO"))
        if len(turns) <= times:
            raise Stale
        return len(turns)

    return change, turns


async def test_a_change_that_lost_its_turn_decides_on_what_is_there_now():
    work = MemoryWork()
    change, turns = losing(2)
    assert await in_turn(work, change) == 3
    assert len(set(map(id, turns))) == 3
    assert len(work.rows.clients) == 1


async def test_a_change_that_always_loses_gives_up_and_leaves_nothing():
    work = MemoryWork()
    change, turns = losing(99)
    with pytest.raises(Stale):
        await in_turn(work, change)
    assert (len(turns), work.rows.clients) == (TURNS, {})


async def test_a_refusal_is_no_reason_to_try_again():
    work = MemoryWork()

    async def change(unit):
        await unit.clients.save(a_client())
        raise Refusal("no")

    with pytest.raises(Refusal):
        await in_turn(work, change)
    assert work.rows.clients == {}
