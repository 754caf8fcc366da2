"""A process that dies between posting an alert and noting where: Slack tells of it, or doesn't, early, late or twice."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.ids import METADATA_POSTED, alert_metadata
from bot.listeners.posted import posted
from bot.listeners.request import Request
from bot.messenger.incidents import BUSY
from bot.messenger.places import LEASE, PACE
from core.domain.alert_plan import ChangeKind
from core.domain.client import Person
from core.domain.errors import Throttled, Unreachable
from core.domain.fact import FactKind
from core.domain.incident import IncidentOutcome
from core.domain.symptom import Condition
from sandbox.slack.app import APP_ID
from tests.builders import NOW
from tests.contract.sandbox_slack import until
from tests.integration.incidents import becomes, opens, tell, top
from tests.integration.stage import CHANNEL, TEAM

POST = "slack.chat.postMessage"


def carries(stage):
    """What stands in the channel and says what it is about, oldest first."""
    return [each for each in stage.seen() if "metadata" in each]


async def hears(stage, message, *, team=TEAM, app=APP_ID, **changes):
    """Slack tells of a message."""
    event = {
        "type": METADATA_POSTED,
        "app_id": app,
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "metadata": message["metadata"],
        "message_ts": message["ts"],
    }
    request = Request(
        desk=SimpleNamespace(work=stage.work, clock=stage.clock, wake=lambda: None),
        slack=await stage.slack(TEAM),
        hooks=stage,
        body={"api_app_id": APP_ID, "event": event | changes},
        person=Person(user="", workspace=team, home=team),
    )
    await posted(request)


async def killed(stage):
    """A process posts what is new, and dies before it notes where; its lease lives on. Returns the message."""
    async with stage.work.writing() as unit:
        claimed = await unit.incident_messages.claim_stale(
            TEAM, CHANNEL, stage.clock.now(), owner="killed/ls_1", until=stage.clock.now() + LEASE
        )
        await unit.commit()
    slack = await stage.slack(TEAM)
    metadata = alert_metadata({row.id: row.ts for row in claimed})
    sent = await slack.chat_postMessage(channel=CHANNEL, text="🔴 begun", metadata=metadata)
    return next(each for each in stage.seen() if each["ts"] == sent["ts"])


async def row_of(stage, incident):
    async with stage.work.reading() as unit:
        (row,) = await unit.incident_messages.of_incident(TEAM, incident.id)
    return row


def updates(stage):
    return len(stage.sandbox.world.journal.entries("slack.chat.update"))


class TestSlackTells:
    async def test_before_the_lease_of_the_dead_is_over_and_another_goes_on_with_its_message(self, stage):
        incident = await opens(stage)
        await hears(stage, await killed(stage))
        await tell(stage, incident)
        (said,) = top(stage)
        assert "can't do its job" in said

    async def test_of_what_was_sent_although_the_answer_was_lost(self, stage):
        incident = await opens(stage)
        stage.fault(POST, "drop_after")
        with pytest.raises(Unreachable):
            await tell(stage, incident)
        await hears(stage, *carries(stage))
        await tell(stage, incident)
        assert len(top(stage)) == 1

    async def test_while_who_posted_is_about_to_note_it(self, stage):
        incident = await opens(stage)
        stage.fault(POST, "delay", seconds=60.0, when="after")
        telling = asyncio.create_task(tell(stage, incident))
        await until(lambda: carries(stage))
        await hears(stage, *carries(stage))
        stage.sandbox.world.clock.advance(60)
        await telling
        assert len(top(stage)) == 1
        assert updates(stage) == 0

    async def test_as_often_as_it_likes_of_one_that_is_noted(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        for _ in range(3):
            await hears(stage, *carries(stage))
        await tell(stage, incident)
        assert (len(top(stage)), updates(stage)) == (1, 0)

    async def test_after_another_has_posted_it_anew_and_the_first_is_taken_back(self, stage):
        incident = await opens(stage)
        first = await killed(stage)
        stage.clock.turn(LEASE)
        await tell(stage, incident)
        assert len(top(stage)) == 2
        for message in (first, *carries(stage), first):
            await hears(stage, message)
        (stands,) = carries(stage)
        assert stands["ts"] == (await row_of(stage, incident)).ts != first["ts"]

    async def test_between_the_claim_and_the_post_of_another_which_takes_its_own_back(self, stage):
        incident = await opens(stage)
        first = await killed(stage)
        stage.clock.turn(LEASE)
        stage.meanwhile = lambda: hears(stage, first)
        with pytest.raises(Throttled):
            await tell(stage, incident)
        assert [each["ts"] for each in carries(stage)] == [first["ts"]]
        stage.clock.turn(BUSY)
        await tell(stage, incident)
        (said,) = top(stage)
        assert "can't do its job" in said

    async def test_of_one_of_two_alerts_that_another_posts_together(self, stage):
        incident = await opens(stage)
        first = await killed(stage)
        stage.clock.turn(LEASE)
        other = await opens(stage, condition=Condition.ENDING)
        stage.meanwhile = lambda: hears(stage, first)
        with pytest.raises(Throttled):
            await tell(stage, incident)
        stage.clock.turn(BUSY)
        await tell(stage, incident)
        await tell(stage, other)
        rows = [await row_of(stage, each) for each in (incident, other)]
        assert [each["ts"] for each in carries(stage)] == [row.ts for row in rows]
        assert all("divider" not in str(each["blocks"]) for each in carries(stage))

    async def test_after_it_was_over_and_the_message_says_so(self, stage):
        incident = await opens(stage)
        first = await killed(stage)
        stage.clock.turn(LEASE)
        over = await becomes(stage, incident.closed(IncidentOutcome.RECOVERED, stage.clock.now()))
        await tell(stage, over, ChangeKind.CLOSED)
        assert top(stage) == ["🔴 begun"]
        await hears(stage, first)
        async with stage.work.writing() as unit:
            until = stage.clock.now() + LEASE
            (fact,) = await unit.facts.untold(stage.clock.now(), owner="one", until=until, limit=9)
        assert (fact.kind, fact.subject) == (FactKind.INCIDENT_CHANGED, incident.id)
        await stage.messenger.tell(fact)
        (said,) = top(stage)
        assert "works again by itself" in said


class TestALostMessage:
    async def recreated(self, stage):
        """An alert that somebody deleted in Slack: the first message, and what happened since."""
        incident = await opens(stage)
        await tell(stage, incident)
        (first,) = carries(stage)
        stage.sandbox.slack.state.messages.remove(stage.sandbox.slack.state.messages.visible(CHANNEL)[0])
        stage.clock.turn(PACE)
        return first, await becomes(stage, incident.acknowledged("U0ONCALL", NOW))

    async def test_posted_anew_stays_however_late_and_often_slack_tells_of_either(self, stage):
        first, incident = await self.recreated(stage)
        await tell(stage, incident, ChangeKind.ACKNOWLEDGED)
        (second,) = carries(stage)
        for message in (first, second, first):
            await hears(stage, message)
        (stands,) = carries(stage)
        assert stands["ts"] == second["ts"] == (await row_of(stage, incident)).ts

    async def test_whose_successor_was_not_noted_is_followed_by_that_one(self, stage):
        _, incident = await self.recreated(stage)
        stage.fault(POST, "drop_after")
        with pytest.raises(Unreachable):
            await tell(stage, incident, ChangeKind.ACKNOWLEDGED)
        await hears(stage, *carries(stage))
        await tell(stage, incident, ChangeKind.ACKNOWLEDGED)
        (stands,) = carries(stage)
        assert stands["ts"] == (await row_of(stage, incident)).ts


class TestSlackIsNotBelieved:
    @pytest.mark.parametrize(
        "changes",
        [
            {"app": "A0OTHER"},
            {"app": None},
            {"team_id": "T0OUTSIDE"},
            {"team": "T0OUTSIDE", "team_id": "T0OUTSIDE"},
            {"metadata": {"event_type": "crosslink_alert", "event_payload": {}}},
            {"metadata": {"event_type": "crosslink_alert", "event_payload": {"im": 1}}},
            {"metadata": {"event_type": "crosslink_alert"}},
            {"metadata": {"event_type": "task_created", "event_payload": {"im": "new"}}},
            {"metadata": None},
            {"message_ts": None},
        ],
    )
    async def test_where_it_tells_of_others_or_of_nothing(self, stage, changes):
        incident = await opens(stage)
        first = await killed(stage)
        await hears(stage, first, **changes)
        assert not (await row_of(stage, incident)).is_posted
        stage.clock.turn(LEASE)
        await tell(stage, incident)
        await hears(stage, first, **changes)
        assert len(top(stage)) == 2

    async def test_of_rows_that_are_erased_or_some_of_them(self, stage):
        incident = await opens(stage)
        await tell(stage, incident)
        row = await row_of(stage, incident)
        for known in ({}, {row.id: ""}):
            sent = await (await stage.slack(TEAM)).chat_postMessage(
                channel=CHANNEL, text="x", metadata=alert_metadata({"im_erased": ""} | known)
            )
            await hears(stage, sent["message"])
        assert len(carries(stage)) == 3
        assert (await row_of(stage, incident)) == row


async def test_without_slacks_word_a_killed_process_message_comes_again(stage):
    incident = await opens(stage)
    await killed(stage)
    stage.clock.turn(LEASE)
    await tell(stage, incident)
    assert len(top(stage)) == 2


@pytest.mark.parametrize(
    "code", ["message_not_found", "cant_delete_message", "not_authed", "token_revoked", "account_inactive"]
)
async def test_what_cant_be_taken_back_any_more_is_left(stage, code):
    incident = await opens(stage)
    first = await killed(stage)
    stage.clock.turn(LEASE)
    await tell(stage, incident)
    stage.fault("slack.chat.delete", "refuse", code=code)
    await hears(stage, first)
    assert len(top(stage)) == 2


async def test_where_slack_takes_no_metadata_the_alert_goes_out_without(stage):
    incident = await opens(stage)
    stage.fault(POST, "refuse", code="invalid_metadata_format")
    await tell(stage, incident)
    assert (len(top(stage)), carries(stage)) == (1, [])
