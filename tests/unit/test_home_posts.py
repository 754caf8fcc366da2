"""Which posts Home is drawn from: what waits for somebody is among them however many are newer."""

from bot.listeners.home import POSTS, shown_posts
from tests.builders import WORKSPACE
from tests.unit.usecases.studio import COLLEAGUE, Studio


async def test_a_request_that_waits_is_shown_though_many_posts_are_newer():
    studio = await Studio().open(managers=("U0MANAGER", "U0COLLEAGUE"))
    waiting = await studio.requested()
    over = await studio.requested(caption="Over")
    await studio.reject(over, COLLEAGUE)
    for number in range(POSTS):
        studio.clock.turn(seconds=1)
        newer = await studio.requested(caption=f"Newer {number}")
        await studio.reject(newer, COLLEAGUE)
    shown = [row.post.id for row in await shown_posts(studio.posts, WORKSPACE)]
    assert waiting.id in shown
    assert over.id not in shown
    assert len(shown) == len(set(shown)) == POSTS + 1


async def test_a_request_that_waits_is_shown_though_many_drafts_are_newer():
    studio = await Studio().open(managers=("U0MANAGER", "U0COLLEAGUE"))
    waiting = await studio.requested()
    for number in range(POSTS):
        studio.clock.turn(seconds=1)
        await studio.draft(caption=f"Draft {number}")
    assert waiting.id in [row.post.id for row in await shown_posts(studio.posts, WORKSPACE)]
