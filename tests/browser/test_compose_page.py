"""The composer's own page in a real browser: what TikTok's audit wants is there, and nothing typed is lost."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from core.domain.client import Person
from core.domain.post import Post, PostStep
from sandbox.demo import Demo, running
from sandbox.journey import journey
from sandbox.seed import seed
from tests.browser.conftest import WIDE, Window
from tests.media.films import Film, make

pytestmark = pytest.mark.asyncio(loop_scope="module")
REQUESTER = Person(user="U0REQUESTER", workspace="T0AGENCY", home="T0AGENCY")
FILM = Film(width=720, height=1280, rate=24, frames=144, options={"crf": "45", "g": "24"})
"""Its index is last, which Instagram refuses."""


async def drafted(demo: Demo) -> Post:
    desk, store = demo.runtime.desk, demo.runtime.media
    async with desk.work.reading() as unit:
        client = await unit.clients.of_channel("T0AGENCY", "C0BAKERY")
    assert client is not None
    post = await desk.composing.create(REQUESTER, client.id)
    async with store.scratch() as file:
        make(file.with_suffix(".mp4"), FILM)
        file.with_suffix(".mp4").rename(file)
        kept = await store.adopt(file, at=demo.runtime.clock.now())
    origin = await desk.shelf.kept(kept.sha256, "ride.mp4")
    assert origin is not None
    return (await desk.composing.attach(REQUESTER, post.id, [origin])).post


@dataclass
class Composing:
    demo: Demo
    page: Page
    post: Post

    def box(self, name: str) -> Locator:
        return self.page.get_by_role("checkbox", name=name)

    @property
    def caption(self) -> Locator:
        return self.page.get_by_label("Caption", exact=True)

    @property
    def audience(self) -> Locator:
        return self.page.get_by_label("Who can see it")

    async def request(self) -> None:
        await self.page.get_by_role("button", name="Request Approval").click()

    async def reads(self, *sentences: str) -> None:
        for sentence in sentences:
            await expect(self.page.get_by_text(sentence)).to_be_visible()


@pytest_asyncio.fixture(loop_scope="module")
async def composing(browser: Browser, tmp_path: Path) -> AsyncIterator[Composing]:
    async with running() as demo:
        async with journey(demo.base_url) as people:
            await seed(people, demo.sandbox.slack.bot_token)
        demo.ready = True
        post = await drafted(demo)
        context = await browser.new_context(viewport=WIDE)
        window = Window(await context.new_page())
        window.listen()
        window.page.set_default_timeout(8_000)
        await window.page.goto(demo.runtime.desk.compose_links.url(REQUESTER, post.id))
        yield Composing(demo, window.page, post)
        await window.page.screenshot(path=tmp_path / "composer.png", full_page=True)
        await context.close()
        assert [each for each in window.complaints if "422" not in each] == []


async def test_nothing_is_chosen_for_anybody(composing: Composing):
    await expect(
        composing.page.get_by_text("Goes out as Nordlicht Bakery (@nordlicht.bakery)")
    ).to_have_count(2)
    await expect(composing.audience).to_have_value("")
    offered = await composing.audience.locator("option").all_inner_texts()
    assert offered == ["Choose…", "Everyone", "Friends (followers you follow back)", "Only me"]
    for name in ("Comment", "Duet", "Stitch", "Disclose post content", "By posting, you agree to TikTok's"):
        await expect(composing.box(name)).not_to_be_checked()


async def test_the_consent_line_and_the_label_follow_what_is_disclosed(composing: Composing):
    policy = composing.page.get_by_role("link", name="Branded Content Policy")
    await expect(composing.page.get_by_role("link", name="Music Usage Confirmation")).to_be_visible()
    await expect(policy).to_be_hidden()
    await composing.box("Disclose post content").check()
    await composing.box("Your brand").check()
    await composing.reads("labeled as “Promotional content”")
    consent = composing.box("By posting, you agree to TikTok's")
    await consent.check()
    await composing.box("Branded content You are").check()
    await expect(consent).not_to_be_checked()
    await composing.reads("labeled as “Paid partnership”")
    await expect(policy).to_be_visible()


async def test_what_stands_against_it_is_said_before_anybody_fills_it_in(composing: Composing):
    await expect(composing.page.locator("video")).to_have_attribute("poster", re.compile("/media/"))
    sandbox = f"{composing.demo.base_url}/_sandbox"
    fault = {"where": "tiktok.creator_info", "what": "refuse", "code": "internal_error", "times": -1}
    await composing.page.request.post(f"{sandbox}/faults", data=fault)
    await composing.page.request.post(f"{sandbox}/clock/advance", data={"seconds": 600})
    await composing.page.reload()
    await composing.reads("TikTok doesn't say right now what this account may post.")
    await composing.page.request.delete(f"{sandbox}/faults")
    await composing.page.reload()
    await expect(composing.page.get_by_text("TikTok doesn't say right now")).to_have_count(0)


async def test_branded_content_and_only_me_rule_each_other_out(composing: Composing):
    branded = composing.box("Branded content You are")
    only_me = composing.audience.locator("option[value=SELF_ONLY]")
    await composing.box("Disclose post content").check()
    await composing.audience.select_option("SELF_ONLY")
    await expect(branded).to_be_disabled()
    await composing.reads("“Branded content” isn't offered with “Only me”")
    await composing.audience.select_option("PUBLIC_TO_EVERYONE")
    await branded.check()
    await expect(only_me).to_be_disabled()
    await composing.reads("“Only me” isn't offered")
    await branded.uncheck()
    await expect(only_me).to_be_enabled()
    await expect(composing.page.locator("[data-when]:visible")).to_have_count(0)


async def test_what_is_typed_is_counted_and_kept(composing: Composing):
    words = "Fast ride #velo with @friend 🚲"
    await composing.caption.fill(words)
    counts = composing.page.locator("[data-counted=common] + .counts")
    await expect(counts).to_contain_text("31 / 2200 characters · TikTok video")
    await expect(counts).to_contain_text("30 / 2200 characters · Instagram Reel")
    await composing.reads("Saved. You can go on here or in Slack.")
    await composing.page.reload()
    await expect(composing.caption).to_have_value(words)


async def test_a_post_is_held_back_mended_and_asked_for(composing: Composing):
    await composing.box("Disclose post content").check()
    await composing.request()
    await composing.reads(
        "Choose who can see it on TikTok.",
        "Agree to TikTok's line above",
        "Choose at least one.",
        "Say whose music is in it",
    )
    await composing.box("Your brand").check()
    await composing.audience.select_option("PUBLIC_TO_EVERYONE")
    await composing.box("By posting, you agree").check()
    await composing.page.get_by_label("Whose music is in it?").select_option("own")
    await composing.request()
    await composing.reads("It can't be asked for like this.")
    await composing.page.get_by_role("button", name="Fix the File").click()
    await composing.reads("The file is fixed, and checked again.", "nothing stands against these files")
    await composing.request()
    await expect(composing.page.get_by_role("heading", name="Sent for approval")).to_be_visible()
    view = await composing.demo.runtime.desk.posts.of("T0AGENCY", composing.post.id)
    assert (view.post.step, view.post.content.items[0].name) == (PostStep.REQUESTED, "ride.mp4")
    await changes_a_request(composing)


async def changes_a_request(composing: Composing) -> None:
    desk, page = composing.demo.runtime.desk, composing.page
    await page.goto(desk.compose_links.url(REQUESTER, composing.post.id))
    await composing.reads("This is yours alone until you ask again.")
    await composing.caption.fill("Faster ride")
    await composing.reads("Saved. You can go on here or in Slack.")
    await page.reload()
    await expect(composing.caption).to_have_value("Faster ride")
    assert (await desk.posts.of("T0AGENCY", composing.post.id)).post.content.caption == ""
    await composing.box("By posting, you agree").check()
    await composing.request()
    await expect(page.get_by_role("heading", name="Sent for approval")).to_be_visible()
    assert (await desk.posts.of("T0AGENCY", composing.post.id)).post.content.caption == "Faster ride"
    assert await desk.composing.drafts(REQUESTER) == []


async def test_a_page_that_is_not_ones_own_opens_nothing(browser):
    async with running() as demo:
        demo.ready = True
        url = urlsplit(demo.runtime.desk.compose_links.url(REQUESTER, "po_none"))
        context = await browser.new_context(viewport=WIDE)
        page = await context.new_page()
        answer = await page.goto(f"{demo.base_url}{url.path[:-3]}abc")
        assert answer is not None
        assert answer.status == 404
        await context.close()
