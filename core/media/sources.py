"""Where files come from: this machine, the store, Slack, somebody's https address. Each keeps MediaOrigin."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.domain.secret import Secret
from core.media.local import LocalFile
from core.media.remote import Remote, RemoteFile
from core.media.slack_file import SlackDownloads, SlackFile
from core.ports import Clock, Held, Kept, MediaSource, MediaStore

LARGEST = 4 << 30
"""Bytes of a file that is brought here: what the most generous target takes."""


class OnDisk:
    """A file of whoever uses the command line. It stays where it is."""

    fetched = 0

    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def look(self) -> AsyncIterator[MediaSource]:
        """Open the file."""
        with LocalFile(self._path) as file:
            yield file

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        """Open the file and read it once for its name by content."""
        with LocalFile(self._path) as file:
            yield Held(source=file, sha256=await asyncio.to_thread(_sha256, file.fileno()))


class InStore:
    """A file that is kept already."""

    fetched = 0

    def __init__(self, kept: Kept, name: str, *, store: MediaStore) -> None:
        self._kept = kept
        self._name = name
        self._store = store

    @asynccontextmanager
    async def look(self) -> AsyncIterator[MediaSource]:
        """Open the file."""
        with self._store.open(self._kept, name=self._name) as file:
            yield file

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        """Open the file."""
        with self._store.open(self._kept, name=self._name) as file:
            yield Held(source=file, sha256=self._kept.sha256)


class InSlack:
    """A file of a Slack workspace, brought into the store with the bot's token at the first wish."""

    def __init__(
        self, file: SlackFile, token: Secret, *, downloads: SlackDownloads, store: MediaStore, clock: Clock
    ) -> None:
        self._file = file
        self._token = token
        self._downloads = downloads
        self._store = store
        self._clock = clock
        self.kept: Kept | None = None
        self.fetched = 0

    @asynccontextmanager
    async def look(self) -> AsyncIterator[MediaSource]:
        """Bring the file here and open it: Slack's own copies are not read in parts."""
        async with self.hold() as held:
            yield held.source

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        """Bring the file here, once, and open it."""
        if self.kept is None:
            self.kept = await self._store.keep(self._pieces(), at=self._clock.now(), largest=LARGEST)
        async with InStore(self.kept, self._file.name, store=self._store).hold() as held:
            yield held

    async def _pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._downloads.pieces(self._file, self._token):
            self.fetched += len(piece)
            yield piece


class AtAddress:
    """A file at an https address, read in parts where its server gives parts."""

    def __init__(self, url: str, *, remote: Remote, store: MediaStore, clock: Clock) -> None:
        self._url = url
        self._remote = remote
        self._store = store
        self._clock = clock
        self._name = ""
        self._before = 0
        self._open: RemoteFile | None = None
        self.kept: Kept | None = None

    @property
    def fetched(self) -> int:
        """Bytes that came over the network."""
        return self._before + (self._open.fetched if self._open else 0)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[MediaSource]:
        """Open the file where it is; where its server gives no parts, bring it here."""
        if self.kept is None:
            async with self._opened() as file:
                if file.is_ranged:
                    yield file
                    return
                await self._bring(file)
        async with self.hold() as held:
            yield held.source

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        """Bring the file here, once, and open it."""
        if self.kept is None:
            async with self._opened() as file:
                await self._bring(file)
        assert self.kept is not None
        async with InStore(self.kept, self._name, store=self._store).hold() as held:
            yield held

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[RemoteFile]:
        file = self._open = await self._remote.open(self._url)
        self._name = file.name
        try:
            yield file
        finally:
            self._before, self._open = self.fetched, None
            await file.close()

    async def _bring(self, file: RemoteFile) -> None:
        self.kept = await self._store.keep(file.pieces(), at=self._clock.now(), largest=LARGEST)


def _sha256(file: int) -> str:
    whole, at = hashlib.sha256(), 0
    while piece := os.pread(file, 1 << 20, at):
        whole.update(piece)
        at += len(piece)
    return whole.hexdigest()
