"""Digests at the client's hour, once; and who may set how a client is alerted."""

import pytest

from core.domain.alerts import AlertPolicy, Rhythm
from core.domain.fact import FactKind
from core.domain.refusals import Refusal
from core.usecases.alert_settings import AlertForm
from tests.builders import NOW
from tests.unit.usecases.agency import MANAGER, REQUESTER, Agency
from tests.unit.usecases.alarms import watched


class TestDigests:
    async def test_come_at_the_clients_hour_once_whoever_ticks(self):
        agency = Agency()
        await watched(agency, alerts=AlertPolicy(digest=Rhythm.DAILY, hour=9))
        other = agency.another()
        days = []
        for _ in range(48):
            at = agency.clock.turn(hours=1)
            await agency.scheduler.tick(at)
            await other.scheduler.tick(at)
            days.append(len(agency.facts(FactKind.DIGEST_DUE)))
        assert days[-1] == 2
        assert [each["day"] for each in agency.facts(FactKind.DIGEST_DUE)] == ["2026-11-03", "2026-11-04"]

    async def test_however_late_are_one(self):
        agency = Agency()
        await watched(agency, alerts=AlertPolicy(digest=Rhythm.DAILY))
        await agency.scheduler.tick(agency.clock.turn(days=10))
        assert len(agency.facts(FactKind.DIGEST_DUE)) == 1

    async def test_of_nothing_are_not_sent(self):
        agency = Agency()
        client = await agency.client()
        await agency.alert_settings.save(MANAGER, client.id, AlertForm(digest=Rhythm.DAILY))
        await agency.scheduler.tick(NOW)
        await agency.scheduler.tick(agency.clock.turn(days=2))
        assert agency.facts(FactKind.DIGEST_DUE) == []

    async def test_follow_a_new_wish_from_its_next_hour_on(self):
        agency = Agency()
        connection = await watched(agency)
        await agency.alert_settings.save(
            MANAGER, connection.client_id, AlertForm(digest=Rhythm.DAILY, hour=9)
        )
        await agency.scheduler.tick(agency.clock.turn(minutes=1))
        assert agency.facts(FactKind.DIGEST_DUE) == []
        await agency.scheduler.tick(agency.clock.turn(days=1))
        assert len(agency.facts(FactKind.DIGEST_DUE)) == 1


class TestSettings:
    async def test_are_changed_by_those_who_look_after_the_client(self):
        agency = Agency()
        client = await agency.client()
        saved = await agency.alert_settings.save(MANAGER, client.id, AlertForm(days=(3, 7), patience=0))
        assert (saved.alerts.days, saved.alerts.patience) == ((7, 3), None)
        with pytest.raises(Refusal) as refused:
            await agency.alert_settings.save(REQUESTER, client.id, AlertForm())
        assert refused.value.code == "not_allowed"

    @pytest.mark.parametrize("form", [AlertForm(days=()), AlertForm(quiet_to="07:00"), AlertForm(days=(60,))])
    async def test_that_make_no_sense_are_refused(self, form):
        agency = Agency()
        with pytest.raises(Refusal):
            await agency.alert_settings.save(MANAGER, (await agency.client()).id, form)
