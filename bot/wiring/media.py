"""What Slack's side needs of the media room: files people mean, examined and mended, and addresses that open them."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.listeners.jobs import Jobs
from bot.media_links import MediaLinks
from bot.settings import Settings
from bot.wiring.adapters import Adapters
from bot.wiring.keys import link_keys
from bot.wiring.mending import MediaRoom, build_media
from core.domain.refusals import Refusal
from core.domain.secret import Secret
from core.media.rendition import Costs, IsolatedRenditions
from core.media.slack_file import SlackDownloads, read_slack_file, refused
from core.media.sources import LARGEST, AtAddress, InSlack, InStore
from core.ports import Clock, Kept, MediaOrigin
from core.usecases.preflighting import Preflighting
from core.usecases.watching import Watching

POSTER = Costs(memory=3 << 30, largest=8 << 20, cpu_seconds=30, silent_seconds=20.0)
LARGEST_TEXT = 64 * 1024
DRAIN = 2.0
"""Seconds that work on files gets at the end: what takes longer is stopped, says so, and can be asked for again."""


class Shelf:
    """Keeps `bot.listeners.shelf.Shelf`."""

    def __init__(self, room: MediaRoom, http: httpx.AsyncClient, *, slack_api_url: str) -> None:
        self._room = room
        self._downloads = SlackDownloads(http, api_url=slack_api_url)

    def address(self, url: str) -> AtAddress:
        """Return the file at an address that a person gave."""
        return self._room.address(url)

    def in_slack(self, facts: Mapping[str, Any], token: Secret) -> InSlack:
        """Return the file that Slack describes. Raises Refusal `slack_file_…`."""
        room, file = self._room, read_slack_file(facts, largest=LARGEST)
        return InSlack(file, token, downloads=self._downloads, store=room.store, clock=room.clock)

    def no_slack_file(self, code: str) -> Refusal:
        """Return what Slack's error about a file means."""
        return refused(code)

    async def kept(self, sha256: str, name: str) -> MediaOrigin | None:
        """Return a file of the store."""
        found = await self._find(sha256)
        return InStore(found, name, store=self._room.store) if found else None

    async def keep_text(self, text: str) -> str:
        """Keep a text; return its SHA-256."""

        async def pieces() -> AsyncIterator[bytes]:
            yield text.encode()

        room = self._room
        return (await room.store.keep(pieces(), at=room.clock.now(), largest=LARGEST_TEXT)).sha256

    async def text(self, sha256: str) -> str:
        """Return a text that was kept. Raises Refusal `media_gone`."""
        found = await self._find(sha256)
        if found is None:
            raise Refusal("media_gone")
        with self._room.store.open(found, name="text") as source:
            return (await source.read(0, LARGEST_TEXT)).decode(errors="replace")

    async def _find(self, sha256: str) -> Kept | None:
        if len(sha256) != hashlib.sha256().digest_size * 2 or set(sha256) - set("0123456789abcdef"):
            return None
        return await self._room.store.find(sha256, at=self._room.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaDesk:
    """What the surfaces get. `posters` makes pictures beside what takes long."""

    room: MediaRoom
    shelf: Shelf
    links: MediaLinks
    preflighting: Preflighting
    posters: IsolatedRenditions
    jobs: Jobs

    async def drain(self) -> None:
        """Begin no work on files any more and end what is going on."""
        await self.jobs.drain(DRAIN)

    def close(self) -> None:
        """End the media processes."""
        self.room.close()
        self.posters.close()


def open_desk(settings: Settings, adapters: Adapters, clock: Clock, watching: Watching) -> MediaDesk:
    """Return it; nothing is started before the first file."""
    room = build_media(settings.media_dir, clock, ahead=True)
    posters = IsolatedRenditions(POSTER, ahead=True)
    return MediaDesk(
        room=room,
        shelf=Shelf(room, adapters.http, slack_api_url=settings.slack_api_url),
        links=MediaLinks(base_url=settings.base_url, keys=link_keys(settings), clock=clock),
        preflighting=Preflighting(
            preflight=room.preflight,
            mending=room.mending,
            posters=posters,
            store=room.store,
            watching=watching,
            work=adapters.work,
            clock=clock,
        ),
        posters=posters,
        jobs=Jobs(),
    )
