"""The mix of the field: a month of posts while links drift, films are over limits, and answers get lost.

An agency's clients post about once a day to both platforms. A quarter of the films is over a limit; an eighth of all
links breaks within the month, and people relink when they are told; one in a hundred answers to publishing calls is
lost, before or after its effect. Nobody presses anything about a delivery. What came of it is read from the emulators.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from core.domain.delivery import Delivery, DeliveryStep
from core.domain.post import Form, Post, Target, TikTokOptions
from core.domain.preflight import Music
from core.domain.refusals import Refusal
from core.media.sources import InStore
from core.ports import Duty, Kept
from core.usecases.approving import Decided
from sandbox.faults import Fault
from sandbox.simulate.dice import Dice
from sandbox.simulate.fleet import Brand, Link
from sandbox.simulate.year import Progress, Year
from tests.bench._dock import FILM, MANAGER, REQUESTER
from tests.media.films import Sound, make

POSTS, ACCOUNTS, DAYS = 1_000, 60, 30
OVER_A_LIMIT, LOST, SCHEDULED = 0.25, 0.01, 0.33
DRIFTING, APART = 1 / 8, 7
"""So many of all links break within the month; how far apart they are, so that both platforms have some."""
STEP = timedelta(seconds=20)
"""How far time is turned at least while a delivery is under way."""
AGAIN = timedelta(hours=3)
AFTERWARDS = timedelta(days=4)
"""For what still waits for its link when the month is over."""
AIM = 0.999
ROADS = {
    "/creator_info/query/": "tiktok.creator_info",
    "/video/init/": "tiktok.publish.video_init",
    "/status/fetch/": "tiktok.publish.status",
    "/video/": "tiktok.upload",
    "/content_publishing_limit": "instagram.limit",
    "/media": "instagram.media",
    "/media_publish": "instagram.media_publish",
}
FINE = "fine"
FILMS = {
    FINE: FILM,
    "short": replace(FILM, frames=30),
    "slow": replace(FILM, rate=12, frames=48),
    "small": replace(FILM, width=180, height=320),
    "fast": replace(FILM, rate=90, frames=360),
    "old": replace(FILM, codec="mpeg4", options={"b": "500k"}),
    "loud": replace(FILM, sounds=(Sound(codec="ac3"),)),
}
PUBLIC = TikTokOptions(privacy="PUBLIC_TO_EVERYONE", allow_comment=True, consents=True)
TARGETS = (Target(form=Form.TIKTOK_VIDEO, tiktok=PUBLIC), Target(form=Form.REEL))


class Field(Year):
    """A month of one agency that posts."""

    def __init__(self, posts: int, accounts: int, days: int, seed: str) -> None:
        super().__init__(accounts, days, seed)
        self.counted: Counter[str] = Counter()
        self.accepted: dict[str, Delivery] = {}
        self.ends: dict[str, Delivery] = {}
        self.truth: list[Mapping[str, Any]] = []
        self._posts, self._days = posts, days
        self._chance = Dice(f"{seed} posts")
        self._drifting = frozenset(self._links[::APART][: ceil(accounts * DRIFTING)])
        self._kept: dict[str, Kept] = {}
        self._next: datetime | None = None

    @property
    def public(self) -> Counter[tuple[str, str]]:
        """How often each post is public on each platform, by the emulators."""
        out = (each for each in self.truth if each["state"] == "public")
        return Counter((each["platform"], each["caption"]) for each in out)

    def asks(self, path: str, body: bytes) -> None:
        """Lose one in a hundred answers to publishing calls."""
        super().asks(path, body)
        road = next((name for end, name in ROADS.items() if path.endswith(end)), None)
        if road is not None and self._chance.chance(LOST):
            self.counted["lost answers"] += 1
            what = self._chance.among({"drop_after": 1.0, "drop_before": 1.0})
            self._stage.sandbox.world.faults.add(Fault(road, what))

    async def _open(self, progress: Progress) -> None:
        """Fair weather: what days without a platform do to a scheduled post is that people are asked, by design."""
        self._weather.begin = _fair  # type: ignore[method-assign]
        await super()._open(progress)

    def _plan_mishap(self, link: Link) -> None:
        """Let some break once, and the others never."""
        if link in self._drifting:
            at = self._chance.within(timedelta(), timedelta(days=self._days))
            self._agenda.plan(self._stage.clock.now() + at, partial(self._break, link))

    async def _live(self, progress: Progress) -> None:
        store = self._stage.runtime.media
        for name, film in FILMS.items():
            async with store.scratch() as file:
                await asyncio.to_thread(make, file, replace(film, format="mp4"))
                self._kept[name] = await store.adopt(file, at=self._stage.clock.now())
        brands = sorted({link.brand for link in self._links}, key=lambda brand: brand.number)
        for number in range(self._posts):
            self._plan(brands[number % len(brands)], number)
        await super()._live(progress)
        self._span = AFTERWARDS
        await super()._live(progress)
        await self._look_back()

    def _plan(self, brand: Brand, number: int) -> None:
        film = self._chance.among({each: 1.0 for each in FILMS if each != FINE})
        name = film if self._chance.chance(OVER_A_LIMIT) else FINE
        self.counted["films over a limit"] += name != FINE
        at = self._chance.within(timedelta(), timedelta(days=self._days - 1))
        self._agenda.plan(self._stage.clock.now() + at, partial(self._post, brand, number, name))

    async def _post(self, brand: Brand, number: int, film: str) -> None:
        """Compose and ask; where the accounts are in trouble, once more when somebody may have put them right."""
        desk = self._stage.runtime.desk
        draft = await self._draft(brand, number, film)
        try:
            post = (await desk.requesting.request(REQUESTER, draft.id)).post
            decided = await desk.approving.approve(MANAGER, post.id, post.digest, channel=brand.channel_id)
        except Refusal as refused:
            await desk.composing.delete(REQUESTER, draft.id)
            if refused.code == "post_blocked":
                self.counted["stopped by preflight" if film != FINE else "fine films stopped"] += 1
            else:
                self.counted[f"put off: {refused.facts.get('first', refused.code)}"] += 1
                self._again(brand, number, film)
            return
        if not isinstance(decided, Decided):
            await desk.requesting.withdraw(REQUESTER, post.id)
            self.counted["put off when approving"] += 1
            self._again(brand, number, film)
            return
        self.counted["over a limit and queued"] += film != FINE
        for each in decided.deliveries:
            self.accepted[each.id] = each

    async def _draft(self, brand: Brand, number: int, film: str) -> Post:
        desk, later = self._stage.runtime.desk, self._chance.within(timedelta(hours=1), timedelta(days=1))
        client = await desk.clients.in_channel(REQUESTER.workspace, brand.channel_id)
        assert client is not None
        draft = await desk.composing.create(REQUESTER, client.id)
        origin = InStore(self._kept[film], f"{film}.mp4", store=self._stage.runtime.media)
        content = (await desk.composing.attach(REQUESTER, draft.id, [origin])).post.content
        told = replace(
            content,
            caption=f"Post {number}",
            targets=TARGETS,
            music=Music.OWN,
            publish_at=self._stage.clock.now() + later if self._chance.chance(SCHEDULED) else None,
        )
        return await desk.composing.save(REQUESTER, draft.id, told)

    def _again(self, brand: Brand, number: int, film: str) -> None:
        self._agenda.plan(self._stage.clock.now() + AGAIN, partial(self._post, brand, number, film))

    async def _tick(self) -> datetime | None:
        """Do what is due, and wait for what goes on beside it."""
        due = await super()._tick()
        while flying := [each for each in asyncio.all_tasks() if each.get_name().startswith("delivery ")]:
            await asyncio.gather(*flying, return_exceptions=True)
            due = await super()._tick()
        async with self._stage.runtime.desk.work.reading() as unit:
            self._next = (await unit.next_wakes())[Duty.DELIVERIES]
        return due

    def _step(self) -> timedelta:
        """A delivery's time is kept to the moment; everything else may come a little later."""
        now, usual = self._stage.clock.now(), super()._step()
        return usual if self._next is None else min(usual, max(STEP, self._next - now))

    async def _look_back(self) -> None:
        async with self._stage.runtime.desk.work.reading() as unit:
            for id_ in self.accepted:
                found = await unit.deliveries.get(REQUESTER.workspace, id_)
                assert found is not None
                self.ends[id_] = found
        for platform in ("tiktok", "instagram"):
            self.truth += await self._stage.people.call("GET", "posts", platform=platform)


def _fair() -> None:
    return


async def main(posts: int = POSTS, accounts: int = ACCOUNTS, days: int = DAYS, seed: int = 1) -> None:
    """Play it and print the figures."""
    began = perf_counter()
    field = Field(posts, accounts, days, str(seed))
    await field.run(lambda _what, _done: None)
    out, duplicates = len(field.public), field.public.total() - len(field.public)
    table = Table(
        title=f"{posts} posts in {days} days on {accounts} accounts", title_justify="left", box=None
    )
    table.add_column("")
    table.add_column("", justify="right")
    for name, figure in (
        *sorted(field.counted.items()),
        ("links broken", field.figures.links_broken),
        ("relinks", field.figures.relinks),
        ("accepted deliveries", len(field.accepted)),
        ("public, by the emulators", out),
        ("duplicates", duplicates),
        *sorted(Counter(str(each.step) for each in field.ends.values()).items()),
    ):
        table.add_row(name, f"{figure:,}")
    console = Console(width=110)
    console.print(table)
    share = out / max(1, len(field.accepted))
    console.print(f"{share:.2%} public without anybody touching a publish (aim ≥ {AIM:.1%}).")
    for each in field.ends.values():
        if each.step is not DeliveryStep.PUBLISHED:
            why = each.obstacle.code if each.obstacle else ""
            console.print(f"  {each.platform} {each.step} {why} {each.leave_at:%F %R} {each.id}")
    console.print(f"{(perf_counter() - began) / 60:.1f} minutes")


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
