"""Unlinking over HTTP: shown first, asked once more, done on both sides, proved, and clean for the next link."""

import pytest

from sandbox.journey import words
from tests.scenario.scene import HOUR, VELO_CHANNEL, Scene

CONFIRM, FINISH = "unlink.confirm", "unlink.finish"


async def ask(scene: Scene, platform: str) -> None:
    """The manager asks to unlink, reads what will happen, and says yes."""
    shown = await scene.people.answer("manager", VELO_CHANNEL, f"unlink {platform}")
    for part in ("Our side", "side:", "@velowerk"):
        assert part in words(shown)
    await scene.press("manager", shown, CONFIRM)


async def answer(scene: Scene, text: str):
    return await scene.people.sees(
        "manager", VELO_CHANNEL, lambda each: each["is_ephemeral"] and text in words(each)
    )


async def relink(scene: Scene, platform: str) -> None:
    page = await scene.people.link("requester", VELO_CHANNEL, platform, "velowerk")
    assert "is linked again for Velo Werk" in page.heading
    await scene.quiet()
    assert await scene.state(platform) == "authorized"
    assert await scene.is_linked(platform, "velowerk")


async def test_tiktok_is_asked_to_let_go_and_proves_it(linked: Scene):
    await ask(linked, "tiktok")
    await linked.told("on-call", "TikTok confirmed that our access is ended, and our copy of it is erased.")
    assert not await linked.is_linked("tiktok", "velowerk")
    assert await linked.state("tiktok") == "closed"
    assert await linked.state("instagram") == "authorized"
    await relink(linked, "tiktok")


async def test_at_instagram_the_owner_is_shown_the_taps_and_the_rest_is_proved(linked: Scene):
    await ask(linked, "instagram")
    taps = await answer(linked, "Apps and websites")
    assert "Then press Finish Unlink" in words(taps)
    assert await linked.state("instagram") == "partially_revoked"
    await linked.change("instagram", "velowerk", webhooks="lose")
    await linked.change("instagram", "velowerk", remove_app=True)
    await linked.press("manager", taps, FINISH)
    await linked.told(
        "on-call", "Instagram confirmed that our access is ended, and our copy of it is erased."
    )
    assert await linked.state("instagram") == "closed"
    await relink(linked, "instagram")


async def test_pressing_finish_before_it_is_done_changes_nothing(linked: Scene):
    await ask(linked, "instagram")
    await linked.press("manager", await answer(linked, "Then press Finish Unlink"), FINISH)
    assert await linked.state("instagram") == "partially_revoked"
    assert await linked.is_linked("instagram", "velowerk")


async def test_nobody_presses_anything_and_it_is_proved_all_the_same(linked: Scene):
    await ask(linked, "instagram")
    await linked.change("instagram", "velowerk", webhooks="lose")
    await linked.change("instagram", "velowerk", remove_app=True)
    await linked.later(HOUR)
    await linked.told("on-call", "Instagram confirmed that our access is ended")
    assert await linked.state("instagram") == "closed"


@pytest.mark.parametrize("fault", ["http_500", "http_503"])
async def test_an_outage_only_puts_the_proof_off(linked: Scene, fault: str):
    await linked.trouble("tiktok.oauth", "refuse", code=fault, times=-1)
    await linked.trouble("tiktok.user_info", "refuse", code=fault, times=-1)
    await ask(linked, "tiktok")
    assert await linked.state("tiktok") == "partially_revoked"
    await linked.clear_sky()
    await linked.later(HOUR)
    await linked.told("on-call", "TikTok confirmed that our access is ended")
    assert not await linked.is_linked("tiktok", "velowerk")
