"""The main thread as people meet it: link both, mend a film, compose, decide, edit, approve, and see it public."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from sandbox.clips import clip
from sandbox.demo import Demo
from sandbox.journey import journey
from tests.browser.conftest import WIDE
from tests.browser.hands import command, said
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

CHANNEL = "C0VELO"
CAPTION = "Downhill with a tailwind #velowerk"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("films") / "Summer ride.mp4"
    file.write_bytes(clip())
    return file


@pytest_asyncio.fixture(params=["wide", "phone"], loop_scope="module")
async def visitor(request: pytest.FixtureRequest, demo: Demo, browser: Browser) -> AsyncIterator[Visitor]:
    """At a desk by day, and on a phone by night."""
    async with journey(demo.base_url) as owner:  # who makes the account public: only then TikTok gives a link
        await owner.call("POST", "accounts/tiktok/velowerk", {"private": False})
    is_phone = request.param == "phone"
    options = PHONE | {"color_scheme": "dark"} if is_phone else {"viewport": WIDE}
    context = await browser.new_context(**options)
    visitor = Visitor(await context.new_page(), f"post-{request.param}")
    await visitor.page.goto(f"{demo.base_url}/#U0REQUESTER/{CHANNEL}")
    await visitor.page.wait_for_selector("#sidebar [aria-current]", state="attached")
    yield visitor
    await visitor.keep(visitor.page, "end")
    await context.close()
    assert visitor.complaints == []


async def test_a_film_is_mended_decided_about_and_public_on_both(visitor: Visitor, film: Path):
    page = visitor.page
    await _link_both(visitor)
    await _mend(visitor, film)
    await page.get_by_role("button", name="Use in a Post").last.click()
    compose = _compose_on_the_page if "phone" in visitor.name else _compose
    await compose(visitor)

    await _become(visitor, "U0MANAGER")
    request = page.get_by_role("article").filter(has=page.get_by_role("button", name="Approve")).last
    await expect(request).to_contain_text("asks for approval of a post for Velo Werk")
    await expect(request).to_contain_text("Downhill with a tailwind #velowerk")
    await _play(visitor, request)
    await visitor.keep(page, "6-request")
    await _request_changes(visitor, request)

    await _become(visitor, "U0REQUESTER")
    await _edit(visitor)
    await _become(visitor, "U0MANAGER")
    await expect(request).to_contain_text("Before the edit")
    await visitor.keep(page, "8-edited")
    await request.get_by_role("button", name="Approve").click()
    await _follow(visitor)


async def _become(visitor: Visitor, user: str) -> None:
    """Look through somebody else's eyes, by the page's address."""
    page = visitor.page
    await page.evaluate("address => location.hash = address", f"#{user}/{CHANNEL}")
    await expect(page.locator("#eyes")).to_contain_text(user.removeprefix("U0").casefold())


async def _link_both(visitor: Visitor) -> None:
    page = visitor.page
    await command(page, "link")
    for platform in ("TikTok", "Instagram"):
        button = said(page, "yours alone").get_by_role("link", name=f"Link {platform}").last
        heading = await visitor.link(button, platform.casefold(), "velowerk")
        assert heading.startswith(f"{platform} is linked")


async def _mend(visitor: Visitor, film: Path) -> None:
    """Send the film into the channel, hear that Instagram refuses it, and press the one button that mends it."""
    page = visitor.page
    await page.locator("#composer input[type=file]").set_input_files(film)
    await page.get_by_role("button", name="Send", exact=True).click()
    await said(page, film.name).last.hover()
    await said(page, film.name).last.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Preflight this video").click()
    await expect(page.get_by_role("button", name="Fix")).to_be_visible()
    await visitor.keep(page, "1-preflight")
    await page.get_by_role("button", name="Fix").click()
    dialog = page.get_by_role("dialog", name="Before the Fix")
    await dialog.get_by_label("Our own, or licensed").check()
    await dialog.get_by_role("button", name="Fix").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("link", name="Download")).to_be_visible()
    await visitor.keep(page, "2-mended")


async def _compose(visitor: Visitor) -> None:
    """In the form, step by step."""
    page = visitor.page
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Caption").fill(CAPTION)
    await expect(dialog.get_by_text(f"TikTok video: {len(CAPTION)} of 2200 characters")).to_be_visible()
    await visitor.keep(page, "3-media")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_text("As soon as it is approved")).to_be_visible()
    await visitor.keep(page, "4-places")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_role("button", name="Who can view this")).to_be_visible()
    await visitor.keep(page, "5-confirm")
    await dialog.get_by_role("button", name="Who can view this").click()
    await page.get_by_role("option", name="Everyone").click()
    await expect(dialog.get_by_label("Our own, or licensed")).to_be_checked()  # said when the film was mended
    await dialog.get_by_label("I agree").check()
    await dialog.get_by_role("button", name="Ask for Approval").click()
    await expect(dialog.get_by_text("Your post waits for approval")).to_be_visible()
    await dialog.get_by_role("button", name="Close").last.click()


async def _compose_on_the_page(visitor: Visitor) -> None:
    """On the composer's own page, which the form leads to."""
    async with visitor.page.expect_popup() as opening:
        await visitor.page.get_by_role("dialog").get_by_role("link", name="Open the Full Composer").click()
    page = await opening.value
    visitor.listen(page)
    await page.get_by_label("Caption", exact=True).fill(CAPTION)
    await page.get_by_label("Who can see it").select_option("PUBLIC_TO_EVERYONE")
    await expect(page.get_by_label("Whose music is in it?")).to_have_value("own")
    await page.get_by_role("checkbox", name="By posting, you agree").check()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await visitor.keep(page, "4-composer")
    await page.get_by_role("button", name="Request Approval").click()
    await expect(page.get_by_role("heading", name="Sent for approval")).to_be_visible()
    await visitor.keep(page, "5-sent")
    await page.close()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Close").last.click()


async def _play(visitor: Visitor, request: Locator) -> None:
    """The film that is asked for plays in the browser."""
    async with visitor.page.expect_popup() as opening:
        await request.get_by_role("link", name="Play").click()
    film = await opening.value
    await expect(film.locator("video")).to_have_js_property("videoWidth", 720)
    await film.close()


async def _request_changes(visitor: Visitor, request: Locator) -> None:
    page = visitor.page
    await request.get_by_role("button", name="Request Changes").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What should change?").fill("Say where it was.")
    await dialog.get_by_role("button", name="Request Changes").click()
    await expect(dialog.get_by_text("who asked for it is told")).to_be_visible()
    await dialog.get_by_role("button", name="Close").last.click()
    await expect(said(page, "needs changes").last).to_contain_text("Say where it was.")
    await visitor.keep(page, "7-changes")


async def _edit(visitor: Visitor) -> None:
    page = visitor.page
    await page.get_by_role("button", name="Edit Post").last.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Caption")).to_have_value(CAPTION)
    await dialog.get_by_label("Caption").fill(f"Feldberg. {CAPTION}")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_text("As soon as it is approved")).to_be_visible()
    await dialog.get_by_role("button", name="Next").click()
    await dialog.get_by_label("I agree").check()
    await dialog.get_by_role("button", name="Ask Again").click()
    await expect(dialog.get_by_text("The new version waits for approval")).to_be_visible()
    await dialog.get_by_role("button", name="Close").last.click()


async def _see(visitor: Visitor, link: Locator, platform: str) -> None:
    """Open a permalink: the platform's page shows what was approved last, and plays its film."""
    async with visitor.page.expect_popup() as opening:
        await link.click()
    post = await opening.value
    visitor.listen(post)
    await expect(post.get_by_text(f"Feldberg. {CAPTION}")).to_be_visible()
    await expect(post.locator("video")).to_have_js_property("readyState", 4)  # enough is there to play it
    await visitor.keep(post, f"public-{platform.casefold()}")
    await post.close()


async def _hear_the_end(visitor: Visitor, done: Locator) -> None:
    """The thread tells who asked how it ended."""
    await done.get_by_role("button", name="replies").click()
    thread = visitor.page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("this is how it ended")).to_be_visible()
    await visitor.keep(visitor.page, "10-thread")


async def _follow(visitor: Visitor) -> None:
    """The message follows until both platforms show the post; the thread tells how it ended."""
    page = visitor.page
    done = said(page, "Approvals: 1 of 1").last
    await expect(done).to_contain_text("taken by TikTok, which still checks it")
    await visitor.turn_clock(300)  # TikTok has checked it by then
    await expect(done.get_by_role("link", name="See it on TikTok")).to_be_visible()
    await visitor.keep(page, "9-out")
    for platform in ("TikTok", "Instagram"):
        await _see(visitor, done.get_by_role("link", name=f"See it on {platform}"), platform)
    await _hear_the_end(visitor, done)
