"""The demo as a person meets it: link both platforms, see the truth, break it in the weather, repair it by the button."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.demo import Demo, running
from sandbox.journey import journey
from sandbox.seed import seed
from tests.browser.conftest import WIDE, Window
from tests.browser.hands import command, said

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCREENS = Path(__file__).parents[2] / "build" / "screens"
PATIENCE = 15_000
"""Milliseconds: the bot, the emulators and the browser share one small machine."""


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    """The demo with its seed, as `crosslink demo` starts it."""
    async with running() as here, journey(here.base_url) as people:
        await people.call("POST", "switches/slack", {"rates": "off"})
        await seed(people, here.sandbox.slack.bot_token)
        here.ready = True
        yield here


class Visitor:
    """Somebody with a browser in #velo-werk; every page they open is listened to, and may be kept as a picture."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.windows: list[Window] = []
        self._listen(page)

    def _listen(self, page: Page) -> None:
        page.set_default_timeout(PATIENCE)
        self.windows.append(Window(page))
        self.windows[-1].listen()

    @property
    def complaints(self) -> list[str]:
        """What the browser objected to on any page."""
        return [line for window in self.windows for line in window.complaints]

    async def keep(self, page: Page, what: str) -> None:
        """Keep a picture of the whole page; nothing on it may be wider than the screen."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SCREENS / f"{self.name}-{what}.png", full_page=True)
        too_wide = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, what

    async def link(self, button: Locator, platform: str, account: str) -> str:
        """Press a private button, go over the platform's pages as this account; return the last page's heading."""
        async with self.page.expect_popup() as opening:
            await button.click()
        page = await opening.value
        self._listen(page)
        await page.get_by_role("heading", level=1).wait_for()
        await expect(page.get_by_role("button", name="Continue to")).to_be_in_viewport(ratio=1)
        await self.keep(page, f"connect-{platform}")
        await page.get_by_role("button", name="Continue to").click()
        await expect(page.get_by_role("heading", name="Log in to").or_(_consent(page))).to_be_visible()
        if not await _consent(page).is_visible():  # nobody is signed in yet
            await page.get_by_role("main").get_by_role("link", name=f"@{account}").click()
        await expect(_consent(page)).to_be_visible()
        await self.keep(page, f"consent-{platform}")
        await page.locator("button[value=allow]").click()
        await page.wait_for_url("**/callback**")
        await self.keep(page, f"outcome-{platform}-{account}")
        heading = await page.get_by_role("heading", level=1).inner_text()
        await page.close()
        return heading


def _consent(page: Page) -> Locator:
    return page.get_by_role("heading", name="Authorize Crosslink")


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
        button = said(page, "These buttons are yours alone").get_by_role("link", name=f"Link {platform}")
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
    button = said(page, "These buttons are yours alone").get_by_role("link", name="Link TikTok")
    heading = await visitor.link(button, "tiktok", "velo.fanpage")
    assert heading == "That was @velo.fanpage, and Velo Werk expects @velowerk"
    private = said(page, heading)
    await expect(private.get_by_role("button", name="Adopt Account")).to_be_visible()
    await visitor.keep(page, "5-wrong-account")
    await private.get_by_role("button", name="Let It Go").click()
    await expect(said(page, "was let go").first).to_be_visible()
