"""A workspace takes the app out, or only its token; and comes back."""

import pytest

from sandbox.journey import button, words
from tests.scenario.scene import AGENCY, HOUR, VELO_CHANNEL, Scene, until
from tests.scenario.wire import Wire, a_command


async def _leave(scene: Scene, **how: bool) -> None:
    await scene.people.call("POST", "slack/uninstall", {"team": AGENCY, **how})

    async def is_over() -> bool:
        async with scene.demo.runtime.desk.work.reading() as unit:
            return not await unit.installations.every()

    await until(is_over, "the workspace never ended")
    await scene.quiet()


@pytest.mark.parametrize("how", [{}, {"revoke_tokens": True}], ids=["uninstalled", "token revoked"])
async def test_everything_is_let_go(linked: Scene, line: Wire, how: dict[str, bool]):
    address = await linked.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    await _leave(linked, **how)
    assert not await linked.is_linked("tiktok", "velowerk")
    assert [each.is_held for each in await linked.connections()] == [False, False]
    assert {each.state for each in await linked.connections()} == {"closed"}
    page = await linked.people.consent(address, "velowerk")
    assert page.status == 410
    answer = await line.slack(a_command("status"))
    assert "isn't installed in this workspace any more" in answer.text
    assert "Velo Werk" not in answer.text


async def test_a_wrong_account_that_waited_is_let_go_too(scene: Scene):
    await scene.people.link("requester", VELO_CHANNEL, "tiktok", "velo.fanpage")
    await scene.quiet()
    await _leave(scene)
    assert not await scene.is_linked("tiktok", "velo.fanpage")


async def test_tiktok_that_is_down_is_told_later(linked: Scene):
    await linked.trouble("tiktok", "drop_before", times=-1)
    await _leave(linked)
    assert await linked.is_linked("tiktok", "velowerk")
    await linked.clear_sky()
    await linked.later(HOUR)
    assert not await linked.is_linked("tiktok", "velowerk")
    assert {each.state for each in await linked.connections()} == {"closed"}


async def test_an_attempt_on_its_way_links_nothing(scene: Scene):
    address = await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    async with scene.people.browser() as browser:
        sent_to = await browser.post(address, follow=False)
        await _leave(scene)
        page = await browser.post(sent_to.url, [("account", "velowerk"), ("decision", "allow")])
    assert page.status == 410
    assert [each.is_held for each in await scene.connections()] == [False]


async def test_nothing_is_told_to_a_workspace_that_left(linked: Scene):
    await _leave(linked)
    before = await linked.read("requester")
    await linked.later(48 * HOUR)
    assert await linked.read("requester") == before


async def test_coming_back(linked: Scene):
    before = {each.platform: each.id for each in await linked.connections()}
    await _leave(linked)
    assert (await linked.people.install()).heading == "Crosslink is installed in Agency"
    status = await linked.people.answer("requester", VELO_CHANNEL, "status")
    assert "Velo Werk" in words(status)
    assert button(status, "link.")
    page = await linked.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert "for Velo Werk" in page.heading
    await linked.quiet()
    assert await linked.state() == "authorized"
    assert {each.platform: each.id for each in await linked.connections()} == before
    assert "linked" in words(await linked.people.answer("requester", VELO_CHANNEL, "history"))


async def test_installing_again_changes_nothing_for_the_clients(linked: Scene):
    assert "installed" in (await linked.people.install()).heading
    await linked.quiet()
    assert await linked.state() == "authorized"
    assert words(await linked.people.answer("requester", VELO_CHANNEL, "status")).startswith(
        "Velo Werk: Linked"
    )
