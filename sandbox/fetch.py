"""How a platform fetches media from an address that the app named. The sandbox itself never leaves this machine."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp
from yarl import URL

from sandbox.clock import TurnableClock
from sandbox.emulator import World
from sandbox.media import Glance, Seen
from sandbox.oauth import LOOPBACK

PIECE = 64 * 1024
RANGE = 8 * 1024 * 1024
REDIRECTS = 5
MOVED = range(300, 400)
CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
SILENCE = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=30)


class FetchFailed(Exception):
    """Nothing whole was fetched. `why` is unreachable, redirect, status, slow, robots or ranges."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Manner:
    """How this platform fetches. `seconds` are the longest it waits, by the turnable clock."""

    user_agent: str
    seconds: float
    follows: bool = False
    ranged: bool = False
    obeys_robots: bool = False


async def fetch(
    world: World, url: str, manner: Manner, progress: Callable[[int], None] | None = None
) -> Seen:
    """GET `url`, whole or by ranges; `progress` hears how many bytes are here. Raises FetchFailed."""
    if not is_near(world, url):
        raise FetchFailed("unreachable")
    visit = _Visit(world, manner, progress or _ignore)
    try:
        return await _within(world.clock, manner.seconds, visit.fetch(url))
    except (aiohttp.ClientError, TimeoutError, ValueError) as failed:
        raise FetchFailed("unreachable") from failed


def is_near(world: World, url: str) -> bool:
    """Whether the address is on this machine, or where sandbox and bot say that they are."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    near = {*LOOPBACK, urlsplit(world.base_url).hostname, urlsplit(world.bot_url).hostname}
    return parts.scheme in {"http", "https"} and parts.hostname in near


def _ignore(_size: int) -> None:
    """Nobody wants to hear how far it is."""


async def _within(clock: TurnableClock, seconds: float, work: Coroutine[Any, Any, Seen]) -> Seen:
    fetching, alarm = asyncio.create_task(work), asyncio.create_task(clock.sleep(seconds))
    try:
        await asyncio.wait({fetching, alarm}, return_when=asyncio.FIRST_COMPLETED)
        if not fetching.done():
            raise FetchFailed("slow")
        return fetching.result()
    finally:
        for task in (fetching, alarm):
            task.cancel()
        await asyncio.gather(fetching, alarm, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class _Visit:
    world: World
    manner: Manner
    progress: Callable[[int], None]

    async def fetch(self, url: str) -> Seen:
        if self.manner.obeys_robots and not await self._is_welcome(url):
            raise FetchFailed("robots")
        glance = Glance(reel=self.world.reel)
        if not self.manner.ranged:
            async with self._get(url) as answer:
                await self._take(answer, glance)
            return glance.seen()
        total = RANGE
        while glance.size < total:
            wanted = f"bytes={glance.size}-{glance.size + RANGE - 1}"
            async with self._get(url, Range=wanted) as answer:
                total = _total(answer, glance.size)
                await self._take(answer, glance)
        return glance.seen()

    async def _take(self, answer: aiohttp.ClientResponse, glance: Glance) -> None:
        async for piece in answer.content.iter_chunked(PIECE):
            glance.feed(piece)
            self.progress(glance.size)

    async def _is_welcome(self, url: str) -> bool:
        parts = urlsplit(url)
        async with self.world.session.get(
            URL(f"{parts.scheme}://{parts.netloc}/robots.txt"),
            headers={"User-Agent": self.manner.user_agent},
            timeout=SILENCE,
        ) as answer:
            if answer.status != HTTPStatus.OK:
                return True
            rules = RobotFileParser()
            rules.parse((await answer.text(errors="replace")).splitlines())
            return rules.can_fetch(self.manner.user_agent, url)

    @asynccontextmanager
    async def _get(self, url: str, **headers: str) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"User-Agent": self.manner.user_agent, "Accept-Encoding": "identity", **headers}
        # `encoded`: the address is fetched as the app wrote it.
        here = URL(url, encoded=True)
        for _ in range(REDIRECTS + 1):
            async with self.world.session.get(
                here, headers=headers, allow_redirects=False, timeout=SILENCE
            ) as answer:
                if answer.status not in MOVED:
                    if answer.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
                        raise FetchFailed("status")
                    yield answer
                    return
                here = self._next(here, answer)
        raise FetchFailed("redirect")

    def _next(self, here: URL, answer: aiohttp.ClientResponse) -> URL:
        """Where a redirect leads, if this platform goes there and it is on this machine."""
        there = here.join(URL(answer.headers.get("Location", ""), encoded=True))
        if not self.manner.follows:
            raise FetchFailed("redirect")
        if not is_near(self.world, str(there)):
            raise FetchFailed("unreachable")
        return there


def _total(answer: aiohttp.ClientResponse, begin: int) -> int:
    """How long the whole file is. A 200 is the whole of it, which is only right at the beginning."""
    if answer.status == HTTPStatus.OK:
        if begin:
            raise FetchFailed("ranges")
        return 0
    found = CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if found is None or int(found[1]) != begin or int(found[2]) < begin:
        raise FetchFailed("ranges")
    return int(found[3])
