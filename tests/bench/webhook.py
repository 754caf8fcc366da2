"""From a platform's webhook to the Slack message: bot and sandbox together over real HTTP, on SQLite.

An owner removes the app in the platform's settings; TikTok's `authorization.removed` and Meta's deauthorize callback
follow. Timed is all of it, from before the removal until the emulated Slack shows the alarm in the client's channel.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sandbox.simulate.fleet import Link, fleet, set_up, sign_up
from sandbox.simulate.hearing import Hearing
from tests.integration.site import Site, serving

EACH = 50
"""Removals of one kind."""
HANG = 60.0
"""Seconds in which a hanging platform answers nobody: longer than all removals of that kind together."""
CALM = 1.0
"""Seconds without any request: what the turned clock made due is told, and a tick waits for the platform."""
AHEAD = 6 * 3600
"""Seconds until every connection is due."""
PATIENCE = 30.0
HANGING = ("tiktok.oauth.token", "tiktok.user_info", "instagram.me")


class Alarms:
    """When each link's alarm was first seen in its channel."""

    def __init__(self, site: Site) -> None:
        self._hearing = Hearing(site.sandbox.slack)
        self._seen: dict[tuple[str, str], float] = {}
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        site.sandbox.slack.state.feed.watch(self._note)

    def _note(self, kind: str, channel: str) -> None:
        if kind == "message" and channel:
            task = asyncio.ensure_future(self._read(time.perf_counter()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, at: float) -> None:
        async with self._changed:
            for place, platform, _ in self._hearing.news():
                self._seen.setdefault((place, platform), at)
            self._changed.notify_all()

    async def of(self, link: Link) -> float:
        """Wait for a link's alarm and return when it was seen."""
        place = link.brand.channel_id, link.platform
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: place in self._seen)
        return self._seen[place]


class Bench:
    """Takes apart one fleet, a part of it for each kind of measurement."""

    def __init__(self, site: Site, links: Sequence[Link]) -> None:
        self._site = site
        self._alarms = Alarms(site)
        self._links = iter(links)

    async def one_by_one(self) -> Sequence[float]:
        """Remove the app from one account after the other."""
        return [await self._wait(link) for link in self._part()]

    async def at_once(self) -> Sequence[float]:
        """Remove the app from many accounts in one moment."""
        return await asyncio.gather(*map(self._wait, self._part()))

    async def beside_a_hanging_platform(self) -> Sequence[float]:
        """Remove it while a tick waits for platforms that answer nobody: every look is due, none comes back."""
        call, journal = self._site.people.call, self._site.sandbox.world.journal
        for where in HANGING:
            await call("POST", "faults", {"where": where, "what": "delay", "seconds": HANG, "times": -1})
        await call("POST", "clock/advance", {"seconds": AHEAD})
        journal.clear()
        await self._calm()
        waits = await self.one_by_one()
        answered = sum(len(journal.entries(where)) for where in HANGING)
        await call("DELETE", "faults")
        assert not answered, "The platform came back before everything was measured."
        return waits

    async def _calm(self) -> None:
        journal, seen = self._site.sandbox.world.journal, -1
        while journal.count != seen:
            seen = journal.count
            await asyncio.sleep(CALM)

    def _part(self) -> Iterator[Link]:
        return islice(self._links, EACH)

    async def _wait(self, link: Link) -> float:
        began = time.perf_counter()
        gone = {"remove_app": True, "webhooks": "deliver"}
        await self._site.people.call("POST", f"accounts/{link.platform}/{link.brand.handle}", gone)
        return (await self._alarms.of(link) - began) * 1000


async def main() -> None:
    """Measure and print."""
    table = Table(title=f"Webhook to Slack message, {EACH} removals each, ms", title_justify="left", box=None)
    for name in ("", "p50", "p99", "worst"):
        table.add_column(name, justify="right" if name else "left")
    links = fleet(3 * EACH)
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder), installed=False) as site:
            await sign_up(site.people, links)
            async for _ in set_up(site.people, links):
                pass
            bench = Bench(site, links)
            table.add_row("one after the other", *_row(await bench.one_by_one()))
            table.add_row("all at once", *_row(await bench.at_once()))
            table.add_row("beside a hanging platform", *_row(await bench.beside_a_hanging_platform()))
    Console(width=110).print(table)


def _row(waits: Sequence[float]) -> Iterator[str]:
    ordered = sorted(waits)
    for value in (statistics.median(ordered), ordered[len(ordered) * 99 // 100], ordered[-1]):
        yield f"{value:,.0f}"


if __name__ == "__main__":
    asyncio.run(main())
