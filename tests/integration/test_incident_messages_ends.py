"""Nobody is left untold of an incident: where a channel is gone or nobody can be reached, somebody else is told."""

from dataclasses import replace

import pytest

from core.domain.alert_plan import ChangeKind
from core.domain.incident import IncidentOutcome
from core.domain.symptom import Condition
from core.domain.verdict import Reason
from tests.builders import NOW
from tests.integration.incidents import DAY, ONCALL, QUIET, becomes, opens, rings, tell, top
from tests.integration.stage import BAKERY, CHANNEL, MANAGER


class TestNeverNobody:
    @pytest.mark.parametrize("how", ["archived", "not a member", "no such channel"])
    async def test_the_managers_are_told_directly(self, stage, how):
        stage.sandbox.slack.state.workspace.channels[CHANNEL].archived = how == "archived"
        channel = {"not a member": "C0GENERAL", "no such channel": "C0NOWHERE"}.get(how, CHANNEL)
        incident = await opens(stage, replace(BAKERY, channel=channel))
        await tell(stage, incident)
        (said,) = stage.direct(MANAGER)
        assert "can't do its job" in said
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
        assert "can't do its job" in first
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
        assert "can't do its job" in stage.direct("U0ONCALL")[0]

    async def test_the_managers_are_told_where_nobody_on_call_can_be(self, stage):
        nobody = replace(BAKERY, oncall=("U0GONE",))
        incident = await opens(stage, nobody)
        await tell(stage, incident)
        stage.clock.turn(minutes=30)
        await rings(stage, incident, "U0GONE")
        (said,) = stage.direct(MANAGER)
        assert "can't do its job" in said

    async def test_an_on_call_channel_that_refuses_leaves_those_on_call(self, stage):
        client = replace(ONCALL, alerts=replace(ONCALL.alerts, channel="C0GENERAL"))
        await tell(stage, await opens(stage, client))
        assert len(stage.direct("U0ONCALL")) == len(top(stage)) == 1

    async def test_refused_blocks_still_bring_the_words(self, stage):
        stage.fault("slack.chat.postMessage", "refuse", code="invalid_blocks")
        await tell(stage, await opens(stage))
        assert "can't do its job" in top(stage)[0]
