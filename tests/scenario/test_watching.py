"""Watching over HTTP: what breaks without a word is told within one interval, outages are told to nobody."""

import pytest

from core.domain.verdict import State
from sandbox.journey import button, words
from sandbox.seed import VELO
from tests.scenario.scene import BAKERY_CHANNEL, DAY, HOUR, MINUTE, VELO_CHANNEL, Scene, until

INTERVAL = 6 * HOUR


@pytest.mark.parametrize("platform", ["tiktok", "instagram"])
async def test_a_removal_that_nobody_tells_us_is_told_within_one_interval(linked: Scene, platform: str):
    await linked.change(platform, "velowerk", webhooks="lose", remove_app=True)
    await linked.later(INTERVAL)
    assert "Crosslink was removed in the account's settings there" in words(await linked.alarm("on-call"))


@pytest.mark.parametrize(
    ("platform", "change", "said"),
    [
        ("tiktok", {"untick": ["video.publish"]}, "a permission is switched off"),
        ("tiktok", {"condition": "restricted"}, "restricted this account"),
        ("instagram", {"condition": "checkpoint"}, "wants the owner of the account to confirm"),
        ("instagram", {"condition": "restricted"}, "restricted this account"),
        ("instagram", {"type": "PERSONAL"}, "was made a personal one"),
        ("instagram", {"password_changed": True}, "The access ran out"),
        ("tiktok", {"answers_as": "velo.fanpage"}, "answers us as another account"),
        ("instagram", {"answers_as": "velo.fanpage"}, "answers us as another account"),
    ],
)
async def test_each_kind_of_trouble_is_told_apart(linked: Scene, platform: str, change: dict, said: str):
    await linked.change(platform, "velowerk", webhooks="lose", **change)
    await linked.later(INTERVAL)
    await linked.later(5 * MINUTE)  # what is ambiguous is asked twice
    told = await linked.told("on-call", said)
    assert button(told, "status.diagnose") or button(told, "incident.diagnose")


@pytest.mark.parametrize("change", [{"private": True}, {"rename": "velo.werk.berlin"}, {"name": "Velo"}])
async def test_what_breaks_nothing_alarms_nobody(linked: Scene, change: dict):
    await linked.change("tiktok", "velowerk", **change)
    await linked.later(INTERVAL)
    assert await linked.alarms("on-call") == []
    assert await linked.state("tiktok") == "authorized"


async def test_a_profile_that_no_longer_shows_the_other_is_told_with_the_side_that_let_go(linked: Scene):
    await linked.people.set_up("manager", VELO_CHANNEL, VELO | {"intent": "both"})
    await linked.change("instagram", "velowerk", bio_link="https://www.tiktok.com/@velowerk")
    await linked.later(INTERVAL)
    await linked.change("instagram", "velowerk", bio_link=None)
    await linked.later(INTERVAL)
    await linked.later(5 * MINUTE)  # the other account was asked its name
    assert button(await linked.told("on-call", "visitors can't see it"), "status.check")
    await linked.change("instagram", "velowerk", bio_link="https://www.tiktok.com/@velowerk")
    await linked.later(INTERVAL)
    assert await linked.state("instagram") == "authorized"


async def test_a_new_handle_is_shown(linked: Scene):
    await linked.change("tiktok", "velowerk", rename="velo.werk.berlin")
    await linked.later(INTERVAL)

    async def is_shown() -> bool:
        return (await linked.half("tiktok")).handle == "velo.werk.berlin"

    await until(is_shown, "the new handle was never shown")


@pytest.mark.parametrize(
    ("where", "code", "hours", "told"),
    [("tiktok", "http_503", 1, 0), ("tiktok", "http_500", 24, 0), ("instagram", "100/33", 14 * 24, 1)],
)
async def test_bad_weather_disconnects_nobody(linked: Scene, where: str, code: str, hours: int, told: int):
    """Weeks without a proof of the only link there is are told once: there is none to compare it with."""
    calls = ("oauth", "user_info", "creator_info") if where == "tiktok" else ("me", "limit")
    for call in calls:
        await linked.trouble(f"{where}.{call}", "refuse", code=code, times=-1)
    for _ in range(min(hours, 14)):
        await linked.later(hours * HOUR / min(hours, 14))
    alarms = await linked.alarms("on-call")
    assert ["could not be proved" in words(each) for each in alarms] == [True] * told
    assert (await linked.half(where)).verdict.state in {State.AUTHORIZED, State.REFRESH_REQUIRED}
    await linked.clear_sky()
    await linked.later(INTERVAL)
    assert await linked.state(where) == "authorized"
    assert await linked.alarms("on-call") == []


@pytest.mark.parametrize("platform", ["tiktok", "instagram"])
async def test_one_account_that_nobody_can_prove_for_days_is_told_once_until_it_is_proved(
    both_clients: Scene, platform: str
):
    scene = both_clients
    for channel, handle in ((VELO_CHANNEL, "velowerk"), (BAKERY_CHANNEL, "nordlicht.bakery")):
        await scene.people.link("requester", channel, platform, handle)
    await scene.change(platform, "velowerk", ailing=True)
    told = []
    for _ in range(10):
        await scene.later(DAY / 2)
        told.append(
            len([each for each in await scene.alarms("on-call") if "could not be proved" in words(each)])
        )
    assert (told[:5], told[-3:]) == ([0] * 5, [1] * 3)
    alarm = await scene.alarm("on-call")
    assert button(alarm, "status.check")
    assert await scene.alarms("on-call", BAKERY_CHANNEL) == []
    await scene.change(platform, "velowerk", ailing=False)
    await scene.press("on-call", alarm, "status.check")
    await scene.told("on-call", "works again by itself")
    assert await scene.state(platform) == "authorized"


async def test_a_lost_answer_to_a_renewal_is_recognised_and_blames_nobody(linked: Scene):
    await linked.trouble("tiktok.oauth.token", "drop_after")
    await linked.later(INTERVAL)
    await linked.later(HOUR)
    assert "The access ran out" in words(await linked.alarm("on-call"))
    assert await linked.is_linked("tiktok", "velowerk")


async def test_an_end_that_only_a_person_can_push_on_is_told_ahead(scene: Scene):
    await scene.switch("tiktok", refresh_life="from_consent")
    await scene.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    await scene.quiet()
    for _ in range(15):
        await scene.later(10 * DAY)
    await scene.later(DAY)
    told = await scene.alarm("on-call")
    assert "a person" in words(told)
    assert await scene.state("tiktok") == "refresh_required"
