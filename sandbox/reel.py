"""The films and pictures that platforms took, kept while there is room, so that a post's page can show them."""

from collections import OrderedDict
from dataclasses import dataclass, field

from aiohttp import web

MOST = 24_000_000
"""Bytes of one file; a longer one is posted all the same, only not shown."""
ROOM = 96_000_000
TYPES = {
    "mp4": "video/mp4",
    "mov": "video/mp4",  # browsers play what is in it, and refuse its own name
    "webm": "video/webm",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
"""What browsers call the kinds of `sandbox.media.Seen`."""


@dataclass(slots=True)
class Reel:
    """Files by their SHA-256; the one that was shown or taken longest ago goes first."""

    _files: OrderedDict[str, tuple[str, bytes]] = field(default_factory=OrderedDict)
    _size: int = 0

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._files

    def keep(self, sha256: str, kind: str, content: bytes) -> None:
        """Keep a whole file that a page can show."""
        if kind not in TYPES or sha256 in self._files:
            return
        self._files[sha256] = TYPES[kind], content
        self._size += len(content)
        while self._size > ROOM:
            _, (_, gone) = self._files.popitem(last=False)
            self._size -= len(gone)

    async def show(self, request: web.Request) -> web.Response:
        """Answer with a file, or the piece of it that a player asks for."""
        found = self._files.get(request.match_info["sha256"])
        if found is None:
            raise web.HTTPNotFound
        self._files.move_to_end(request.match_info["sha256"])
        type_, content = found
        headers = {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
        try:
            window = request.http_range
        except ValueError:
            window = slice(None)
        if window.start is None:
            return web.Response(body=content, content_type=type_, headers=headers)
        begin, end, _ = window.indices(len(content))
        if begin >= end:
            raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{len(content)}"})
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(content)}"
        return web.Response(status=206, body=content[begin:end], content_type=type_, headers=headers)
