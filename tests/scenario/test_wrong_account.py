"""An account that came instead of the expected one: held aside, decided about once, and never left behind."""

import asyncio

import pytest

from sandbox.journey import Message, Page, button, words
from tests.scenario.scene import MINUTE, VELO_CHANNEL, Scene

WRONG = "velo.fanpage"
HELD = "That was @velo.fanpage, and Velo Werk expects @velowerk"


async def _bring(scene: Scene, platform: str = "tiktok") -> Page:
    page = await scene.people.link("requester", VELO_CHANNEL, platform, WRONG)
    await scene.quiet()
    return page


async def _news(scene: Scene, user: str) -> Message:
    """What the channel was told, with its buttons."""
    return await scene.people.sees(
        user, VELO_CHANNEL, lambda each: bool(button(each, "link.adopt")) and not each["is_ephemeral"]
    )


async def _decided(scene: Scene, text: str) -> Message:
    """What stands in the channel in place of the question."""
    told = await scene.told("on-call", text)
    assert [each["ts"] for each in await scene.people.messages("on-call", VELO_CHANNEL)].count(
        told["ts"]
    ) == 1
    assert not any(button(told, each) for each in ("link.try_again", "link.adopt", "link.decline"))
    return told


async def test_it_is_held_aside_and_both_page_and_slack_say_so(scene: Scene):
    page = await _bring(scene)
    assert page.heading == HELD
    private = await scene.told("requester", HELD)
    assert private["is_ephemeral"]
    assert [button(private, each)["text"]["text"] for each in ("link.try_again", "link.decline")] == [
        "Try Again",
        "Let It Go",
    ]
    assert not button(private, "link.adopt")
    assert "To adopt it: <@U0MANAGER>, asked in <#C0VELO>" in words(private)
    assert "@velo.fanpage" in words(await _news(scene, "on-call"))
    assert await scene.state() == "pending"
    assert await scene.is_linked("tiktok", WRONG)


async def test_trying_again_lets_it_go_and_links_the_right_one(scene: Scene):
    await _bring(scene)
    await scene.press("requester", await scene.told("requester", HELD), "link.try_again")
    (message,) = await scene.private_buttons("requester")
    await scene.press("requester", message, "link.open_page")
    page = await scene.people.consent(str(button(message, "link.open_page")["url"]), "velowerk")
    assert page.heading == "TikTok is linked for Velo Werk"
    await scene.quiet()
    assert not await scene.is_linked("tiktok", WRONG)
    assert await scene.is_linked("tiktok", "velowerk")
    assert "Let go by <@U0REQUESTER>" in words(await _decided(scene, "@velo.fanpage was let go"))
    gone = await scene.told("requester", "@velo.fanpage was not linked for Velo Werk")
    assert not button(gone, "link.try_again")
    assert await scene.private_buttons("requester") == []


@pytest.mark.parametrize("platform", ["tiktok", "instagram"])
async def test_a_manager_adopts_it(scene: Scene, platform: str):
    await _bring(scene, platform)
    await scene.press("manager", await _news(scene, "manager"), "link.adopt")
    assert await scene.state(platform) == "authorized"
    half = await scene.half(platform)
    assert (half.handle, half.expected) == (WRONG, WRONG)
    decided = await _decided(scene, "@velo.fanpage now stands for")
    assert "Adopted by <@U0MANAGER>" in words(decided)


async def test_who_may_not_adopt_is_told_who_may(scene: Scene):
    await _bring(scene)
    for user in ("requester", "on-call"):
        await scene.press(user, await _news(scene, user), "link.adopt")
        refused = await scene.told(user, "Only a workspace admin or a manager of Velo Werk can do that")
        assert refused["is_ephemeral"]
        assert "<@U0MANAGER>" in words(refused)
    assert await scene.state() == "pending"
    await scene.press("manager", await _news(scene, "manager"), "link.adopt")
    assert await scene.state() == "authorized"


async def test_the_person_who_brought_it_may_let_it_go(scene: Scene):
    await _bring(scene)
    await scene.press("requester", await scene.told("requester", HELD), "link.decline")
    assert not await scene.is_linked("tiktok", WRONG)
    assert "Let go by <@U0REQUESTER>" in words(await _decided(scene, "@velo.fanpage was let go"))


async def test_somebody_else_may_not_let_it_go(scene: Scene):
    await _bring(scene)
    await scene.press("on-call", await _news(scene, "on-call"), "link.decline")
    await scene.told("on-call", "Only a workspace admin or a manager of Velo Werk can do that")
    assert await scene.is_linked("tiktok", WRONG)


async def test_after_ten_minutes_it_is_revoked_at_tiktok_and_erased(scene: Scene):
    await _bring(scene)
    await scene.later(9 * MINUTE)
    assert await scene.is_linked("tiktok", WRONG)
    await scene.later(2 * MINUTE)
    assert not await scene.is_linked("tiktok", WRONG)
    assert await scene.asked("tiktok.oauth.revoke") == 1
    await scene.told("requester", "@velo.fanpage was not linked for Velo Werk")
    assert "Nobody decided in time" in words(await _decided(scene, "@velo.fanpage was let go"))
    assert await scene.state() == "pending"


async def test_a_press_on_what_is_decided_meanwhile_is_refused(scene: Scene):
    await _bring(scene)
    news = await _news(scene, "manager")
    await scene.people.turn_clock(11 * MINUTE)
    await scene.press("manager", news, "link.adopt")
    await scene.told("manager", "no longer waiting for a decision")
    assert await scene.state() == "pending"


async def test_where_revoking_fails_our_copy_goes_all_the_same(scene: Scene):
    await _bring(scene)
    await scene.trouble("tiktok.oauth.revoke", "drop_before", times=-1)
    await scene.later(11 * MINUTE)
    await scene.told("requester", "@velo.fanpage was not linked for Velo Werk")
    await _decided(scene, "@velo.fanpage was let go")


async def test_two_who_decide_at_once_decide_once(scene: Scene):
    await _bring(scene)
    news = await _news(scene, "manager")
    await asyncio.gather(
        *(scene.people.click("manager", VELO_CHANNEL, news, "link.adopt") for _ in range(3)),
        scene.people.click("requester", VELO_CHANNEL, await scene.told("requester", HELD), "link.decline"),
    )
    await scene.quiet()
    adopted = await scene.state() == "authorized"
    assert adopted == await scene.is_linked("tiktok", WRONG)
    told = [each for each in await scene.read("on-call") if "now stands for" in each or "was let go" in each]
    assert len(told) == 1
    assert ("now stands for" in told[0]) == adopted


async def test_relinking_as_another_account_leaves_the_link_as_it_was(linked: Scene):
    before = (await linked.half()).connection.id
    page = await _bring(linked)
    assert page.heading == HELD
    assert await linked.state() == "authorized"
    await linked.later(11 * MINUTE)
    assert await linked.state() == "authorized"
    assert (await linked.half()).connection.id == before
    assert (await linked.half()).handle == "velowerk"
    assert not await linked.is_linked("tiktok", WRONG)
    assert await linked.is_linked("tiktok", "velowerk")


async def test_adopting_another_account_lets_the_former_one_go(linked: Scene):
    await _bring(linked)
    await linked.press("manager", await _news(linked, "manager"), "link.adopt")
    assert (await linked.half()).handle == WRONG
    assert not await linked.is_linked("tiktok", "velowerk")
    assert await linked.is_linked("tiktok", WRONG)
