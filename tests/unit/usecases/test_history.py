"""What happened, newest first: evidence and the course of alerts, as a support case asks for it."""

from core.domain.account import Platform
from core.domain.alert_plan import ChangeKind
from core.domain.alerts import Snooze
from core.domain.course import Turn
from core.domain.evidence import Evidence
from core.domain.incident import IncidentOutcome
from core.domain.symptom import Condition
from core.usecases.history import History
from tests.builders import NOW, OUTSIDE, WORKSPACE, an_evidence
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, REQUESTER, Agency
from tests.unit.usecases.alarms import MINUTE, broken, incidents, pass_time


async def told(agency, **wish):
    return await History(work=agency.work).of(WORKSPACE, **{"client_id": None, "limit": 99} | wish)


async def test_is_of_a_client_or_of_the_workspace():
    agency = Agency()
    one, other = await agency.linked(), await agency.linked()
    async with agency.work.writing() as unit:
        for connection in (one, other):
            await unit.evidence.add(an_evidence(connection))
        await unit.commit()
    assert [each.connection_id for each in await told(agency, client_id=one.client_id)] == [one.id]
    assert len(await told(agency)) == 2
    assert len(await told(agency, limit=1)) == 1
    assert await History(work=agency.work).of(OUTSIDE, client_id=None, limit=9) == []


async def test_says_who_was_told_and_rung_who_answered_how_and_how_it_ended():
    agency = Agency()
    connection = await broken(agency)
    (incident,) = incidents(agency)
    await pass_time(agency, minutes=30)
    await agency.incidents.snooze(REQUESTER, incident.id, Snooze.HOUR)
    await pass_time(agency, minutes=60)
    await agency.incidents.acknowledge(MANAGER, incident.id)
    agency.clock.turn(minutes=30)
    await agency.link(agency.work.rows.clients[connection.client_id])
    await agency.alerting.attend_due()
    turns = [each for each in reversed(await told(agency)) if isinstance(each, Turn)]
    assert [(each.what, each.by, each.at - NOW) for each in turns] == [
        (ChangeKind.OPENED, "", 0 * MINUTE),
        (ChangeKind.RUNG, "", 30 * MINUTE),
        (ChangeKind.SNOOZED, "U0REQUESTER", 30 * MINUTE),
        (ChangeKind.WOKE, "", 90 * MINUTE),
        (ChangeKind.ACKNOWLEDGED, "U0MANAGER", 90 * MINUTE),
        (ChangeKind.CLOSED, "", 120 * MINUTE),
    ]
    assert {(each.incident_id, each.subject, each.condition) for each in turns} == {
        (incident.id, connection.id, Condition.BROKEN)
    }
    assert [each.until for each in turns if each.until] == [NOW + 90 * MINUTE]
    assert (turns[-1].outcome, turns[-1].lasted) == (IncidentOutcome.RELINKED, 120 * MINUTE)


async def test_of_the_same_moment_what_followed_comes_first():
    agency = Agency()
    await broken(agency)
    assert [type(each) for each in await told(agency)] == [Turn, Evidence]


async def test_of_one_platform_leaves_the_other_out():
    agency = Agency()
    connection = await broken(agency)
    await agency.linked(agency.work.rows.clients[connection.client_id], platform=INSTAGRAM)
    mine = {"client_id": connection.client_id}
    assert len(await told(agency, **mine, platform=Platform.TIKTOK)) == 2
    assert await told(agency, **mine, platform=Platform.INSTAGRAM) == []
    assert await told(agency, client_id="cl_other", platform=Platform.TIKTOK) == []
    assert len(await told(agency, platform=Platform.TIKTOK)) == 2
    assert await told(agency, platform=Platform.INSTAGRAM) == []
