"""What `core.ports` promises of the leases under which deliveries are worked on, held by every way of storing."""

from dataclasses import replace

import pytest

from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.delivery import DeliveryStep
from core.domain.refusals import Stale
from core.ports import Work
from tests.builders import NOW
from tests.contract.stored import LATER, SOON, ids
from tests.contract.stored_deliveries import DAY, MINUTE, claim, next_due, on_their_way, save


class TestClaims:
    async def test_take_what_is_due_first_with_a_new_fence(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        (late,) = await on_their_way(work, client, connection, SOON)
        (early,) = await on_their_way(work, client, second, NOW)
        assert await claim(work, at=NOW - MINUTE) == []
        assert await claim(work, at=SOON, limit=1) == [replace(early, fence=1)]
        assert await claim(work, "b", at=SOON) == [replace(late, fence=1)]
        assert await claim(work, "c", at=SOON) == []

    async def test_take_one_of_a_connection_at_a_time(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        later, first = await on_their_way(work, client, connection, NOW, NOW - MINUTE)
        (taken,) = await claim(work)
        assert taken.id == first.id
        assert await claim(work, "b") == []
        async with work.writing() as unit:
            await unit.deliveries.release(taken)
            await unit.commit()
        await save(work, replace(taken, due_at=None))
        assert ids(await claim(work, "b")) == [later.id]

    async def test_take_over_where_a_lease_ran_out(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW)
        (first,) = await claim(work)
        assert await claim(work, "b", at=SOON - MINUTE) == []
        (second,) = await claim(work, "b", at=SOON)
        assert (first.fence, second.fence) == (1, 2)
        with pytest.raises(Stale):
            await save(work, replace(first, step=DeliveryStep.ASKED))
        async with work.writing() as unit:
            assert not await unit.deliveries.extend(first, until=LATER)
            await unit.deliveries.release(first)
            await unit.commit()
        assert await claim(work, "c", at=SOON) == [], "who lost the fence ends nobody's lease"
        await save(work, replace(second, step=DeliveryStep.ASKED))

    async def test_last_as_long_as_they_are_extended(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW)
        (taken,) = await claim(work)
        async with work.writing() as unit:
            assert await unit.deliveries.extend(taken, until=LATER)
            await unit.commit()
        assert await claim(work, "b", at=SOON) == []
        async with work.writing() as unit:
            await unit.deliveries.release(taken)
            assert not await unit.deliveries.extend(taken, until=LATER), "what was given back is nobody's"
            await unit.commit()
        assert len(await claim(work, "b", at=SOON)) == 1

    async def test_leave_alone_what_nobody_need_act_on(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, None)
        assert await claim(work, at=LATER) == []
        assert await next_due(work) is None

    async def test_of_one_account_keep_nobody_else_waiting(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        await on_their_way(work, client, connection, *[NOW - DAY] * 5)
        (other,) = await on_their_way(work, client, second, NOW)
        assert other.id in ids(await claim(work, limit=2))


class TestWakes:
    async def test_follow_what_is_due(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        assert await next_due(work) is None
        await on_their_way(work, client, connection, LATER, SOON)
        assert await next_due(work) == SOON
        await on_their_way(work, client, second, NOW)
        assert await next_due(work) == NOW

    async def test_wait_for_the_end_of_a_lease_on_the_same_connection(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW, NOW)
        await claim(work)
        assert await next_due(work) == SOON, "the other one can't be taken before"
        await on_their_way(work, client, second, SOON - MINUTE)
        assert await next_due(work) == SOON - MINUTE
        await claim(work, "b", at=SOON, until=LATER)
        assert await next_due(work) == LATER, "a lease that ran out beside a new one opens nothing"

    async def test_look_no_further_than_what_was_given_back(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW, NOW)
        (taken,) = await claim(work)
        await save(work, replace(taken, due_at=LATER), release=True)
        assert await next_due(work) == NOW
