"""A site with the emulated Slack and a small scripted app, and a real Chromium looking at it."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from sandbox.demo import Demo, running
from sandbox.journey import journey
from sandbox.seed import seed
from sandbox.server import Sandbox
from tests.browser.scripted_app import ScriptedApp

ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE = {"width": 1360, "height": 860}


@dataclass
class Site:
    sandbox: Sandbox
    app: ScriptedApp

    @property
    def url(self) -> str:
        return self.sandbox.world.base_url


@dataclass
class Window:
    """One person's page; `complaints` collects what the browser's console and the page itself objected to."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda line: line.type in {"error", "warning"} and self.complaints.append(line.text)
        )


Opening = Callable[..., Awaitable[Page]]


def chromium() -> str | None:
    return (
        os.environ.get("CROSSLINK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    sandbox = Sandbox("http://127.0.0.1", "http://127.0.0.1")
    scripted = ScriptedApp(sandbox)
    app = web.Application()
    sandbox.attach(app)
    app.router.add_post("/slack/events", scripted.receive)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.world.base_url = sandbox.world.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await scripted.register()
    yield Site(sandbox, scripted)
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    """The demo with its seed, as `crosslink demo` starts it."""
    async with running() as here, journey(here.base_url) as people:
        await people.call("POST", "switches/slack", {"rates": "off"})
        await seed(people, here.sandbox.slack.bot_token)
        here.ready = True
        yield here


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install it, or name it in CROSSLINK_CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def opening(site: Site, browser: Browser) -> AsyncIterator[Opening]:
    """Opens the workspace page as a person in a place; at the end no page may have complained."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    async def open_page(person: str = "U0REQUESTER", place: str = "C0BAKERY", **options: object) -> Page:
        context = await browser.new_context(**{"viewport": WIDE, **options})
        contexts.append(context)
        window = Window(await context.new_page())
        window.listen()
        windows.append(window)
        window.page.set_default_timeout(8_000)
        await window.page.goto(f"{site.url}/#{person}/{place}")
        await window.page.wait_for_selector("#sidebar [aria-current]", state="attached")
        return window.page

    yield open_page
    for context in contexts:
        await context.close()
    assert [line for window in windows for line in window.complaints] == []
