"""The demo as a person meets it: link both platforms, see the truth, break it in the weather, repair it by the button."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from sandbox.demo import Demo
from tests.browser.conftest import WIDE
from tests.browser.hands import command, said
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]


@pytest_asyncio.fixture(params=["wide", "phone"], loop_scope="module")
async def visitor(request: pytest.FixtureRequest, demo: Demo, browser: Browser) -> AsyncIterator[Visitor]:
    """The requester in #velo-werk, at a desk and on a phone."""
    context = await browser.new_context(**(PHONE if request.param == "phone" else {"viewport": WIDE}))
    visitor = Visitor(await context.new_page(), request.param)
    await visitor.page.goto(f"{demo.base_url}/#U0REQUESTER/C0VELO")
    await visitor.page.wait_for_selector("#sidebar [aria-current]", state="attached")
    yield visitor
    await context.close()
    assert visitor.complaints == []


async def test_link_both_see_the_truth_break_it_and_repair_it(visitor: Visitor):
    page = visitor.page
    await expect(said(page, "Welcome to Crosslink's demo")).to_be_visible()
    await visitor.keep(page, "1-welcome")

    await command(page, "link")
    for platform in ("TikTok", "Instagram"):
        button = said(page, "yours alone").get_by_role("link", name=f"Link {platform}")
        heading = await visitor.link(button, platform.casefold(), "velowerk")
        assert heading == f"{platform} is linked for Velo Werk"
    await expect(said(page, "linked Instagram @velowerk")).to_be_visible()

    await command(page, "status")
    await expect(said(page, "Both accounts are linked and work.")).to_be_visible()
    await visitor.keep(page, "2-status")

    await _remove_the_app(page)
    alarm = said(page, "Relink TikTok with the same account").last
    await expect(alarm).to_be_visible()
    await visitor.keep(page, "3-broken")

    await alarm.get_by_role("button", name="Relink TikTok").click()
    button = said(page, "Only visible to you").get_by_role("link", name="Relink TikTok").last
    assert await visitor.link(button, "tiktok", "velowerk") == "TikTok is linked again for Velo Werk"
    await expect(said(page, "was relinked and works again")).to_be_visible()
    await command(page, "status")
    await expect(said(page, "Both accounts are linked and work.").last).to_be_visible()
    await visitor.keep(page, "4-repaired")


async def _remove_the_app(page: Page) -> None:
    """Be the account's owner for a moment, in the panel that plays the platforms."""
    await page.get_by_role("button", name="Weather: play").click()
    panel = page.get_by_role("complementary", name="Weather")
    account = panel.get_by_role("region", name="TikTok").get_by_role("listitem").filter(has_text="@velowerk")
    await account.get_by_role("button", name="Remove the app").click()
    await expect(account.get_by_text("No app is linked.")).to_be_visible()
    await panel.get_by_role("button", name="Close the weather panel").click()


async def test_a_wrong_account_and_its_decision(visitor: Visitor):
    page = visitor.page
    await command(page, "link tiktok")
    button = said(page, "yours alone").get_by_role("link", name="Link TikTok")
    heading = await visitor.link(button, "tiktok", "velo.fanpage")
    assert heading == "That was @velo.fanpage, and Velo Werk expects @velowerk"
    private = said(page, heading)
    await expect(private).to_contain_text("To adopt it: @manager, asked in #velo-werk")
    await expect(private.get_by_role("button", name="Adopt Account")).not_to_be_visible()
    await visitor.keep(page, "5-wrong-account")
    await private.get_by_role("button", name="Let It Go").click()
    await expect(said(page, "was let go").first).to_be_visible()
