"""Several processes work on deliveries: each goes out once, one account at a time, no faster than it may."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.delivery import Delivery, DeliveryStep
from core.ports import Pace, UnitOfWork, Work
from tests.builders import NOW, a_client, a_connection, a_decision, a_delivery, a_post
from tests.contract.stored import SOON, given, ids
from tests.integration.races import PROCESSES, race, won


async def test_one_of_many_approvals_sends_a_post_on_its_way(works: Sequence[Work]) -> None:
    client = a_client()
    connection, post = a_connection(client), a_post(client)
    await given(works[0], client, connection, post)
    outcomes = await race(works, lambda unit, _: unit.deliveries.add(a_delivery(post, connection)))
    assert outcomes.count(True) == 1
    assert outcomes.count(False) == len(outcomes) - 1


async def test_one_of_many_decisions_of_a_person_counts(works: Sequence[Work]) -> None:
    client = a_client()
    post = a_post(client)
    await given(works[0], client, post)
    assert (await race(works, lambda unit, _: unit.posts.decide(a_decision(post)))).count(True) == 1


async def test_a_worker_and_people_who_overrule_it_have_one_winner(works: Sequence[Work]) -> None:
    client = a_client()
    connection, post = a_connection(client), a_post(client)
    added = a_delivery(post, connection)
    await given(works[0], client, connection, post, added)
    made = replace(added, version=1)

    def act(unit: UnitOfWork, number: int) -> Awaitable[Delivery]:
        if number % 2:
            return unit.deliveries.overrule(replace(made, step=DeliveryStep.CANCELLED))
        return unit.deliveries.save(replace(made, step=DeliveryStep.ASKED))

    assert won(await race(works, act)) == 1


async def test_no_two_workers_have_deliveries_of_one_connection(works: Sequence[Work]) -> None:
    """Each of 3 connections has 8 due; new ones that are due earlier come in between, so that views differ."""
    client = a_client()
    every = [a_connection(client, id=f"cn_{n}", provider=str(n)) for n in range(3)]
    await given(works[0], client, *every)

    async def post_more(work: Work, early: int) -> None:
        for connection in every:
            post = a_post(client)
            due = NOW - timedelta(seconds=early)
            await given(work, post, a_delivery(post, connection, due_at=due))

    for early in range(8):
        await post_more(works[0], early)
    done: list[str] = []
    for number in range(8, 14):
        more = asyncio.create_task(post_more(works[number % PROCESSES], number))
        outcomes = await race(
            works, lambda unit, n: unit.deliveries.claim_due(NOW, owner=str(n), until=SOON, limit=2)
        )
        await more
        taken = [each for part in outcomes if not isinstance(part, BaseException) for each in part]
        assert won(outcomes) == len(outcomes)
        assert len({each.connection_id for each in taken}) == len(taken) == len(every)
        async with works[0].writing() as unit:
            for each in taken:
                await unit.deliveries.save(replace(each, due_at=None), release=True)
            await unit.commit()
        done += ids(taken)
    assert len(set(done)) == len(done)


async def test_a_claimant_waits_for_no_person_and_no_person_for_ever(works: Sequence[Work]) -> None:
    """A person's unit writes a delivery and then its connection, a claimant looks at them the other way round."""
    client = a_client()
    connection, post = a_connection(client), a_post(client)
    made = a_delivery(post, connection)
    await given(works[0], client, connection, post, made)

    async def claim() -> Sequence[Delivery]:
        async with works[1].writing() as unit:
            taken = await unit.deliveries.claim_due(NOW, owner="a", until=SOON, limit=9)
            await asyncio.sleep(0.05)
            await unit.commit()
        return taken

    cancelled = replace(made, version=1, step=DeliveryStep.CANCELLED, due_at=None)
    async with asyncio.timeout(5):
        async with works[0].writing() as unit:
            await unit.deliveries.overrule(cancelled)
            claiming = asyncio.create_task(claim())
            await asyncio.wait([claiming], timeout=0.02)
            await unit.connections.save(replace(connection, version=1))
            await unit.commit()
        assert await claiming == []


@pytest.mark.parametrize("most", [1, 5])
async def test_calls_of_many_never_exceed_what_an_account_may(works: Sequence[Work], most: int) -> None:
    pace = Pace(endpoint="init", most=most, window=timedelta(minutes=1))
    outcomes = await race(works, lambda unit, _: unit.calls.spend("tiktok:1", [pace], NOW))
    assert outcomes.count(None) == most
    assert outcomes.count(NOW + pace.window) == len(outcomes) - most
    after = await race(works, lambda unit, _: unit.calls.spend("tiktok:1", [pace], NOW + pace.window))
    assert after.count(None) == most
