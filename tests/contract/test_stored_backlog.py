"""How much waits is counted the same way by every storage, and never further than asked."""

from dataclasses import replace

from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.incident import IncidentOutcome, IncidentStep
from core.domain.symptom import Condition
from core.ports import Duty, Work
from tests.builders import NOW, WORKSPACE, a_delivery, a_fact, a_notice, a_post, an_incident
from tests.contract.stored import LATER, given


async def test_nothing_waits_at_first(work: Work):
    async with work.reading() as unit:
        found = await unit.backlog(NOW, most=100)
    assert found.due == dict.fromkeys(Duty, 0)
    assert found.incidents == dict.fromkeys(Condition, 0)


async def test_what_is_due_is_counted_up_to_a_bound(work: Work, connection: Connection):
    post = a_post(id="po_1", client_id=connection.client_id, due_at=NOW)
    await given(work, post, a_delivery(post, connection))
    async with work.writing() as unit:
        await unit.notices.add(a_notice())
        await unit.alarms.wake(WORKSPACE, connection.client_id, NOW)
        for _ in range(3):
            await unit.facts.add(a_fact())
        await unit.facts.add(a_fact(at=LATER))
        await unit.commit()
    async with work.reading() as unit:
        some, every = await unit.backlog(NOW, most=2), await unit.backlog(NOW, most=100)
        before = await unit.backlog(NOW.replace(year=2000), most=100)
    assert some.due[Duty.FACTS] == 2
    assert {duty: every.due[duty] for duty in Duty if duty is not Duty.CONNECTIONS} == {
        Duty.NOTICES: 1, Duty.ALERTS: 1, Duty.FACTS: 3, Duty.INVITATIONS: 0, Duty.POSTS: 1, Duty.DELIVERIES: 1,
    }  # fmt: skip
    assert set(before.due.values()) == {0}


async def test_open_incidents_are_counted_by_what_is_wrong(work: Work, client: Client):
    closed = an_incident(
        client,
        subject="cn_3",
        step=IncidentStep.CLOSED,
        outcome=next(iter(IncidentOutcome)),
        closed_at=NOW,
    )
    ending = an_incident(client, condition=Condition.ENDING)
    every = [an_incident(client), an_incident(client, subject="cn_2"), ending, closed]
    async with work.writing() as unit:
        await unit.clients.save(client)
        for each in every:
            await unit.incidents.save(replace(each))
        await unit.commit()
    async with work.reading() as unit:
        found = (await unit.backlog(NOW, most=100)).incidents
    assert found == {
        Condition.BROKEN: 2, Condition.ENDING: 1, Condition.UNLINKING: 0, Condition.SPLIT: 0,
        Condition.UNPROVED: 0,
    }  # fmt: skip
