"""Somebody with a browser at the demo: what they do across pages, with a picture of each kept as build output."""

from pathlib import Path
from urllib.parse import urljoin

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Window

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCREENS = Path(__file__).parents[2] / "build" / "screens"
PATIENCE = 15_000
"""Milliseconds: the bot, the emulators and the browser share one small machine."""
expect.set_options(timeout=PATIENCE)


class Visitor:
    """Somebody with a browser; every page they open is listened to, and may be kept as a picture."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.windows: list[Window] = []
        self.listen(page)

    def listen(self, page: Page) -> None:
        """Hear what the browser objects to on this page."""
        page.set_default_timeout(PATIENCE)
        self.windows.append(Window(page))
        self.windows[-1].listen()

    @property
    def complaints(self) -> list[str]:
        """What the browser objected to on any page."""
        return [line for window in self.windows for line in window.complaints]

    async def turn_clock(self, seconds: float) -> None:
        """Turn time forward, for the bot and the platforms alike."""
        url = urljoin(self.page.url, "/_sandbox/clock/advance")
        answer = await self.page.request.post(url, data={"seconds": seconds})
        assert answer.ok

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
        self.listen(page)
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
