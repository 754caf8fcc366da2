"""What an app puts into its messages unseen, and that the emulated Slack tells it of that."""

import asyncio

import pytest

from tests.contract.sandbox_slack import WIDE, until

SCOPE = "metadata.message:read"
ALERT = {"event_type": "crosslink_alert", "event_payload": {"im_1": "new"}}


@pytest.fixture
async def may(site):
    """An app that may read what its messages carry."""
    await site.control("slack/install", team="T0AGENCY", scopes=[*WIDE, SCOPE])
    return site


async def post(site):
    return await site.client.chat_postMessage(channel="C0BAKERY", text="x", metadata=ALERT)


async def hears_nothing(site):
    await asyncio.sleep(0.05)
    assert site.bot.heard == []


async def subscribe(site, app, kind, events=("message_metadata_posted",)):
    subscription = [{"app_id": app, "event_type": kind}]
    wanted = {"bot_events": list(events), "metadata_subscriptions": subscription}
    await site.control("slack/manifest", settings={"event_subscriptions": wanted})


async def test_a_new_message_is_told_of_with_its_place(may):
    told = await post(may)
    await until(lambda: may.bot.heard)
    event = may.bot.last["event"]
    assert event["type"] == "message_metadata_posted"
    assert (event["channel_id"], event["message_ts"]) == ("C0BAKERY", told["ts"])
    assert (event["team_id"], event["app_id"], event["bot_id"]) == ("T0AGENCY", "A0CROSSLINK", "B0CROSSLINK")
    assert event["metadata"] == ALERT
    assert may.bot.last["api_app_id"] == event["app_id"]


async def test_an_edit_keeps_it_and_tells_nothing(may):
    told = await post(may)
    await until(lambda: may.bot.heard)
    await may.client.chat_update(channel="C0BAKERY", ts=told["ts"], text="y")
    (message,) = await may.messages()
    assert message["metadata"] == ALERT
    await asyncio.sleep(0.05)
    assert len(may.bot.heard) == 1


@pytest.mark.parametrize(
    ("app", "kind", "events", "is_told"),
    [
        ("*", "crosslink_alert", ["message_metadata_posted"], True),
        ("A0CROSSLINK", "crosslink_alert", ["message_metadata_posted"], True),
        ("A0OTHER", "crosslink_alert", ["message_metadata_posted"], False),
        ("*", "task_created", ["message_metadata_posted"], False),
        ("*", "crosslink_alert", ["app_home_opened"], False),
    ],
)
async def test_only_what_the_manifest_subscribes_to_is_told(may, app, kind, events, is_told):
    await subscribe(may, app, kind, events)
    await post(may)
    if is_told:
        await until(lambda: may.bot.heard)
    else:
        await hears_nothing(may)


async def test_without_the_scope_nothing_is_told(site):
    await site.control("slack/install", team="T0AGENCY", scopes=WIDE)
    assert SCOPE not in site.emulator.state.installations["T0AGENCY"].scopes
    await post(site)
    await hears_nothing(site)


async def test_by_switch_it_comes_late_or_never(may):
    await may.control("switches/slack", metadata_events="late")
    told = await post(may)
    await hears_nothing(may)
    await may.control("switches/slack", metadata_events="lost")
    await post(may)
    await may.control("clock/advance", seconds=600)
    await until(lambda: may.bot.heard)
    await asyncio.sleep(0.05)
    assert [each["event"]["message_ts"] for each in may.bot.heard] == [told["ts"]]
