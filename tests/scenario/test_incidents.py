"""A link breaks, and the right people know: once, with the button that repairs it, until it is over."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.wiring.process import build
from core.domain.alerts import zone_of
from sandbox.demo import settings
from sandbox.journey import Message, button, words
from tests.scenario.scene import AGENCY, DAY, HOUR, MINUTE, VELO_CHANNEL, Scene, until

ALERTS = "C0ALERTS"
ACKNOWLEDGE, SNOOZE, DIAGNOSE, RELINK = (
    "incident.acknowledge",
    "incident.snooze",
    "status.diagnose",
    "link.relink",
)
NEVER = {"digest": "never"}


async def break_it(scene: Scene, platform: str = "tiktok") -> Message:
    await scene.change(platform, "velowerk", remove_app=True)
    return await scene.alarm("on-call")


async def standing(scene: Scene, channel: str = VELO_CHANNEL) -> list[Message]:
    """What stands in a channel itself and is about an alert, open or over."""
    seen = await scene.people.messages("manager", channel)
    own = [each for each in seen if not each["is_ephemeral"] and each.get("thread_ts") in {None, each["ts"]}]
    return [each for each in own if words(each).startswith(("🔴", "🟡")) or "It lasted" in words(each)]


async def thread(scene: Scene, channel: str = VELO_CHANNEL) -> list[str]:
    seen = await scene.people.messages("manager", channel)
    return [each["text"] for each in seen if each.get("thread_ts") not in {None, each["ts"]}]


async def _are_incidents(scene: Scene, wanted: int) -> bool:
    return len(await scene.demo.runtime.desk.incidents.open_in(AGENCY)) == wanted


async def direct(scene: Scene, user: str) -> list[Message]:
    """What the app wrote to somebody directly."""
    seen = await scene.people.call("GET", "workspace", user=user)
    own = [each["id"] for each in seen["channels"] if each["id"].startswith("D")]
    return [message for channel in own for message in await scene.people.messages(user, channel)]


async def test_a_removal_is_one_message_that_follows_the_repair(linked: Scene):
    alarm = await break_it(linked)
    for part in ("TikTok @velowerk of *Velo Werk* can't do its job", "Since", "To act now"):
        assert part in words(alarm)
    assert all(button(alarm, each) for each in (RELINK, ACKNOWLEDGE, SNOOZE, DIAGNOSE))
    await linked.later(HOUR / 3)
    await linked.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    await linked.told("on-call", "It lasted 20 minutes")
    await linked.quiet()
    (over,) = await standing(linked)
    assert over["ts"] == alarm["ts"]
    assert "was relinked and works again" in words(over)
    assert not button(over, RELINK)


async def test_the_same_break_told_by_webhook_and_looks_is_one(linked: Scene):
    await break_it(linked)
    for _ in range(8):
        await linked.later(6 * HOUR)
    assert len(await standing(linked)) == 1


async def test_what_breaks_anew_before_its_recovery_was_seen_is_the_same_alert(linked: Scene):
    await linked.change("instagram", "velowerk", condition="restricted", webhooks="lose")
    await linked.later(6 * HOUR + MINUTE)
    await linked.told("on-call", "restricted this account")
    await linked.change("instagram", "velowerk", condition="normal", remove_app=True)
    await linked.later(6 * HOUR + MINUTE)
    (told,) = await standing(linked)
    assert "Crosslink was removed in the account's settings there, or Instagram ended our access" in words(
        told
    )
    assert button(told, RELINK)


async def test_two_at_once_share_a_message(linked: Scene):
    await linked.trouble("slack.chat.postMessage", "refuse", code="internal_error", times=-1)
    for platform in ("tiktok", "instagram"):
        await linked.change(platform, "velowerk", remove_app=True)
    await until(lambda: _are_incidents(linked, 2), "both were never noticed")
    await linked.clear_sky()
    await linked.later(MINUTE)
    (message,) = await standing(linked)
    assert "TikTok" in words(message)
    assert "Instagram" in words(message)


class TestAnswers:
    async def test_an_acknowledgement_shows_who_and_rings_nobody(self, linked: Scene):
        alarm = await break_it(linked)
        await linked.press("on-call", alarm, ACKNOWLEDGE)
        shown = await linked.told("manager", "Acknowledged by <@U0ONCALL>")
        assert shown["ts"] == alarm["ts"]
        assert not button(shown, ACKNOWLEDGE)
        await linked.later(DAY)
        assert await direct(linked, "on-call") == []

    async def test_a_snooze_is_over_after_its_time(self, linked: Scene):
        alarm = await break_it(linked)
        await linked.people.click("manager", VELO_CHANNEL, alarm, SNOOZE, choose="For 1 hour")
        await linked.told("on-call", "Snoozed by <@U0MANAGER>")
        await linked.later(59 * MINUTE)
        assert not any("snooze is over" in each for each in await thread(linked))
        await linked.later(MINUTE)
        await linked.told("manager", "The snooze is over")

    async def test_nobody_answers_and_those_on_call_are_written_to(self, linked: Scene):
        await break_it(linked)
        await linked.later(29 * MINUTE)
        assert await direct(linked, "on-call") == []
        await linked.later(MINUTE)
        await linked.told("manager", "Nobody acknowledged this in time")
        (message,) = await direct(linked, "on-call")
        assert button(message, ACKNOWLEDGE)

    async def test_diagnose_answers_whoever_presses(self, linked: Scene):
        await linked.press("requester", await break_it(linked), DIAGNOSE)
        assert "removed" in " ".join(await linked.read("requester"))

    async def test_somebody_from_outside_decides_nothing(self, linked: Scene):
        await linked.press("outsider", await break_it(linked), ACKNOWLEDGE)
        await linked.told("outsider", "Only people of the agency's own workspace")
        assert "Nobody has acknowledged it yet" in words((await standing(linked))[0])


class TestTheOnCallChannel:
    @pytest.fixture
    async def guarded(self, linked: Scene) -> Scene:
        said = await linked.people.set_alerts("manager", VELO_CHANNEL, {"channel": ALERTS, **NEVER})
        assert f"<#{ALERTS}>" in said
        await linked.quiet()
        return linked

    async def test_has_its_own_message_and_is_where_people_are_rung(self, guarded: Scene):
        await break_it(guarded)
        alarm = await guarded.alarm("on-call", ALERTS)
        await guarded.later(HOUR / 2)
        rung = [each for each in await thread(guarded, ALERTS) if "<@U0ONCALL>" in each]
        assert len(rung) == 1
        assert await direct(guarded, "on-call") == []
        await guarded.people.click("on-call", ALERTS, alarm, ACKNOWLEDGE)
        await guarded.told("manager", "Acknowledged by <@U0ONCALL>")
        await guarded.told("manager", "Acknowledged by <@U0ONCALL>", ALERTS)

    async def test_is_not_for_strangers_to_set(self, linked: Scene):
        settings = await linked.people.answer(
            "requester", VELO_CHANNEL, "settings", lambda each: bool(button(each, "alerts.open"))
        )
        await linked.press("requester", settings, "alerts.open")
        shown = str(await linked.people.call("GET", "views", user="requester"))
        assert "alerts.submit" not in shown


class TestTime:
    async def test_the_thresholds_are_told_as_they_come(self, scene: Scene):
        await scene.switch("tiktok", refresh_life="from_consent")
        await scene.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
        await scene.people.set_alerts("manager", VELO_CHANNEL, NEVER)
        end = (await scene.half()).connection.sides.ends_at
        assert end is not None
        found = []
        for days in (31, 30, 14, 7, 3, 1, 0):
            await scene.later((end - scene.demo.runtime.clock.now()).total_seconds() - days * DAY + 1)
            found.append(
                (len(await standing(scene)), len([each for each in await thread(scene) if "left" in each]))
            )
        assert found == [(0, 0), (1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (2, 4)]
        assert "ran out before anybody relinked it" in words((await standing(scene))[0])

    @pytest.mark.parametrize(
        "trouble",
        [
            {"where": "tiktok", "what": "drop_before"},
            {"where": "tiktok", "what": "refuse", "code": "http_503"},
            {"where": "instagram", "what": "refuse", "code": "http_503"},
            {"where": "instagram", "what": "refuse", "code": "100/33"},
        ],
        ids=str,
    )
    async def test_a_day_without_answers_alerts_nobody(self, linked: Scene, trouble: dict[str, Any]):
        await linked.trouble(trouble.pop("where"), trouble.pop("what"), times=-1, **trouble)
        for _ in range(12):
            await linked.later(2 * HOUR)
        assert await standing(linked) == []
        await linked.clear_sky()
        await linked.later(7 * HOUR)
        assert await standing(linked) == []
        assert {await linked.state(each) for each in ("tiktok", "instagram")} == {"authorized"}

    async def test_a_daily_digest_comes_at_the_clients_hour(self, linked: Scene):
        now = linked.demo.runtime.clock.now().astimezone(zone_of((await linked.row()).client.time_zone))
        due = (now + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
        await linked.people.set_alerts("manager", VELO_CHANNEL, {"digest": "daily", "hour": str(due.hour)})
        ahead = (due - now).total_seconds() - MINUTE
        found = []
        for wait in (ahead, 2 * MINUTE, DAY):
            await linked.later(wait)
            said = [each for each in await linked.read("requester") if "How the links of Velo" in each]
            found.append(len(said))
        assert found == [0, 1, 2]

    async def test_those_on_call_sleep_in_quiet_hours_and_a_snooze_until_tomorrow_is_until_nine(
        self, linked: Scene
    ):
        now = linked.demo.runtime.clock.now().astimezone(zone_of((await linked.row()).client.time_zone))
        until = f"{(now + timedelta(hours=3)):%H:%M}"
        quiet = {"quiet_from": f"{now - timedelta(hours=1):%H:%M}", "quiet_to": until}
        await linked.people.set_alerts("manager", VELO_CHANNEL, {**quiet, **NEVER})
        alarm = await break_it(linked)
        await linked.later(2 * HOUR)
        assert await direct(linked, "on-call") == []
        await linked.later(HOUR)
        assert len(await direct(linked, "on-call")) == 1
        await linked.people.click("manager", VELO_CHANNEL, alarm, SNOOZE, choose="Until tomorrow at 9:00")
        await linked.told("on-call", "Snoozed by <@U0MANAGER>")
        (incident,) = await linked.demo.runtime.desk.incidents.open_in(AGENCY)
        assert incident.snoozed_until is not None
        assert incident.snoozed_until.astimezone(now.tzinfo).hour == 9

    async def test_a_digest_comes_each_monday_at_nine(self, linked: Scene):
        for _ in range(14):
            await linked.later(DAY)
        said = [each for each in await linked.read("requester") if "How the links of Velo Werk stand" in each]
        assert len(said) == 2


class TestNeverNobody:
    async def test_an_archived_channel_leaves_the_managers(self, linked: Scene):
        await linked.people.call("POST", f"slack/channels/{VELO_CHANNEL}", {"archived": True})
        await linked.change("tiktok", "velowerk", remove_app=True)
        await until(lambda: _are_incidents(linked, 1), "it was never noticed")
        await linked.quiet()
        (message,) = [each for each in await direct(linked, "manager") if button(each, RELINK)]
        assert "I can't post in" in words(message)

    async def test_a_deleted_message_comes_back_with_the_next_change(self, linked: Scene):
        alarm = await break_it(linked)
        slack = next(each for each in linked.demo.sandbox.emulators if each.name == "slack")
        slack.state.messages.remove(slack.state.messages.find(VELO_CHANNEL, alarm["ts"]))
        assert await standing(linked) == []
        await linked.later(HOUR / 2)
        (again,) = await standing(linked)
        assert button(again, RELINK)


async def test_a_second_process_tells_nothing_twice(linked: Scene, tmp_path: Path):
    """Both tick on one database: whoever comes second finds nothing left to do."""
    runtime = linked.demo.runtime
    folder = Path(str(runtime.desk.work._database._writer.url.database)).parent
    second = build(settings(linked.url, folder), clock=runtime.clock)
    await second.start()
    try:
        await linked.people.set_alerts("manager", VELO_CHANNEL, {"channel": ALERTS, **NEVER})
        await break_it(linked)
        for _ in range(6):
            await linked.later(10 * MINUTE)
        for channel in (VELO_CHANNEL, ALERTS):
            assert len(await standing(linked, channel)) == 1
            rung = [each for each in await thread(linked, channel) if "in time" in each]
            assert len(rung) == 1
    finally:
        await second.stop()
