"""Incidents in the emulated Slack: one message per place, edited, recreated, batched, at Slack's pace."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messenger.places import LEASE
from core.domain.alert_plan import ChangeKind
from core.domain.errors import PlatformDown, Throttled
from core.domain.fact import FactKind
from core.domain.incident import IncidentOutcome
from core.domain.symptom import Condition
from core.domain.verdict import Reason
from core.domain.waiting import Waiting
from tests.builders import NOW, a_linked_connection
from tests.integration.incidents import ALERTS, ONCALL, QUIET, becomes, news, opens, tell, thread, top
from tests.integration.stage import BAKERY, BROKEN, CHANNEL, TEAM


class TestOneMessage:
    async def test_per_place_says_what_happened(self, stage):
        await tell(stage, await opens(stage, ONCALL))
        for channel in (CHANNEL, ALERTS):
            (said,) = top(stage, channel)
            assert said.startswith("🔴 TikTok @nordlicht.bakery of *Nordlicht Bakery* can't do its job.")
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

    async def test_that_a_killed_process_had_begun_is_told_by_another_once_its_lease_is_over(self, stage):
        incident = await opens(stage)
        async with stage.work.writing() as unit:
            until = NOW + LEASE
            await unit.incident_messages.claim_stale(TEAM, CHANNEL, NOW, owner="killed/ls_1", until=until)
            await unit.commit()
        with pytest.raises(Throttled):
            await tell(stage, incident)
        assert top(stage) == []
        stage.clock.turn(LEASE)
        await tell(stage, incident)
        assert len(top(stage)) == 1

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

    @pytest.mark.parametrize(
        ("days", "said"),
        [(13, "No post is to go out after its end"), (15, "2 posts to go out after its end")],
    )
    async def test_of_a_link_that_ends_counts_what_is_to_leave_after_that(self, stage, days, said):
        near = {"condition": Condition.ENDING, "reason": Reason.RUNS_OUT, "act_by": NOW + timedelta(days=14)}
        stage.queue.posts[BROKEN.id] = Waiting(count=2, first_at=NOW + timedelta(days=days))
        await tell(stage, await opens(stage, **near))
        assert said in str(stage.seen()[0]["blocks"])

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


async def test_a_digest_is_posted(stage):
    await stage.has(BAKERY, BROKEN)
    await stage.tell(
        FactKind.DIGEST_DUE, client_id=BAKERY.id, subject=BAKERY.id, details={"day": "2026-11-02"}
    )
    assert "How the links of Nordlicht Bakery stand" in stage.texts()[0]
