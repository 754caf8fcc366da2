"""Kept files at signed addresses: whole or in parts, in constant memory, never more than the address says."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from bot.media_links import Opened
from bot.runtime import Runtime
from bot.signing import NoLink
from bot.web.pages import problem
from core.domain.refusals import Refusal
from core.ports import MediaSource

PIECE = 256 * 1024
_TYPES: Mapping[str, str] = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
"""What a browser may be told; everything else is only bytes."""
_PLAYER = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'"
"""What a browser's own page around a film or picture needs to show it. A sandbox would hide the film from that page."""
_NOTHING = "default-src 'none'; sandbox"


class Media:
    """Handlers of /media/…"""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def routes(self) -> list[web.RouteDef]:
        """Return the route."""
        return [web.get("/media/{token}", self.file)]

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The file, or the part of it that was asked for; 410 once the address ran out."""
        try:
            opened = self._runtime.media_links.read(request.match_info["token"])
            with self._runtime.media.open(opened.kept, name=opened.name) as source:
                return await _sent(request, opened, source)
        except NoLink as none:
            if not none.is_over:
                return _no(HTTPStatus.NOT_FOUND, "We don't know this address.")
            return _no(HTTPStatus.GONE, "This address has run out.")
        except Refusal:
            return _no(HTTPStatus.GONE, "This file is no longer kept here.")


def _no(status: HTTPStatus, sentence: str) -> web.Response:
    return problem(sentence, "Run /crosslink preflight in Slack again for a new one.", status=status)


async def _sent(request: web.Request, opened: Opened, source: MediaSource) -> web.StreamResponse:
    headers = _headers(opened)
    first, end, status = 0, source.size, HTTPStatus.OK
    if request.headers.get("If-Range", headers["ETag"]) == headers["ETag"]:
        try:
            first, end = _part(request, source.size)
        except ValueError:
            headers["Content-Range"] = f"bytes */{source.size}"
            return web.Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    if "Range" in request.headers and end - first < source.size:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{source.size}"
    response = web.StreamResponse(status=status, headers=headers)
    response.content_length = end - first
    with suppress(ConnectionError):  # players leave as soon as they know enough
        await response.prepare(request)
        if request.method != "HEAD":
            await _write(response, source, first, end)
    return response


async def _write(response: web.StreamResponse, source: MediaSource, first: int, end: int) -> None:
    while first < end and (piece := await source.read(first, min(PIECE, end - first))):
        await response.write(piece)
        first += len(piece)
    await response.write_eof()


def _part(request: web.Request, size: int) -> tuple[int, int]:
    """Return the first byte and the one behind the last. Raises ValueError where there is nothing there.

    Several ranges in one request are answered with the whole, as HTTP allows.
    """
    if "," in request.headers.get("Range", ""):
        return 0, size
    asked = request.http_range
    first, end, _ = slice(asked.start, asked.stop).indices(size)
    if asked.start is not None and first >= end:
        raise ValueError("nothing there")
    return first, end


def _headers(opened: Opened) -> dict[str, str]:
    """The file is somebody's: whatever is in it, no browser is to take it for a page of ours."""
    kind = _TYPES.get(opened.name.rpartition(".")[2].lower())
    return {
        "Content-Type": kind or "application/octet-stream",
        "Content-Disposition": _disposition(opened),
        "Accept-Ranges": "bytes",
        "ETag": f'"{opened.kept.sha256}"',
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _PLAYER if kind else _NOTHING,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def _disposition(opened: Opened) -> str:
    """The name twice: for old browsers without anything that could end the quotes, for others as it is."""
    manner = "attachment" if opened.is_download else "inline"
    plain = "".join(
        each if each.isascii() and (each.isalnum() or each in "-_. ") else "_" for each in opened.name
    )
    return f"{manner}; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(opened.name, safe='')}"
