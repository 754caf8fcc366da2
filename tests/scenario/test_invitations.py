"""A personal link: looking burns nothing, it works once, the newest wins, and it ends by itself."""

import asyncio

import pytest

from sandbox.journey import Message, button, words
from tests.scenario.scene import AGENCY, LINK_BUTTON, MINUTE, VELO_CHANNEL, Scene, attempt


async def _address(scene: Scene, text: str = "link tiktok") -> str:
    return await scene.people.connect_address("requester", VELO_CHANNEL, text)


async def test_the_page_says_what_will_happen(scene: Scene):
    async with scene.people.browser() as browser:
        page = await browser.get(await _address(scene))
    assert page.heading == "Link TikTok for Velo Werk"
    for told in ("@velowerk", "check on TikTok first", "Publish", "video.publish", "Continue to TikTok"):
        assert told in page.text
    assert "/www.tiktok.com/login" in page.html


async def test_looking_burns_nothing(scene: Scene):
    address = await _address(scene)
    async with scene.people.browser() as unfurler:
        for _ in range(5):
            assert (await unfurler.get(address)).status == 200
    async with scene.demo.sandbox.world.session.head(address) as answer:
        assert answer.status == 200
    assert (await scene.people.consent(address, "velowerk")).heading == "TikTok is linked for Velo Werk"


async def test_the_back_button_of_the_browser_begins_anew(scene: Scene):
    """Continue twice: only the state of the way that was finished counts."""
    address = await _address(scene)
    async with scene.people.browser() as browser:
        first, second = [await attempt(browser, address) for _ in range(2)]
        assert (await second.arrive()).heading == "TikTok is linked for Velo Werk"
        assert (await first.arrive()).status == 410
    assert await scene.state() == "authorized"


async def test_a_used_page(scene: Scene):
    address = await _address(scene)
    await scene.people.consent(address, "velowerk")
    page = await scene.people.consent(address, "velowerk")
    assert page.status == 410
    assert "This link has done its work" in page.text


async def test_an_expired_page(scene: Scene):
    address = await _address(scene)
    await scene.later(31 * MINUTE)
    page = await scene.people.consent(address, "velowerk")
    assert page.status == 410
    assert "ran out after 30 minutes" in page.text


async def test_an_unknown_page(scene: Scene):
    page = await scene.people.consent(f"{scene.url}/connect/{'x' * 43}", "velowerk")
    assert page.status == 404
    assert "We don't know this link" in page.text


async def test_a_superseded_page_and_the_newest_that_works(scene: Scene):
    older, newer = await _address(scene), await _address(scene)
    page = await scene.people.consent(older, "velowerk")
    assert page.status == 410
    assert "A newer link was asked for" in page.text
    assert (await scene.people.consent(newer, "velowerk")).heading == "TikTok is linked for Velo Werk"


async def test_a_superseded_attempt_that_was_on_its_way(scene: Scene):
    async with scene.people.browser() as browser:
        on_its_way = await attempt(browser, await _address(scene))
        newer = await _address(scene)
        late = await on_its_way.arrive()
    assert late.status == 410
    assert "newer link" in late.text
    assert (await scene.people.consent(newer, "velowerk")).heading == "TikTok is linked for Velo Werk"


async def test_an_attempt_may_outlast_the_button(scene: Scene):
    """Begun in minute 29, allowed in minute 38: the person isn't punished for a slow second factor."""
    address = await _address(scene)
    await scene.later(29 * MINUTE)
    async with scene.people.browser() as browser:
        begun = await attempt(browser, address)
        await scene.later(9 * MINUTE)
        assert (await begun.arrive()).heading == "TikTok is linked for Velo Werk"


async def test_whoever_asks_last_has_the_only_open_invitation(scene: Scene):
    people = ("requester", "manager", "on-call")
    await asyncio.gather(*(scene.people.slash(each, VELO_CHANNEL, "link tiktok") for each in people * 2))
    await scene.quiet()
    (connection,) = await scene.connections()
    async with scene.demo.runtime.desk.work.reading() as unit:
        assert len(await unit.invitations.unsettled(AGENCY, connection.id)) == 1


@pytest.mark.parametrize("how", ["command", "status", "channel"])
async def test_relinking_repairs_the_same_connection(linked: Scene, how: str):
    before = await linked.half()
    await linked.change("tiktok", "velowerk", remove_app=True)
    broken = await linked.alarm("requester")
    assert await linked.state() == "partially_revoked"
    if how == "channel":
        await linked.press("requester", broken, "link.relink")
    elif how == "status":
        status = await linked.people.answer("requester", VELO_CHANNEL, "status")
        await linked.press("requester", status, "link.relink")
    else:
        await linked.people.slash("requester", VELO_CHANNEL, "link tiktok")
        await linked.quiet()
    message = (await linked.private_buttons("requester"))[-1]
    page = await linked.people.consent(str(button(message, LINK_BUTTON)["url"]), "velowerk")
    assert page.heading == "TikTok is linked again for Velo Werk"
    await linked.quiet()
    told = [
        each for each in await linked.people.messages("on-call", VELO_CHANNEL) if "relinked" in words(each)
    ]
    assert [bool(each.get("thread_ts")) for each in told] == [False, True, True]
    assert "was relinked and works again" in words(told[0])
    assert "<@U0REQUESTER> relinked TikTok @velowerk" in words(told[1])
    after = await linked.half()
    assert after.connection.id == before.connection.id
    assert after.verdict.state == "authorized"
    assert len(await linked.connections()) == 2


async def _press_link(scene: Scene, user: str, message: Message) -> str:
    """Press a private link as a person does: Slack hears of it, the browser opens the address."""
    await scene.press(user, message, LINK_BUTTON)
    return str(button(message, LINK_BUTTON)["url"])


async def _by_hand(scene: Scene, message: Message) -> None:
    """Link from a button, and find the outcome in place of the private message that held the link."""
    await scene.press("requester", message, "link.start")
    (link,) = await scene.private_buttons("requester")
    await scene.people.consent(await _press_link(scene, "requester", link), "velowerk")
    told = await scene.told("requester", "TikTok is linked for Velo Werk")
    assert told["ts"] == link["ts"]
    assert await scene.private_buttons("requester") == []


async def test_the_outcome_of_a_link_from_the_status_takes_the_links_place(scene: Scene):
    await _by_hand(scene, await scene.people.answer("requester", VELO_CHANNEL, "status"))


async def test_the_outcome_of_a_link_from_the_channel_takes_the_links_place(scene: Scene):
    news = await scene.told("requester", "Next: link its accounts")
    await scene.press("requester", news, "link.start")
    (both,) = await scene.private_buttons("requester")
    slip = both
    for platform in ("TikTok", "Instagram"):
        await scene.people.consent(await _press_link(scene, "requester", slip), "velowerk")
        slip = await scene.told("requester", f"{platform} is linked for Velo Werk")
        assert slip["ts"] == both["ts"]
    assert "TikTok is linked for Velo Werk" in words(slip)
    assert await scene.private_buttons("requester") == []


async def test_trying_one_platform_again_keeps_the_others_button(scene: Scene):
    both = await scene.people.answer("requester", VELO_CHANNEL, "link")
    await scene.people.consent(await _press_link(scene, "requester", both), "velowerk", decision="cancel")
    half = await scene.told("requester", "TikTok wasn't linked")
    assert str(button(half, LINK_BUTTON)["text"]["text"]) == "Link Instagram"
    await scene.press("requester", half, "link.try_again")
    (again,) = await scene.private_buttons("requester")
    assert again["ts"] == both["ts"]
    assert [each["accessory"]["text"]["text"] for each in again["blocks"] if "accessory" in each] == [
        "Link TikTok",
        "Link Instagram",
    ]
    await scene.people.consent(await _press_link(scene, "requester", again), "velowerk")
    linked = await scene.told("requester", "TikTok is linked for Velo Werk")
    assert (linked["ts"], button(linked, LINK_BUTTON)["text"]["text"]) == (both["ts"], "Link Instagram")


async def test_trying_again_stands_in_place_of_the_attempt_before(scene: Scene):
    address = await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    await scene.people.consent(address, "velowerk", decision="cancel")
    before = await scene.told("requester", "TikTok wasn't linked")
    await scene.press("requester", before, "link.try_again")
    (link,) = await scene.private_buttons("requester")
    assert link["ts"] == before["ts"]
    await scene.people.consent(await _press_link(scene, "requester", link), "velowerk")
    assert (await scene.told("requester", "TikTok is linked"))["ts"] == before["ts"]


async def test_a_link_that_is_followed_late_still_gives_way(scene: Scene):
    """The command's address is good for thirty minutes, and so is that of the press in minute 29."""
    message = await scene.people.answer("requester", VELO_CHANNEL, "link tiktok")
    await scene.later(29 * MINUTE)
    async with scene.people.browser() as browser:
        begun = await attempt(browser, await _press_link(scene, "requester", message))
        await scene.later(9 * MINUTE)
        await begun.arrive()
    assert (await scene.told("requester", "TikTok is linked"))["ts"] == message["ts"]


async def test_a_newer_link_takes_its_button_from_the_message_before(scene: Scene):
    both = await scene.people.answer("requester", VELO_CHANNEL, "link")
    for text, left in (("link tiktok", ["Link Instagram"]), ("link instagram", [])):
        await scene.people.slash("requester", VELO_CHANNEL, text)
        await scene.quiet()
        (older,) = [
            each
            for each in await scene.people.messages("requester", VELO_CHANNEL)
            if each["ts"] == both["ts"]
        ]
        assert [each["accessory"]["text"]["text"] for each in older["blocks"] if "accessory" in each] == left
    assert "A newer link for *Velo Werk* has taken the place of this one." in words(older)
    assert len(await scene.private_buttons("requester")) == 2
