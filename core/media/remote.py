"""A file at a person's https address: parts of it where the server can give parts, counted and bounded.

Every connection goes through the guard. What comes back is bytes or a Refusal in words; a server that is slow on
purpose, larger than allowed, or not the same file as a moment ago is refused like any other.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from functools import cache
from http import HTTPStatus
from urllib.parse import unquote

import httpx

from core.domain.refusals import Refusal
from core.media.guard import Guard, Pinned, shown
from core.media.line import Bounds, Line

HEAD = 64 * 1024
"""Bytes of the first look: enough for the beginning of most files' headers, so often there is no second one."""
NAME_LENGTH = 120
_RANGE = re.compile(r"bytes (?:(?P<first>\d+)-(?P<last>\d+)|\*)/(?P<total>\d+)", re.ASCII)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Remote:
    """Opens addresses. `tls` is another trust store than the system's, for tests with their own authority."""

    def __init__(
        self, guard: Guard | None = None, *, bounds: Bounds | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._guard = guard or Guard()
        self._bounds = bounds or Bounds()
        self._tls = tls

    async def open(self, address: str) -> "RemoteFile":
        """Return the file at an address after a first look at it. Raises Refusal `url_…`."""
        for _ in range(self._bounds.redirects + 1):
            pinned = await self._guard.check(address)
            found = await self._look(pinned)
            if isinstance(found, RemoteFile):
                return found
            address = found
        raise Refusal("url_redirects", url=shown(address))

    async def _look(self, pinned: Pinned) -> "RemoteFile | str":
        last: Refusal | None = None
        for each in pinned.addresses[: self._bounds.dialled]:
            line = Line(pinned, each, self._bounds, self._tls or _trusted())
            try:
                return await _first_look(line, pinned)
            except Refusal as refusal:
                await line.close()
                if refusal.code != "url_no_answer":
                    raise
                last = refusal
        raise last or Refusal("url_no_answer", host=pinned.tls_name)


class RemoteFile:
    """Keeps MediaSource for a file at an address. `is_ranged` is False where the server only gives all of it."""

    def __init__(self, line: Line, *, size: int | None, etag: str, head: bytes) -> None:
        self._line = line
        self._size = size
        self._etag = etag
        self._head = head
        self._left = line.bounds.looking
        self.is_ranged = True
        self.name = _name(line.pinned.url)

    @classmethod
    def whole(cls, line: Line, *, size: int | None) -> "RemoteFile":
        """A file whose server gives no parts; `size` is None where it doesn't say."""
        file = cls(line, size=size, etag="", head=b"")
        file.is_ranged = False
        return file

    @property
    def size(self) -> int:
        """Bytes in all, as the server said; 0 where it said nothing."""
        return self._size or 0

    @property
    def fetched(self) -> int:
        """Bytes that came over the network."""
        return self._line.fetched

    def fileno(self) -> None:
        """There is none: the file lies elsewhere."""

    async def read(self, offset: int, length: int) -> bytes:
        """Read a part. Raises Refusal `url_…`; `url_changed` where the file is not the one it was."""
        end = min(offset + length, self.size)
        if end <= offset:
            return b""
        if end <= len(self._head):
            return self._head[offset:end]
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(max(self._left, 0)):
                return await self._part(offset, end)
        except TimeoutError:
            raise Refusal("url_too_slow", host=self._line.pinned.tls_name) from None
        finally:
            self._left -= loop.time() - began

    async def _part(self, offset: int, end: int) -> bytes:
        found = bytearray()
        async with self._line.ask(self._range(offset, end)) as response:
            self._same(response, offset)
            async for piece in self._line.body(response, limit=end - offset):
                found += piece
        if len(found) < end - offset:
            raise Refusal("url_cut_short", host=self._line.pinned.tls_name)
        return bytes(found)

    def _range(self, offset: int, end: int) -> dict[str, str]:
        return {"Range": f"bytes={offset}-{end - 1}"} | ({"If-Range": self._etag} if self._etag else {})

    def _same(self, response: httpx.Response, offset: int) -> None:
        given = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        partial = response.status_code == HTTPStatus.PARTIAL_CONTENT and given is not None
        if not partial or given is None or given["first"] != str(offset) or int(given["total"]) != self.size:
            raise Refusal("url_changed", host=self._line.pinned.tls_name)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Read the whole file from its beginning, for the store. Raises Refusal `url_…`."""
        bounds = self._line.bounds
        loop = asyncio.get_running_loop()
        ends, came = loop.time() + bounds.fetching, 0
        async with self._line.ask({}) as response:
            _check_file(response, self._line.pinned)
            async for piece in self._line.body(response, limit=bounds.largest + 1):
                came += len(piece)
                if came > bounds.largest:
                    raise _too_large(self._line.pinned, bounds)
                if loop.time() > ends:
                    raise Refusal("url_too_slow", host=self._line.pinned.tls_name)
                yield piece
        if self._size is not None and came != self._size:
            raise Refusal("url_cut_short", host=self._line.pinned.tls_name)

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()


@cache
def _trusted() -> ssl.SSLContext:
    """Return what the machine trusts, read from its disk once somebody gives an address."""
    return ssl.create_default_context()


async def _first_look(line: Line, pinned: Pinned) -> RemoteFile | str:
    """Ask for the beginning: the answer tells size and whether parts are given. A redirect comes back as its target."""
    async with line.ask({"Range": f"bytes=0-{HEAD - 1}"}) as response:
        if response.status_code in _REDIRECTS:
            target = _target(pinned, response)
            await line.close()
            return target
        if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _empty(line, response)
        _check_file(response, pinned)
        size = _size(response)
        if size is not None and size > line.bounds.largest:
            raise _too_large(pinned, line.bounds)
        if response.status_code != HTTPStatus.PARTIAL_CONTENT or size is None:
            return RemoteFile.whole(line, size=size)
        head = b"".join([piece async for piece in line.body(response, limit=min(HEAD, size))])
        return RemoteFile(line, size=size, etag=_strong(response.headers.get("ETag", "")), head=head)


def _empty(line: Line, response: httpx.Response) -> RemoteFile:
    given = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if given is not None and int(given["total"]) == 0:
        return RemoteFile(line, size=0, etag="", head=b"")
    raise Refusal("url_status", host=line.pinned.tls_name, status=str(response.status_code))


def _check_file(response: httpx.Response, pinned: Pinned) -> None:
    host = pinned.tls_name
    if response.status_code not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        raise Refusal("url_status", host=host, status=str(response.status_code))
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal("url_encoded", host=host)
    if response.headers.get("Content-Type", "").lower().startswith(("text/html", "application/xhtml")):
        raise Refusal("url_page", host=host)


def _size(response: httpx.Response) -> int | None:
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        given = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        return int(given["total"]) if given is not None and given["first"] == "0" else None
    said = response.headers.get("Content-Length", "")
    return int(said) if re.fullmatch(r"[0-9]{1,18}", said) else None


def _target(pinned: Pinned, response: httpx.Response) -> str:
    try:
        return str(pinned.url.join(response.headers["Location"]))
    except (KeyError, httpx.InvalidURL, ValueError):
        raise Refusal("url_no_answer", host=pinned.tls_name) from None


def _too_large(pinned: Pinned, bounds: Bounds) -> Refusal:
    return Refusal("url_too_large", host=pinned.tls_name, largest=str(bounds.largest))


def _strong(etag: str) -> str:
    return etag if re.fullmatch(r'"[\x21\x23-\x7e]{0,128}"', etag) else ""


def _name(url: httpx.URL) -> str:
    last = unquote(url.path.rstrip("/").rpartition("/")[2])
    return (
        "".join(each for each in last if each.isprintable() and each not in "/\\")[:NAME_LENGTH] or url.host
    )
