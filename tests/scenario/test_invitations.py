"""A personal link: looking burns nothing, it works once, the newest wins, and it ends by itself."""

import asyncio

import pytest

from sandbox.journey import button
from tests.scenario.scene import LINK_BUTTON, MINUTE, VELO_CHANNEL, Scene, attempt


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
        assert len(await unit.invitations.unsettled(connection.id)) == 1


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
    await linked.told("on-call", "relinked TikTok @velowerk")
    after = await linked.half()
    assert after.connection.id == before.connection.id
    assert after.verdict.state == "authorized"
    assert len(await linked.connections()) == 2
