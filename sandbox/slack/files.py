"""Files as Slack keeps them: facts in memory, bytes on disk, so that a gigabyte passes through."""

import asyncio
import mimetypes
import shutil
import tempfile
from collections.abc import AsyncIterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.emulator import World
from sandbox.slack.feed import Feed

UPLOAD_SECONDS = 3600.0

_TYPES = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "image/jpeg": "jpg",
    "image/png": "png",
    "text/plain": "text",
}


@dataclass(slots=True)
class File:
    id: str
    name: str
    owner: str
    team: str
    path: Path
    size: int
    created: int
    title: str = ""
    channels: list[str] = field(default_factory=list)
    complete: bool = True
    alt: str = ""
    handed_to: set[str] = field(default_factory=set)
    """Teams whose app got it through a modal's file input: it may read such files wherever they are shared."""

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def address(self) -> str:
        """The path of `url_private`, below files.slack.com."""
        return f"/files.slack.com/files-pri/{self.team}-{self.id}/{self.name.replace(' ', '_').lower()}"


@dataclass(slots=True)
class Upload:
    """A promised upload: the address is good once, for an hour, for exactly that many bytes."""

    file: File
    length: int
    expires: float


class Files:
    def __init__(self, world: World, feed: Feed) -> None:
        self._world = world
        self._feed = feed
        self._folder: Path | None = None
        self.kept: dict[str, File] = {}
        self.uploads: dict[str, Upload] = {}

    def begin(self, name: str, owner: str, team: str) -> File:
        """A file with nothing in it yet."""
        ident = self._world.mint.identifier("F", 10)
        path = self._home() / ident
        created = int(self._world.clock.timestamp())
        file = File(ident, name, owner, team, path, 0, created, title=name, complete=False)
        self.kept[ident] = file
        return file

    def promise(self, file: File, length: int) -> str:
        """The path that takes the bytes of this file."""
        secret = self._world.mint.secret(length=40)
        path = f"/files.slack.com/upload/v1/{secret}"
        self.uploads[path] = Upload(file, length, self._world.clock.timestamp() + UPLOAD_SECONDS)
        return path

    async def fill(self, file: File, chunks: AsyncIterable[bytes]) -> None:
        """Write the bytes as they come."""
        size = 0
        with file.path.open("wb") as sink:
            async for chunk in chunks:
                size += len(chunk)
                sink.write(chunk)
        file.size = size

    def share(self, file: File, channel: str) -> None:
        file.complete = True
        if channel and channel not in file.channels:
            file.channels.append(channel)
        self._feed.tell("file", channel=channel, user=file.owner)

    def shape(self, file: File) -> dict[str, Any]:
        """The file as Slack's API and messages show it."""
        url = self._world.base_url + file.address
        kind = _TYPES.get(file.mimetype, Path(file.name).suffix.lstrip(".") or "binary")
        return {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": file.mimetype,
            "filetype": kind,
            "pretty_type": kind.upper(),
            "user": file.owner,
            "user_team": file.team,
            "editable": False,
            "size": file.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": bool(file.channels),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "alt_txt": file.alt,
            "url_private": url,
            "url_private_download": url.replace(file.id, f"{file.id}/download"),
            "permalink": f"https://agency.slack.com/files/{file.owner}/{file.id}/{file.name}",
            "channels": [channel for channel in file.channels if channel.startswith("C")],
            "groups": [],
            "ims": [channel for channel in file.channels if channel.startswith("D")],
            "has_rich_preview": False,
            "file_access": "visible",
        }

    def _home(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="crosslink-slack-"))
            self._world.spawn(_keep_until_the_end(self._folder))
        return self._folder


async def _keep_until_the_end(folder: Path) -> None:
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    shutil.rmtree(folder, ignore_errors=True)
