"""What people do about incidents, and whom an incident rings that nobody answers."""

from dataclasses import replace

import pytest

from core.domain.alert_plan import ChangeKind
from core.domain.alerts import Rhythm, Snooze
from core.domain.incident import IncidentStep
from core.domain.incident_message import Place
from core.domain.refusals import Refusal
from core.usecases.alert_settings import AlertForm
from tests.builders import a_delivery, a_post
from tests.unit.usecases.agency import MANAGER, OUTSIDER, REQUESTER, Agency
from tests.unit.usecases.alarms import QUIETLY, broken, course, incidents, pass_time, places


class TestAnswers:
    async def test_whoever_acknowledges_is_written_down_and_nobody_is_rung(self):
        agency = Agency()
        await broken(agency)
        answered = await agency.incidents.acknowledge(REQUESTER, incidents(agency)[0].id)
        assert (answered.incident.answered_by, answered.is_new) == ("U0REQUESTER", True)
        await pass_time(agency, days=1)
        assert course(agency) == [ChangeKind.OPENED, ChangeKind.ACKNOWLEDGED]

    async def test_who_comes_second_changes_nothing(self):
        agency = Agency()
        await broken(agency)
        id_ = incidents(agency)[0].id
        await agency.incidents.acknowledge(REQUESTER, id_)
        second = await agency.incidents.acknowledge(MANAGER, id_)
        assert (second.incident.answered_by, second.is_new) == ("U0REQUESTER", False)

    async def test_a_snooze_wakes_by_itself(self):
        agency = Agency()
        await broken(agency)
        await agency.incidents.snooze(REQUESTER, incidents(agency)[0].id, Snooze.HOUR)
        await pass_time(agency, minutes=59)
        assert incidents(agency)[0].step is IncidentStep.SNOOZED
        await pass_time(agency, minutes=1)
        assert incidents(agency)[0].step is IncidentStep.OPEN
        assert course(agency)[-1] == ChangeKind.WOKE

    @pytest.mark.parametrize(
        ("person", "choice", "code"),
        [
            (OUTSIDER, Snooze.HOUR, "outsider"),
            (REQUESTER, Snooze.DAY_BEFORE, "snooze_too_late"),
            (replace(REQUESTER, workspace="T0OTHER", home="T0OTHER"), Snooze.HOUR, "incident_gone"),
        ],
    )
    async def test_are_refused_where_they_make_no_sense(self, person, choice, code):
        agency = Agency()
        await broken(agency)
        with pytest.raises(Refusal) as refused:
            await agency.incidents.snooze(person, incidents(agency)[0].id, choice)
        assert refused.value.code == code

    async def test_come_too_late_once_it_is_over(self):
        agency = Agency()
        connection = await broken(agency)
        agency.clock.turn(hours=1)
        await agency.link(agency.work.rows.clients[connection.client_id])
        await agency.alerting.attend_due()
        with pytest.raises(Refusal) as refused:
            await agency.incidents.acknowledge(REQUESTER, incidents(agency)[0].id)
        assert refused.value.code == "incident_over"


class TestRinging:
    async def test_goes_to_the_people_on_call_where_no_channel_rings(self):
        agency = Agency()
        await broken(agency)
        await pass_time(agency, minutes=30)
        assert course(agency) == [ChangeKind.OPENED, ChangeKind.RUNG]
        assert places(agency)[1:] == [(Place.PERSON, "U0ONCALL")]

    async def test_goes_to_the_managers_where_nobody_is_on_call(self):
        agency = Agency()
        await broken(agency, oncall=())
        await pass_time(agency, minutes=30)
        assert places(agency)[1:] == [(Place.PERSON, "U0MANAGER")]

    async def test_stays_in_the_on_call_channel(self):
        agency = Agency()
        await broken(agency, alerts=replace(QUIETLY, channel="C0ALERTS"))
        await pass_time(agency, minutes=30)
        assert len(places(agency)) == 2

    async def test_happens_once(self):
        agency = Agency()
        await broken(agency)
        for _ in range(50):
            await pass_time(agency, hours=1)
        assert course(agency) == [ChangeKind.OPENED, ChangeKind.RUNG]

    async def test_of_quiet_hours_waits_for_the_morning_unless_posts_wait(self):
        for posts, rung_after in ((0, 8), (2, 1)):
            agency = Agency()
            agency.clock.turn(hours=13)  # eleven at night in Berlin
            form = AlertForm(quiet_from="22:00", quiet_to="07:00", digest=Rhythm.NEVER)
            connection = await broken(agency, alerts=form.policy())
            client = agency.work.rows.clients[connection.client_id]
            async with agency.work.writing() as unit:
                for post in [a_post(client) for _ in range(posts)]:
                    await unit.posts.save(post)
                    await unit.deliveries.add(a_delivery(post, connection))
                await unit.commit()
            hours = 0
            while ChangeKind.RUNG not in course(agency):
                hours += 1
                async with agency.work.writing() as unit:
                    await unit.alarms.wake(connection.workspace, connection.client_id, agency.clock.now())
                    await unit.commit()
                await pass_time(agency, hours=1)
            assert hours == rung_after
