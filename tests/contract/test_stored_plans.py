"""What a batch of looks keeps together, and when the scheduler is told to come back, by every way of storing."""

from dataclasses import replace

from core.domain.client import Client
from core.domain.connection import Connection
from core.ports import Duty, Work
from tests.builders import NOW, WORKSPACE, a_fact, a_linked_connection, a_notice
from tests.contract.stored import LATER, SOON, given, ids


async def test_what_nobody_wrote_meanwhile_is_kept_and_the_rest_is_left(work: Work, client: Client):
    made = [a_linked_connection(client, provider=name) for name in ("a", "b", "c")]
    await given(work, client, *made)
    async with work.writing() as unit:
        read = [each for id_ in ids(made) if (each := await unit.connections.get(WORKSPACE, id_))]
        await unit.connections.save(replace(read[1], failures=7))
        wished = [replace(each, due_at=LATER) for each in read]
        kept = await unit.connections.save_unchanged(wished)
        await unit.commit()
    assert [(each.id, each.version) for each in kept] == [(made[0].id, 2), (made[2].id, 2)]
    async with work.reading() as unit:
        stored = [await unit.connections.get(WORKSPACE, id_) for id_ in ids(made)]
    assert stored == [kept[0], replace(read[1], failures=7, version=2), kept[1]]


async def test_a_batch_gives_back_its_own_leases_alone(work: Work, client: Client):
    ours, theirs = (replace(a_linked_connection(client, provider=name), due_at=NOW) for name in "ab")
    await given(work, client, ours, theirs)
    async with work.writing() as unit:
        claimed = await unit.connections.claim(ours.id, NOW, owner="us", until=SOON)
        other = await unit.connections.claim(theirs.id, NOW, owner="them", until=SOON)
        assert claimed
        assert other
        kept = await unit.connections.save_unchanged([claimed, other], released_by="us")
        assert ids(kept) == [ours.id]
        assert await unit.connections.claim(ours.id, NOW, owner="next", until=SOON)
        assert await unit.connections.claim(theirs.id, NOW, owner="next", until=SOON) is None


async def test_nothing_is_ever_due_where_there_is_nothing(work: Work):
    async with work.reading() as unit:
        assert await unit.next_wakes() == dict.fromkeys(Duty)


async def test_every_duty_says_when_it_can_be_taken_next(work: Work, connection: Connection):
    due = replace(connection, id="cn_due", provider="due", due_at=SOON, version=0)
    await given(work, due)
    async with work.writing() as unit:
        await unit.notices.add(a_notice(received_at=NOW))
        await unit.facts.add(a_fact(at=LATER))
        await unit.alarms.wake(WORKSPACE, connection.client_id, NOW)
        await unit.commit()
    async with work.reading() as unit:
        wakes = await unit.next_wakes()
    assert {duty: at for duty, at in wakes.items() if at} == {
        Duty.NOTICES: NOW,
        Duty.ALERTS: NOW,
        Duty.FACTS: LATER,
        Duty.CONNECTIONS: min(filter(None, (connection.due_at, SOON))),
    }


async def test_what_somebody_has_can_be_taken_once_both_are_over(work: Work, connection: Connection):
    due = replace(connection, id="cn_due", provider="due", due_at=NOW, version=0)
    await given(work, replace(connection, due_at=None), due)
    async with work.writing() as unit:
        assert await unit.connections.claim_due(NOW, owner="us", until=SOON, limit=1)
        assert (await unit.next_wakes())[Duty.CONNECTIONS] == SOON
