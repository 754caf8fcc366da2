"""Alerting: from what moved and what time it is to incidents, the places that show them, and digests."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from core.domain.alert_plan import ChangeKind
from core.domain.alerts import AlertPolicy, QuietHours, Rhythm, Snooze
from core.domain.errors import PlatformDown
from core.domain.fact import FactKind
from core.domain.incident import IncidentOutcome, IncidentStep
from core.domain.incident_message import Place
from core.domain.refusals import Refusal
from core.domain.silence import ALONE_FOR
from core.domain.symptom import SPLIT_SETTLES, UNLINK_TAKES, Condition
from core.domain.verdict import UNPROVED_AFTER, State
from core.ports import Waiting
from core.usecases.alert_settings import AlertForm
from core.usecases.alerting import BATCH
from tests.builders import NOW, a_notice, credentials
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, TIKTOK, Agency

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
QUIETLY = AlertPolicy(digest=Rhythm.NEVER)


async def broken(agency, **client):
    """A client whose TikTok app was removed by its owner, as a webhook says."""
    connection = await agency.linked(await agency.client(**{"alerts": QUIETLY} | client))
    await agency.notices.receive(a_notice(account_ids=connection.account.known_as(), at=agency.clock.now()))
    await agency.notices.handle_due(agency.clock.now())
    await agency.alerting.attend_due()
    return agency.now(connection)


async def watched(agency, **changes):
    """A linked client whose alarm is set."""
    connection = await agency.linked(await agency.client(**{"alerts": QUIETLY} | changes))
    async with agency.work.writing() as unit:
        await unit.alarms.wake(connection.workspace, connection.client_id, agency.clock.now())
        await unit.commit()
    await agency.alerting.attend_due()
    return connection


def incidents(agency, *, condition=Condition.BROKEN):
    return [each for each in agency.work.rows.incidents.values() if each.condition is condition]


def course(agency):
    return [each["change"] for each in agency.facts(FactKind.INCIDENT_CHANGED)]


def places(agency):
    return [(each.kind, each.target) for each in agency.work.rows.incident_messages.values()]


async def pass_time(agency, **parts):
    agency.clock.turn(**parts)
    return await agency.alerting.attend_due()


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
    tiktok, _ = await pair(agency)
    await agency.unlinking.ask(MANAGER, tiktok.client_id, [TIKTOK])
    await agency.notices.receive(
        a_notice(account_ids=tiktok.account.known_as(), at=agency.clock.turn(minutes=1))
    )
    await agency.scheduler.tick(agency.clock.now())
    await agency.scheduler.tick(agency.clock.turn(SPLIT_SETTLES))
    (incident,) = incidents(agency, condition=Condition.SPLIT)
    assert incident.subject == tiktok.client_id


async def pair(agency):
    client = await agency.client(alerts=QUIETLY)
    return [await agency.linked(client, platform=each) for each in agency.platforms]


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
            agency.queue.posts[connection.id] = Waiting(count=posts)
            hours = 0
            while ChangeKind.RUNG not in course(agency):
                hours += 1
                async with agency.work.writing() as unit:
                    await unit.alarms.wake(connection.workspace, connection.client_id, agency.clock.now())
                    await unit.commit()
                await pass_time(agency, hours=1)
            assert hours == rung_after


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


async def test_one_client_that_cannot_be_looked_at_stops_no_other(caplog):
    agency = Agency()
    quiet = replace(QUIETLY, quiet=QuietHours(begins=time(22), ends=time(7)))
    ill = await agency.linked(await agency.client(alerts=quiet), platform=INSTAGRAM)
    await broken(agency)

    async def failing(clients):
        if (ill.workspace, ill.client_id) in clients:
            raise RuntimeError("a bug")
        return frozenset()

    agency.queue.awaited = failing
    async with agency.work.writing() as unit:
        for client in agency.work.rows.clients.values():
            await unit.alarms.wake(client.workspace, client.id, agency.clock.now())
        await unit.commit()
    with pytest.raises(RuntimeError):
        await pass_time(agency, minutes=30)
    assert course(agency) == [ChangeKind.OPENED, ChangeKind.RUNG]
    assert "could not be attended" in caplog.text
    assert BATCH > 1
