"""What Slack holds back is told all the same, and what it loses costs another try at most."""

import pytest

from tests.scenario.scene import VELO_CHANNEL, Scene

PLATFORMS = {"tiktok": "TikTok", "instagram": "Instagram"}


@pytest.mark.parametrize(("rates", "apart"), [("strict", 0.9), ("lenient", 0.0)])
async def test_a_busy_channel_hears_everything(scene: Scene, rates: str, apart: float):
    await scene.switch("slack", rates=rates)
    for platform in PLATFORMS:
        page = await scene.people.link("requester", VELO_CHANNEL, platform, "velowerk")
        assert "is linked for Velo Werk" in page.heading
    told = [await scene.told("on-call", f"linked {name} @velowerk") for name in PLATFORMS.values()]
    first, second = sorted(float(each["ts"]) for each in told)
    assert second - first >= apart
    assert await scene.asked("slack.chat.postMessage", "ratelimited") == 0 or rates == "strict"


async def test_a_private_message_that_never_came_is_asked_for_again(scene: Scene):
    await scene.switch("slack", ephemerals="lost")
    await scene.people.slash("requester", VELO_CHANNEL, "link tiktok")
    await scene.quiet()
    assert await scene.private_buttons("requester") == []
    await scene.switch("slack", ephemerals="shown")
    page = await scene.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.heading == "TikTok is linked for Velo Werk"
    await scene.told("on-call", "linked TikTok @velowerk")
