"""From the press that approves to the first call of the delivery: bot and sandbox together, on SQLite.

What approving itself asks of the platforms comes before that: it is timed apart, and with it.
"""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from core.domain.client import Client
from core.domain.post import Form, Post, Target, TikTokOptions
from core.domain.preflight import Music
from core.media.sources import InStore
from core.ports import Kept
from sandbox.journey import words
from tests.bench._dock import MANAGER, REQUESTER, a_film
from tests.integration.site import BAKERY, TEAM, Site, serving

TURNS = 15
AIM = 500
CHANNEL = "C0BAKERY"
FIRST_CALLS = ("tiktok.creator_info", "instagram.limit")
"""What a delivery asks first: whether the account may post."""
BREATH = 0.001
CHOSEN = TikTokOptions(privacy="SELF_ONLY", allow_comment=True, consents=True)
TARGETS = (Target(form=Form.TIKTOK_VIDEO, tiktok=CHOSEN), Target(form=Form.REEL))


async def main() -> None:
    """Measure and print."""
    acts, calls = [], []
    with tempfile.TemporaryDirectory() as place:
        async with serving(Path(place)) as site:
            await _linked(site)
            kept = await site.runtime.media.adopt(
                await a_film(Path(place)), at=site.sandbox.world.clock.now()
            )
            for turn in range(TURNS):
                post = await _requested(site, kept, f"Turn {turn}")
                act, call = await _timed(site, post)
                acts.append(act)
                calls.append(call)
    table = Table(title=f"Approve to first call, {TURNS} posts, ms", title_justify="left", box=None)
    for name in ("", "p50", "worst", "aim"):
        table.add_column(name, justify="right" if name else "left")
    table.add_row("approving itself", f"{median(acts):,.0f}", f"{max(acts):,.0f}")
    table.add_row("from its end to the first call", f"{median(calls):,.0f}", f"{max(calls):,.0f}", f"≤ {AIM}")
    both = [act + call for act, call in zip(acts, calls, strict=True)]
    table.add_row("together", f"{median(both):,.0f}", f"{max(both):,.0f}", f"≤ {AIM}")
    Console(width=110).print(table)


async def _linked(site: Site) -> None:
    await site.people.set_up("manager", CHANNEL, BAKERY)
    for platform in ("tiktok", "instagram"):
        page = await site.people.link("manager", CHANNEL, platform, "nordlicht.bakery")
        assert "is linked" in page.heading, page.text
    await site.people.call("POST", "switches/slack", {"rates": "off"})


async def _requested(site: Site, kept: Kept, caption: str) -> Post:
    desk = site.runtime.desk
    client = await _client(site)
    draft = await desk.composing.create(REQUESTER, client.id)
    origin = InStore(kept, "bench.mp4", store=site.runtime.media)
    content = (await desk.composing.attach(REQUESTER, draft.id, [origin])).post.content
    told = replace(content, caption=caption, targets=TARGETS, music=Music.OWN)
    await desk.composing.save(REQUESTER, draft.id, told)
    return (await desk.requesting.request(REQUESTER, draft.id)).post


async def _client(site: Site) -> Client:
    found = await site.runtime.desk.clients.in_channel(TEAM, CHANNEL)
    assert found is not None
    return found


async def _timed(site: Site, post: Post) -> tuple[float, float]:
    """Return how many ms approving takes, and how many more go by until the first call."""
    runtime, journal = site.runtime, site.sandbox.world.journal
    await runtime.tasks.settled()
    began = perf_counter()
    await runtime.desk.approving.approve(MANAGER, post.id, post.digest, channel=CHANNEL)
    journal.clear()
    runtime.wake()
    approved = perf_counter()
    async with asyncio.timeout(10):
        while not any(map(journal.entries, FIRST_CALLS)):  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(BREATH)
    called = perf_counter()
    await site.people.sees("manager", CHANNEL, lambda each: post.content.caption in words(each))
    return (approved - began) * 1000, (called - approved) * 1000


if __name__ == "__main__":
    asyncio.run(main())
