"""What `core.ports` promises of incidents, their messages and alarms, held by every way of storing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from core.domain.account import Platform
from core.domain.alarm import Alarm
from core.domain.alert_plan import ChangeKind
from core.domain.alerts import AlertPolicy, QuietHours, Rhythm
from core.domain.client import Client
from core.domain.course import turn_of
from core.domain.incident import Incident, IncidentOutcome
from core.domain.incident_message import IncidentMessage, Place, Sent
from core.domain.refusals import Stale
from core.domain.symptom import Condition
from core.ports import Duty, Work
from tests.builders import NOW, OUTSIDE, WORKSPACE, a_client, a_connection, an_incident, an_incident_message
from tests.contract.stored import LATER, SOON, given, ids

MONTH = timedelta(days=30)


@pytest.fixture
async def incident(work: Work, client: Client) -> Incident:
    """An open incident that is stored."""
    await given(work, client, a_connection(client, id="cn_tiktok"))
    async with work.writing() as unit:
        saved = await unit.incidents.save(an_incident(client))
        await unit.commit()
    return saved


@pytest.mark.parametrize(
    "policy",
    [
        AlertPolicy(),
        AlertPolicy(
            channel="C0ALERTS",
            days=(7, 1),
            patience=None,
            quiet=QuietHours(begins=time(22), ends=time(7, 30)),
            digest=Rhythm.NEVER,
            hour=0,
        ),
    ],
)
async def test_how_a_clients_people_hear_comes_back(work: Work, policy: AlertPolicy) -> None:
    client = a_client(alerts=policy)
    await given(work, client)
    async with work.reading() as unit:
        found = await unit.clients.get(WORKSPACE, client.id)
    assert found is not None
    assert found.alerts == policy


class TestIncidents:
    async def test_come_back_as_they_were_saved(self, work: Work, incident: Incident) -> None:
        full = replace(
            incident, act_by=NOW + MONTH, threshold=30, snoozed_until=LATER, ring_at=SOON, rung_at=SOON,
        ).acknowledged("U0MANAGER", SOON).closed(IncidentOutcome.RELINKED, LATER)  # fmt: skip
        async with work.writing() as unit:
            saved = await unit.incidents.save(full)
            assert saved == replace(full, version=2)
            assert await unit.incidents.get(WORKSPACE, incident.id) == saved
            assert await unit.incidents.get(OUTSIDE, incident.id) is None

    async def test_one_is_open_per_subject_and_condition(
        self, work: Work, client: Client, incident: Incident
    ) -> None:
        async with work.writing() as unit:
            with pytest.raises(Stale):
                await unit.incidents.save(an_incident(client))
        async with work.writing() as unit:
            await unit.incidents.save(incident.closed(IncidentOutcome.RECOVERED, SOON))
            await unit.incidents.save(an_incident(client, condition=Condition.ENDING))
            await unit.incidents.save(an_incident(client))
            await unit.commit()

    async def test_a_late_writer_is_refused(self, work: Work, incident: Incident) -> None:
        async with work.writing() as unit:
            await unit.incidents.save(incident.acknowledged("U0MANAGER", NOW))
            with pytest.raises(Stale):
                await unit.incidents.save(incident.acknowledged("U0ONCALL", NOW))

    async def test_open_ones_and_those_that_closed_lately_are_found_oldest_first(
        self, work: Work, client: Client, incident: Incident
    ) -> None:
        other = a_client()
        async with work.writing() as unit:
            await unit.clients.save(other)
            elsewhere = await unit.incidents.save(an_incident(other, subject=other.id))
            older = an_incident(client, subject="cn_2", opened_at=NOW - MONTH)
            await unit.incidents.save(older)
            over = an_incident(client, subject="cn_3").closed(IncidentOutcome.RECOVERED, SOON)
            await unit.incidents.save(over)
            assert ids(await unit.incidents.open_of_client(WORKSPACE, client.id)) == [older.id, incident.id]
            everywhere = ids(await unit.incidents.open_of_workspace(WORKSPACE))
            assert everywhere == [older.id, incident.id, elsewhere.id]
            assert await unit.incidents.open_of_workspace(OUTSIDE) == []
            assert ids(await unit.incidents.closed_since(WORKSPACE, client.id, SOON)) == [over.id]
            assert await unit.incidents.closed_since(WORKSPACE, client.id, LATER) == []


def standing(made: IncidentMessage, ts: str, *, shown: int, at: datetime) -> IncidentMessage:
    """A message once Slack has it."""
    return replace(made, channel="C0BAKERY", ts=ts, shown=shown, posted_at=at)


class TestIncidentMessages:
    async def claim(self, work: Work, owner: str = "a", at: object = NOW) -> Sequence[IncidentMessage]:
        async with work.writing() as unit:
            taken = await unit.incident_messages.claim_stale(
                WORKSPACE, "C0BAKERY", at, owner=owner, until=at + timedelta(minutes=3)
            )
            await unit.commit()
        return taken

    async def add(self, work: Work, *messages: IncidentMessage) -> list[bool]:
        async with work.writing() as unit:
            added = [await unit.incident_messages.add(each) for each in messages]
            await unit.commit()
        return added

    async def settle(self, work: Work, message: IncidentMessage, owner: str = "a") -> None:
        async with work.writing() as unit:
            await unit.incident_messages.settle(message, owner=owner)
            await unit.commit()

    async def test_there_is_one_per_incident_and_place(self, work: Work, incident: Incident) -> None:
        made = an_incident_message(incident)
        again, elsewhere = an_incident_message(incident), an_incident_message(incident, target="U0MANAGER")
        assert await self.add(work, made, again, elsewhere) == [True, False, True]
        async with work.reading() as unit:
            assert await unit.incident_messages.of_incident(WORKSPACE, incident.id) == [made, elsewhere]
            assert await unit.incident_messages.of_incident(OUTSIDE, incident.id) == []

    async def test_what_shows_less_than_its_incident_is_claimed_by_one(
        self, work: Work, incident: Incident
    ) -> None:
        await self.add(work, made := an_incident_message(incident))
        assert await self.claim(work) == [made]
        assert await self.claim(work, "b") == []
        assert await self.claim(work, "b", at=SOON) == [made], "an expired lease is somebody else's work"

    async def test_what_shows_it_all_or_was_refused_is_left_alone(
        self, work: Work, incident: Incident
    ) -> None:
        await self.add(work, made := an_incident_message(incident))
        await self.claim(work)
        posted = standing(made, "1.1", shown=incident.version, at=NOW)
        await self.settle(work, posted)
        assert await self.claim(work, "b") == []
        async with work.writing() as unit:
            await unit.incidents.save(incident.acknowledged("U0MANAGER", NOW))
            assert await unit.incident_messages.sharing(WORKSPACE, "C0BAKERY", "1.1") == [posted]
            await unit.commit()
        assert await self.claim(work, "b") == [posted]
        await self.settle(work, posted.undeliverable("is_archived"), "b")
        assert await self.claim(work) == []

    async def test_a_channel_that_two_workspaces_share_has_messages_of_each(
        self, work: Work, incident: Incident
    ) -> None:
        partner = a_client(workspace=OUTSIDE)
        await given(work, partner)
        async with work.writing() as unit:
            theirs = await unit.incidents.save(an_incident(partner, subject="cn_theirs"))
            await unit.commit()
        posted = {"channel": "C0BAKERY", "ts": "1.1"}
        ours = an_incident_message(incident, **posted)
        await self.add(work, ours, an_incident_message(theirs, **posted))
        assert await self.claim(work) == [ours]
        async with work.reading() as unit:
            assert await unit.incident_messages.sharing(WORKSPACE, "C0BAKERY", "1.1") == [ours]

    async def test_whoever_lost_the_lease_settles_nothing(self, work: Work, incident: Incident) -> None:
        await self.add(work, made := an_incident_message(incident, kind=Place.CHANNEL))
        await self.claim(work)
        await self.claim(work, "b", at=SOON)
        await self.settle(work, standing(made, "1.1", shown=1, at=SOON))
        async with work.reading() as unit:
            assert await unit.incident_messages.of_incident(WORKSPACE, incident.id) == [made]

    async def place(
        self, work: Work, message: IncidentMessage, ts: str, *, shown: int = 0, after: str = ""
    ) -> IncidentMessage | None:
        sent = Sent(channel="C0BAKERY", ts=ts, shown=shown, at=SOON)
        async with work.writing() as unit:
            placed = await unit.incident_messages.place(message.workspace, message.id, sent, after)
            await unit.commit()
        return placed

    async def test_stands_where_it_came_first_whoever_tells(self, work: Work, incident: Incident) -> None:
        await self.add(work, made := an_incident_message(incident))
        await self.claim(work)
        first = standing(made, "1.1", shown=0, at=SOON)
        assert await self.place(work, made, "1.1") == first
        await self.settle(work, made)  # its lease is over
        for ts in ("1.1", "2.2"):
            assert await self.place(work, made, ts) == first
        shown = replace(first, shown=incident.version)
        assert await self.place(work, made, "1.1", shown=incident.version) == shown
        assert await self.place(work, made, "1.1") == shown, "what is known of it stays"
        assert await self.claim(work) == []

    async def test_stands_in_place_of_the_one_that_was_lost(self, work: Work, incident: Incident) -> None:
        await self.add(work, made := an_incident_message(incident))
        await self.place(work, made, "1.1", shown=3)
        second = standing(made, "2.2", shown=0, at=SOON)
        assert await self.place(work, made, "2.2", after="1.1") == second
        assert await self.place(work, made, "3.3", after="1.1") == second
        assert await self.place(work, made, "1.1") == second

    async def test_of_others_or_unknown_stands_nowhere(self, work: Work, incident: Incident) -> None:
        await self.add(work, made := an_incident_message(incident))
        assert await self.place(work, replace(made, workspace=OUTSIDE), "1.1") is None
        assert await self.place(work, replace(made, id="im_other"), "1.1") is None
        async with work.reading() as unit:
            assert await unit.incident_messages.of_incident(WORKSPACE, incident.id) == [made]


class TestAlarms:
    async def test_are_woken_to_the_earliest(self, work: Work, client: Client) -> None:
        await given(work, client)
        async with work.writing() as unit:
            assert await unit.alarms.get(WORKSPACE, client.id) is None
            for at in (SOON, NOW, LATER):
                await unit.alarms.wake(WORKSPACE, client.id, at)
            alarm = await unit.alarms.get(WORKSPACE, client.id)
            assert alarm == Alarm(id=client.id, workspace=WORKSPACE, due_at=NOW, version=3)
            assert await unit.alarms.get(OUTSIDE, client.id) is None
            await unit.alarms.wake(OUTSIDE, client.id, NOW - MONTH)
            assert await unit.alarms.get(WORKSPACE, client.id) == alarm

    async def test_ring_earliest_first_and_some_never(self, work: Work) -> None:
        made = [a_client() for _ in range(4)]
        await given(work, *made)
        async with work.writing() as unit:
            for client, due in zip(made, (SOON, NOW, None, LATER), strict=True):
                await unit.alarms.save(Alarm(id=client.id, workspace=WORKSPACE, due_at=due))
            assert (await unit.next_wakes())[Duty.ALERTS] == NOW
            assert ids(await unit.alarms.due(SOON, limit=5)) == [made[1].id, made[0].id]
            assert ids(await unit.alarms.due(SOON, limit=1)) == [made[1].id]
            await unit.alarms.wake(WORKSPACE, made[2].id, NOW - MONTH)
            assert (await unit.next_wakes())[Duty.ALERTS] == NOW - MONTH

    async def test_news_is_never_put_off_by_a_look_that_began_before(
        self, work: Work, client: Client
    ) -> None:
        await given(work, client)
        async with work.writing() as unit:
            await unit.alarms.wake(WORKSPACE, client.id, NOW)
            looking = await unit.alarms.get(WORKSPACE, client.id)
            assert looking is not None
            await unit.alarms.wake(WORKSPACE, client.id, SOON)
            with pytest.raises(Stale):
                await unit.alarms.save(replace(looking, due_at=LATER))


class TestTheCourse:
    async def test_of_incidents_is_kept_newest_first(self, work: Work, client: Client, incident: Incident):
        opened = turn_of(ChangeKind.OPENED, incident, at=NOW)
        put_off = incident.snoozed("U0MANAGER", SOON, LATER)
        snoozed = turn_of(ChangeKind.SNOOZED, put_off, at=SOON, by="U0MANAGER")
        over = incident.closed(IncidentOutcome.RELINKED, LATER)
        closed = turn_of(ChangeKind.CLOSED, over, at=LATER)
        assert opened
        assert snoozed
        assert closed
        async with work.writing() as unit:
            for each in (opened, snoozed, closed):
                await unit.incidents.note(each)
            await unit.commit()
        async with work.reading() as unit:
            course = unit.incidents.course
            assert await course(WORKSPACE, client_id=None, limit=9) == [closed, snoozed, opened]
            assert await course(WORKSPACE, client_id=client.id, platform=Platform.TIKTOK, limit=1) == [closed]
            assert await course(WORKSPACE, client_id=None, platform=Platform.INSTAGRAM, limit=9) == []
            assert await course(WORKSPACE, client_id="cl_other", limit=9) == []
            assert await course(OUTSIDE, client_id=None, limit=9) == []
        assert (snoozed.until, closed.outcome) == (LATER, IncidentOutcome.RELINKED)

    async def test_of_what_nobody_saw_is_none(self, incident: Incident):
        assert turn_of(ChangeKind.UPDATED, incident, at=NOW) is None
