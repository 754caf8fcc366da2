"""Alerting: what moved and what time it is become one incident a condition, which closes by itself."""

from dataclasses import replace
from datetime import time

import pytest

from core.domain.alert_plan import ChangeKind
from core.domain.alerts import QuietHours
from core.domain.errors import PlatformDown
from core.domain.fact import FactKind
from core.domain.incident import IncidentOutcome
from core.domain.incident_message import Place
from core.domain.symptom import SPLIT_SETTLES, UNLINK_TAKES, Condition
from core.usecases import alerting
from core.usecases.alerting import BATCH
from core.usecases.record import RETRY_AFTER
from tests.builders import NOW, a_notice
from tests.fakes import MemoryWork
from tests.memory_deliveries import Deliveries
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, TIKTOK, Agency
from tests.unit.usecases.alarms import (
    HOUR,
    MINUTE,
    QUIETLY,
    broken,
    course,
    incidents,
    pass_time,
    places,
    watched,
)
from tests.unit.usecases.looks import pair


async def test_a_removal_opens_one_incident_in_the_clients_channel():
    agency = Agency()
    connection = await broken(agency)
    (incident,) = incidents(agency)
    assert (incident.subject, incident.reason) == (connection.id, "removed_at_platform")
    assert course(agency) == [ChangeKind.OPENED]
    client = agency.work.rows.clients[incident.client_id]
    assert places(agency) == [(Place.CHANNEL, client.channel)]


async def test_and_in_the_on_call_channel_where_there_is_one():
    agency = Agency()
    await broken(agency, alerts=replace(QUIETLY, channel="C0ALERTS"))
    assert places(agency)[1:] == [(Place.ONCALL, "C0ALERTS")]


async def test_repeated_news_and_looks_open_nothing_more():
    agency = Agency()
    connection = await broken(agency)
    agency.tiktok.always("prove", PlatformDown("500"))
    for _ in range(3):
        await agency.notices.receive(
            a_notice(account_ids=connection.account.known_as(), at=agency.clock.turn(minutes=1))
        )
        await agency.scheduler.tick(agency.clock.now())
    assert len(incidents(agency)) == 1
    assert course(agency) == [ChangeKind.OPENED]


async def test_two_processes_open_one():
    agency = Agency()
    connection = await agency.linked(await agency.client(alerts=QUIETLY))
    await agency.notices.receive(a_notice(account_ids=connection.account.known_as()))
    await agency.notices.handle_due(NOW)
    assert [await each.alerting.attend_due() for each in (agency, agency.another())] == [1, 0]
    assert len(incidents(agency)) == 1


async def test_an_hours_outage_after_a_break_changes_nothing():
    agency = Agency()
    await broken(agency)
    agency.tiktok.always("prove", PlatformDown("500"))
    for _ in range(6):
        await agency.scheduler.tick(agency.clock.turn(minutes=4))
    assert course(agency) == [ChangeKind.OPENED]


async def test_the_thresholds_are_told_one_after_the_other():
    agency = Agency()
    connection = await watched(agency)
    agency.tiktok.always("refresh", PlatformDown("500"))
    agency.clock.turn(days=334)
    await agency.scheduler.tick(agency.clock.now())
    told = []
    for _ in range(33):
        await agency.scheduler.tick(agency.clock.turn(days=1))
        changes = agency.facts(FactKind.INCIDENT_CHANGED)
        told.append(len([each for each in changes if each["condition"] != Condition.UNPROVED]))
    days = [335 + day for day in range(33) if told[day] > (told[day - 1] if day else 0)]
    assert days == [335, 351, 358, 362, 364, 365, 366]
    (warning,) = incidents(agency, condition=Condition.ENDING)
    assert warning.outcome is IncidentOutcome.BROKE
    assert incidents(agency)[0].subject == connection.id


async def test_a_relink_closes_it_with_how_long_it_lasted():
    agency = Agency()
    connection = await broken(agency)
    agency.clock.turn(hours=2)
    client = agency.work.rows.clients[connection.client_id]
    await agency.link(client)
    await agency.alerting.attend_due()
    (incident,) = incidents(agency)
    assert (incident.outcome, incident.lasted) == (IncidentOutcome.RELINKED, 2 * HOUR)


async def test_an_unlink_is_an_incident_only_while_it_stays_unproved():
    agency = Agency()
    connection = await agency.ending(client=await agency.client(alerts=QUIETLY))
    await agency.alerting.attend_due()
    assert incidents(agency, condition=Condition.UNLINKING) == []
    await pass_time(agency, minutes=1)
    assert UNLINK_TAKES <= MINUTE
    (incident,) = incidents(agency, condition=Condition.UNLINKING)
    agency.tiktok.always("prove", None)
    await agency.notices.receive(
        a_notice(account_ids=connection.account.known_as(), at=agency.clock.turn(minutes=1))
    )
    await agency.scheduler.tick(agency.clock.now())
    assert agency.work.rows.incidents[incident.id].outcome is IncidentOutcome.UNLINKED


async def test_a_pair_of_which_one_half_was_let_go_is_told_later():
    agency = Agency()
    tiktok, _ = await pair(agency, alerts=QUIETLY)
    await agency.unlinking.ask(MANAGER, tiktok.client_id, [TIKTOK])
    await agency.notices.receive(
        a_notice(account_ids=tiktok.account.known_as(), at=agency.clock.turn(minutes=1))
    )
    await agency.scheduler.tick(agency.clock.now())
    await agency.scheduler.tick(agency.clock.turn(SPLIT_SETTLES))
    (incident,) = incidents(agency, condition=Condition.SPLIT)
    assert incident.subject == tiktok.client_id


async def test_one_client_that_cannot_be_looked_at_stops_no_other(caplog, monkeypatch):
    agency = Agency()
    quiet = replace(QUIETLY, quiet=QuietHours(begins=time(22), ends=time(7)))
    ill = await agency.linked(await agency.client(alerts=quiet), platform=INSTAGRAM)
    await broken(agency)

    read = Deliveries.of_connection

    async def failing(self, workspace, connection_id, *, steps):
        if connection_id == ill.id:
            raise RuntimeError("a bug")
        return await read(self, workspace, connection_id, steps=steps)

    monkeypatch.setattr(Deliveries, "of_connection", failing)
    async with agency.work.writing() as unit:
        for client in agency.work.rows.clients.values():
            await unit.alarms.wake(client.workspace, client.id, agency.clock.now())
        await unit.commit()
    with pytest.raises(RuntimeError):
        await pass_time(agency, minutes=30)
    assert course(agency) == [ChangeKind.OPENED, ChangeKind.RUNG]
    assert "could not be attended" in caplog.text
    assert BATCH > 1


async def test_clients_that_cannot_be_looked_at_keep_no_other_from_its_turn(monkeypatch):
    monkeypatch.setattr(alerting, "BATCH", 1)
    agency = Agency()
    ill, well = [await agency.linked() for _ in range(2)]
    attend = agency.alerting._attend

    async def failing(alarm, unit):
        if alarm.id == ill.client_id:
            raise RuntimeError("a bug")
        await attend(alarm, unit)

    monkeypatch.setattr(agency.alerting, "_attend", failing)
    async with agency.work.writing() as unit:
        await unit.alarms.wake(ill.workspace, ill.client_id, NOW)
        await unit.alarms.wake(well.workspace, well.client_id, agency.clock.turn(seconds=1))
        await unit.commit()
    with pytest.raises(RuntimeError):
        await agency.alerting.attend_due()
    assert await agency.alerting.attend_due() == 1
    assert agency.work.rows.alarms[well.client_id].due_at != agency.clock.now()
    assert agency.work.rows.alarms[ill.client_id].due_at == agency.clock.now() + RETRY_AFTER


async def test_a_look_opens_no_unit_inside_its_own(monkeypatch):
    agency = Agency()
    quiet = replace(QUIETLY, quiet=QuietHours(begins=time(22), ends=time(7)))
    connection = await agency.linked(await agency.client(alerts=quiet))
    async with agency.work.writing() as unit:
        await unit.alarms.wake(connection.workspace, connection.client_id, NOW)
        await unit.commit()
    read = MemoryWork.reading

    def alone(work):
        assert not work._turn.locked(), "two connections to the database at once"
        return read(work)

    monkeypatch.setattr(MemoryWork, "reading", alone)
    assert await agency.alerting.attend_due() == 1
