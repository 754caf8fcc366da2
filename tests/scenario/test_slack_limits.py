"""Slack lets one message a second into a channel, maybe a few at once: what it holds back is told all the same."""

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
