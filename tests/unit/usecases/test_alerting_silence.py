"""Platforms that answer nobody alarm nobody; one link alone that goes unproved is told, once."""

import pytest

from core.domain.alert_plan import ChangeKind
from core.domain.errors import PlatformDown
from core.domain.incident import IncidentOutcome
from core.domain.silence import ALONE_FOR
from core.domain.symptom import Condition
from core.domain.verdict import UNPROVED_AFTER, State
from tests.builders import NOW, credentials
from tests.unit.usecases.agency import Agency
from tests.unit.usecases.alarms import DAY, HOUR, QUIETLY, course, incidents, watched

AMBIGUOUS = [PlatformDown("500"), PlatformDown("100/33")]


@pytest.mark.parametrize("trouble", AMBIGUOUS)
async def test_a_platform_that_answers_nobody_for_weeks_is_nobodys_business(trouble):
    agency = Agency()
    await watched(agency)
    other = await agency.client(id="cl_velo", name="Velo Werk", channel="C0VELO", alerts=QUIETLY)
    await agency.linked(other, id="cn_velo")
    agency.tiktok.always("prove", trouble)
    agency.tiktok.always("refresh", trouble)
    for _ in range(100):
        await agency.scheduler.tick(agency.clock.turn(hours=6))
    assert course(agency) == []


@pytest.mark.parametrize("trouble", AMBIGUOUS)
async def test_one_link_alone_that_is_not_proved_for_a_week_is_told_once(trouble):
    agency = Agency()
    connection = await watched(agency)
    agency.tiktok.always("prove", trouble)
    agency.tiktok.always("refresh", trouble)
    told = []
    for _ in range(100):
        await agency.scheduler.tick(agency.clock.turn(hours=6))
        told.append(len(course(agency)))
    assert ALONE_FOR <= (told.index(1) + 1) * 6 * HOUR <= ALONE_FOR + 6 * HOUR
    assert told[-1] == 1
    (incident,) = incidents(agency, condition=Condition.UNPROVED)
    assert (incident.subject, incident.since) == (connection.id, connection.sides.proved_at)
    assert agency.now(connection).state is State.REFRESH_REQUIRED


async def test_one_link_among_others_is_told_after_days_and_closes_by_itself(monkeypatch):
    agency, other = Agency(), {"id": "cl_velo", "name": "Velo Werk", "channel": "C0VELO", "alerts": QUIETLY}
    held = [credentials(access_expires_at=NOW + 60 * DAY) for _ in range(2)]
    silent = await agency.linked(await agency.client(alerts=QUIETLY), credentials=held[0])
    await agency.linked(await agency.client(**other), id="cn_velo", credentials=held[1])
    prove, muted = agency.tiktok.prove, agency.held(silent).access

    async def muddled(given, **named):
        if given.access == muted:
            raise PlatformDown("internal_error", log_id="202611210001")
        return await prove(given, **named)

    monkeypatch.setattr(agency.tiktok, "prove", muddled)
    for _ in range(40):
        await agency.scheduler.tick(agency.clock.turn(hours=6))
    (incident,) = incidents(agency, condition=Condition.UNPROVED)
    assert (incident.subject, incident.ring_at) == (silent.id, None)
    assert UNPROVED_AFTER <= incident.opened_at - silent.sides.proved_at <= UNPROVED_AFTER + 7 * HOUR
    assert [each.log_id for each in agency.history(silent)] == ["202611210001"] * 3
    monkeypatch.setattr(agency.tiktok, "prove", prove)
    await agency.scheduler.tick(agency.clock.turn(hours=6))
    assert course(agency) == [ChangeKind.OPENED, ChangeKind.CLOSED]
    (over,) = incidents(agency, condition=Condition.UNPROVED)
    assert over.outcome is IncidentOutcome.RECOVERED
