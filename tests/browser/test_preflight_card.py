"""The card of a preflight as a person sees it in the workspace page."""

from pathlib import Path

import pytest

from sandbox.demo import running
from sandbox.journey import button, journey
from tests.browser.conftest import WIDE
from tests.media.films import Film, make

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHANNEL = "C0VELO"


async def test_a_film_is_preflighted_from_its_messages_menu(browser, tmp_path: Path):
    file = tmp_path / "ride.mp4"
    make(file, Film(width=360, height=640, rate=24, frames=96, options={"crf": "45", "g": "24"}))
    async with running() as demo, journey(demo.base_url) as people:
        demo.ready = True
        await people.install()
        uploaded = await people.upload("requester", CHANNEL, "Summer ride.mp4", file.read_bytes())
        await people.shortcut("requester", CHANNEL, uploaded, "preflight_video")
        await people.sees("requester", CHANNEL, lambda each: bool(button(each, "preflight.fix")))
        context = await browser.new_context(viewport=WIDE)
        page = await context.new_page()
        page.set_default_timeout(8_000)
        await page.goto(f"{demo.base_url}/#U0REQUESTER/{CHANNEL}")
        poster = page.get_by_alt_text("First frame of Summer ride.mp4")
        await poster.wait_for()
        await page.screenshot(path=tmp_path / "card.png")
        await page.get_by_role("button", name="Fix").click()
        await page.get_by_text("Download").wait_for()
        await page.screenshot(path=tmp_path / "made.png")
        assert await poster.evaluate("image => image.naturalWidth") > 0
        await context.close()
