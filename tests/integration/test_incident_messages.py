"""Incidents in the emulated Slack: one message per place, edited, recreated, batched, and told to somebody always."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.alert_plan import ChangeKind
from core.domain.alerts import AlertPolicy, QuietHours, Rhythm
from core.domain.errors import PlatformDown, Throttled
from core.domain.fact import FactKind
from core.domain.ids import new_id
from core.domain.incident import IncidentOutcome
from core.domain.incident_message import IncidentMessage, Place
from core.domain.symptom import Condition
from core.domain.verdict import Reason
from core.ports import Waiting
from tests.builders import NOW, a_fact, a_linked_connection, an_incident
from tests.integration.stage import BAKERY, BROKEN, CHANNEL, MANAGER, TEAM, a_stage

ALERTS, DAY = "C0ALERTS", timedelta(days=1)
ONCALL = replace(BAKERY, alerts=AlertPolicy(channel=ALERTS, digest=Rhythm.NEVER))
QUIET = replace(BAKERY, alerts=AlertPolicy(quiet=QuietHours(begins=NOW.time(), ends=NOW.time())))


@pytest.fixture
async def stage():
    async with a_stage() as made:
        yield made


async def opens(stage, client=BAKERY, connection=BROKEN, **changes):
    """An incident as alerting opens it, and its fact."""
    places = [(Place.CHANNEL, client.channel)]
    if client.alerts.channel:
        places.append((Place.ONCALL, client.alerts.channel))
    async with stage.work.writing() as unit:
        if await unit.clients.get(TEAM, client.id) is None:
            await unit.clients.save(client)
        if await unit.connections.get(TEAM, connection.id) is None:
            await unit.connections.save(connection)
        incident = await unit.incidents.save(an_incident(client, **{"subject": connection.id} | changes))
        for kind, target in places:
            message = IncidentMessage(
                id=new_id("im"), workspace=TEAM, incident_id=incident.id, kind=kind, target=target
            )
            await unit.incident_messages.add(message)
        await unit.commit()
    return incident


async def becomes(stage, incident):
    async with stage.work.writing() as unit:
        saved = await unit.incidents.save(incident)
        await unit.commit()
    return saved


async def rings(stage, incident, person="U0ONCALL"):
    """Those on call are rung directly: a row of their own, once, as alerting adds it."""
    async with stage.work.writing() as unit:
        saved = await unit.incidents.save(incident.rung(stage.clock.now()))
        row = IncidentMessage(
            id=new_id("im"), workspace=TEAM, incident_id=saved.id, kind=Place.PERSON, target=person
        )
        await unit.incident_messages.add(row)
        await unit.commit()
    await tell(stage, saved, ChangeKind.RUNG)
    return saved


def news(incident, kind=ChangeKind.OPENED, at=NOW):
    return a_fact(
        kind=FactKind.INCIDENT_CHANGED,
        at=at,
        subject=incident.id,
        client_id=incident.client_id,
        details={"change": kind, "by": incident.answered_by},
    )


async def tell(stage, incident, kind=ChangeKind.OPENED):
    await stage.messenger.tell(news(incident, kind, stage.clock.now()))


def top(stage, channel=CHANNEL):
    """What stands in a channel itself, without threads."""
    return [each["text"] for each in stage.seen(channel) if each.get("thread_ts") in {None, each["ts"]}]


def thread(stage, channel=CHANNEL):
    return [each["text"] for each in stage.seen(channel) if each.get("thread_ts") not in {None, each["ts"]}]


class TestOneMessage:
    async def test_per_place_says_what_happened(self, stage):
        await tell(stage, await opens(stage, ONCALL))
        for channel in (CHANNEL, ALERTS):
            (said,) = top(stage, channel)
            assert said.startswith(
                "🔴 TikTok @nordlicht.bakery of *Nordlicht Bakery* no longer does its job."
            )
        assert thread(stage) == []

    async def test_is_edited_when_somebody_answers_and_when_it_is_over(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        incident = await becomes(stage, incident.acknowledged("U0ONCALL", NOW))
        await tell(stage, incident, ChangeKind.ACKNOWLEDGED)
        (message,) = [each for each in stage.seen() if "thread_ts" not in each]
        assert "Acknowledged by <@U0ONCALL>" in str(message["blocks"])
        stage.clock.turn(hours=3)
        over = await becomes(stage, incident.closed(IncidentOutcome.RECOVERED, stage.clock.now()))
        await tell(stage, over, ChangeKind.CLOSED)
        assert top(stage) == [
            "✅ TikTok @nordlicht.bakery of *Nordlicht Bakery* works again by itself. Nothing to do."
        ]
        assert thread(stage)[0] == "TikTok of *Nordlicht Bakery*: <@U0ONCALL> takes care of it."
        assert "It lasted 3 hours." in thread(stage)[-1]

    async def test_told_again_comes_once(self, stage):
        incident = await opens(stage)
        for _ in range(3):
            await tell(stage, incident)
        fact = news(await becomes(stage, incident.acknowledged("U0ONCALL", NOW)), ChangeKind.ACKNOWLEDGED)
        for _ in range(3):
            await stage.messenger.tell(fact)
        assert (len(top(stage)), len(thread(stage))) == (1, 1)

    async def test_comes_once_from_many_processes_at_once(self, stage):
        incident = await opens(stage, ONCALL)
        others = [stage.another(f"process {number}") for number in range(4)]
        outcomes = await asyncio.gather(
            *(each.tell(news(incident)) for each in others), return_exceptions=True
        )
        assert [type(each) for each in outcomes if each is not None] in (
            [],
            *[[Throttled] * n for n in (1, 2, 3)],
        )
        assert len(top(stage)) == len(top(stage, ALERTS)) == 1

    async def test_shows_what_is_new_at_once_together(self, stage):
        other = a_linked_connection(BAKERY, id="cn_instagram", platform="instagram", linked_at=NOW)
        first = await opens(stage)
        second = await opens(stage, connection=other)
        await tell(stage, first)
        await tell(stage, second)
        (said,) = top(stage)
        assert "TikTok" in said
        assert "Instagram" in said
        over = await becomes(stage, second.closed(IncidentOutcome.RELINKED, NOW))
        await tell(stage, over, ChangeKind.CLOSED)
        (said,) = top(stage)
        assert "🔴 TikTok" in said
        assert "✅ Instagram" in said

    async def test_shows_other_clients_in_the_on_call_channel_too(self, stage):
        velo = replace(ONCALL, id="cl_velo", name="Velo Werk", channel="C0VELO")
        mine = await opens(stage, ONCALL)
        theirs = await opens(stage, velo, replace(BROKEN, id="cn_velo", client_id=velo.id))
        await tell(stage, mine)
        await tell(stage, theirs)
        assert len(top(stage, ALERTS)) == len(top(stage)) == len(top(stage, "C0VELO")) == 1
        assert "Velo Werk" in top(stage, ALERTS)[0]

    async def test_that_was_over_before_anybody_heard_is_none(self, stage):
        incident = await opens(stage)
        over = await becomes(stage, incident.closed(IncidentOutcome.RECOVERED, NOW))
        await tell(stage, incident)
        await tell(stage, over, ChangeKind.CLOSED)
        assert top(stage) == []

    async def test_mentions_nobody_in_quiet_hours_unless_posts_wait(self, stage):
        incident = await opens(stage, QUIET)
        await tell(stage, incident)
        assert "<@" not in str(stage.seen()[0]["blocks"])
        stage.queue.posts[BROKEN.id] = Waiting(count=2, first_at=NOW)
        stage.clock.turn(minutes=1)
        await tell(stage, await becomes(stage, incident.rung(NOW)), ChangeKind.RUNG)
        assert "2 posts wait for it" in str(stage.seen()[0]["blocks"])
        assert "<@U0ONCALL>" in thread(stage)[0]


class TestPace:
    async def test_quick_edits_become_one(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        incident = await becomes(stage, incident.acknowledged("U0ONCALL", NOW))
        await tell(stage, incident, ChangeKind.ACKNOWLEDGED)
        for minutes in (1, 2, 3):
            incident = await becomes(
                stage, incident.snoozed("U0MANAGER", NOW, NOW + timedelta(hours=minutes))
            )
            with pytest.raises(Throttled) as paced:
                await tell(stage, incident, ChangeKind.SNOOZED)
        stage.clock.turn(paced.value.until - stage.clock.now())
        await tell(stage, incident, ChangeKind.SNOOZED)
        assert "Snoozed by <@U0MANAGER>" in str(stage.seen()[0]["blocks"])
        updates = [e for e in stage.sandbox.world.journal.entries() if "chat.update" in e.operation]
        assert len(updates) == 2

    async def test_what_is_new_in_a_place_does_not_wait_for_an_edit(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        for hours in (1, 2):
            later = NOW + timedelta(hours=hours)
            incident = await becomes(stage, incident.snoozed("U0MANAGER", NOW, later))
            if hours == 1:
                await tell(stage, incident, ChangeKind.SNOOZED)
        with pytest.raises(Throttled):
            await tell(stage, await opens(stage, condition=Condition.ENDING))
        assert len(top(stage)) == 2

    @pytest.mark.parametrize(
        ("what", "details", "kind"),
        [("throttle", {}, Throttled), ("refuse", {"code": "internal_error"}, PlatformDown)],
    )
    async def test_slacks_trouble_leaves_it_for_the_next_try(self, stage, what, details, kind):
        incident = await opens(stage)
        stage.fault("slack.chat.postMessage", what, **details)
        with pytest.raises(kind):
            await tell(stage, incident)
        await tell(stage, incident)
        assert len(top(stage)) == 1


class TestALostMessage:
    async def test_is_posted_anew(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        lost = stage.sandbox.slack.state.messages.visible(CHANNEL)[0]
        stage.sandbox.slack.state.messages.remove(lost)
        incident = await becomes(stage, incident.acknowledged("U0ONCALL", NOW))
        await tell(stage, incident, ChangeKind.ACKNOWLEDGED)
        (message,) = [each for each in stage.seen() if "thread_ts" not in each]
        assert "Acknowledged by <@U0ONCALL>" in str(message["blocks"])

    async def test_of_what_is_over_stays_lost(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        stage.sandbox.slack.state.messages.remove(stage.sandbox.slack.state.messages.visible(CHANNEL)[0])
        over = await becomes(stage, incident.closed(IncidentOutcome.RECOVERED, NOW))
        await tell(stage, over, ChangeKind.CLOSED)
        assert stage.texts() == []


class TestNeverNobody:
    @pytest.mark.parametrize("how", ["archived", "not a member", "no such channel"])
    async def test_the_managers_are_told_directly(self, stage, how):
        stage.sandbox.slack.state.workspace.channels[CHANNEL].archived = how == "archived"
        channel = {"not a member": "C0GENERAL", "no such channel": "C0NOWHERE"}.get(how, CHANNEL)
        incident = await opens(stage, replace(BAKERY, channel=channel))
        await tell(stage, incident)
        (said,) = stage.direct(MANAGER)
        assert "no longer does its job" in said
        stage.clock.turn(hours=1)
        over = await becomes(stage, incident.closed(IncidentOutcome.RELINKED, stage.clock.now()))
        await tell(stage, over, ChangeKind.CLOSED)
        message, reply = stage.direct(MANAGER)
        assert message.startswith("✅")
        assert "It lasted 1 hour" in reply

    async def test_a_reminder_rings_managers_who_were_told_directly(self, stage):
        near = {"condition": Condition.ENDING, "reason": Reason.RUNS_OUT, "act_by": NOW + 14 * DAY}
        incident = await opens(stage, replace(BAKERY, channel="C0NOWHERE"), threshold=30, **near)
        await tell(stage, incident)
        assert len(stage.direct(MANAGER)) == 1
        stage.clock.turn(days=1)
        await tell(stage, await becomes(stage, replace(incident, threshold=14)), ChangeKind.REMINDED)
        assert "14 days left to relink it" in stage.direct(MANAGER)[-1]

    async def test_who_was_rung_directly_is_rung_again_after_a_snooze(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        for hours in (1, 24):
            stage.clock.turn(hours=hours)
            incident = await rings(stage, incident)
        first, again = stage.direct("U0ONCALL")
        assert "no longer does its job" in first
        assert "Nobody acknowledged this in time." in again
        stage.clock.turn(minutes=1)
        taken = await becomes(stage, incident.acknowledged("U0ONCALL", stage.clock.now()))
        await tell(stage, taken, ChangeKind.ACKNOWLEDGED)
        assert len(stage.direct("U0ONCALL")) == 2  # nobody is told what they did themselves

    async def test_who_was_rung_directly_sleeps_in_quiet_hours(self, stage):
        incident = await opens(stage, QUIET)
        incident = await rings(stage, incident)
        stage.clock.turn(hours=1)
        woken = await becomes(stage, replace(incident, snoozed_until=None))
        await tell(stage, woken, ChangeKind.WOKE)
        assert len(stage.direct("U0ONCALL")) == 1

    async def test_a_channel_that_is_archived_later_hands_over_to_them(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        stage.sandbox.slack.state.workspace.channels[CHANNEL].archived = True
        await tell(stage, await becomes(stage, incident.rung(NOW)), ChangeKind.RUNG)
        assert len(stage.direct(MANAGER)) == 1

    async def test_who_is_on_call_is_told_where_no_manager_can_be(self, stage):
        incident = await opens(stage, replace(BAKERY, channel="C0NOWHERE", managers=("U0GONE",)))
        await tell(stage, incident)
        assert "no longer does its job" in stage.direct("U0ONCALL")[0]

    async def test_the_managers_are_told_where_nobody_on_call_can_be(self, stage):
        nobody = replace(BAKERY, oncall=("U0GONE",))
        incident = await opens(stage, nobody)
        await tell(stage, incident)
        stage.clock.turn(minutes=30)
        await rings(stage, incident, "U0GONE")
        (said,) = stage.direct(MANAGER)
        assert "no longer does its job" in said

    async def test_an_on_call_channel_that_refuses_leaves_those_on_call(self, stage):
        client = replace(ONCALL, alerts=replace(ONCALL.alerts, channel="C0GENERAL"))
        await tell(stage, await opens(stage, client))
        assert len(stage.direct("U0ONCALL")) == len(top(stage)) == 1

    async def test_refused_blocks_still_bring_the_words(self, stage):
        stage.fault("slack.chat.postMessage", "refuse", code="invalid_blocks")
        await tell(stage, await opens(stage))
        assert "no longer does its job" in top(stage)[0]


async def test_a_digest_is_posted(stage):
    await stage.has(BAKERY, BROKEN)
    await stage.tell(
        FactKind.DIGEST_DUE, client_id=BAKERY.id, subject=BAKERY.id, details={"day": "2026-11-02"}
    )
    assert "How the links of Nordlicht Bakery stand" in stage.texts()[0]
