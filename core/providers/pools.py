"""Connections to the platforms in several small pools: httpcore looks at each connection of a pool at every call.

A call goes to the first pool with room, so that few calls share few connections, and open ones are used again.
"""

import ssl
import sys
from collections.abc import AsyncIterator, Callable
from functools import cache
from importlib.util import find_spec

import httpx

ROOM = 2
"""Calls of one pool at a time."""
KEPT_OPEN = 15.0
"""Seconds for which a connection without calls stays open."""


class Pools(httpx.AsyncBaseTransport):
    """Opens as many pools as are needed; they share what they know of certificates."""

    def __init__(self) -> None:
        _spare_the_search()
        self._pools: list[_Pool] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a pool with room."""
        pool = next((each for each in self._pools if each.calls < ROOM), None)
        if pool is None:
            pool = _Pool(httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False, limits=_LIMITS))
            self._pools.append(pool)
        return await pool.send(request)

    async def aclose(self) -> None:
        """Close every connection."""
        for each in self._pools:
            await each.transport.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    """Return what is trusted, read from the disk at the first call: a start need not wait for that."""
    return httpx.create_ssl_context(trust_env=False)


def _spare_the_search() -> None:
    """Settle that sniffio isn't installed, where it isn't.

    httpcore imports it at every step of a call, if it can: to search the disk in vain each time costs as much as the
    rest of the call.
    """
    if "sniffio" not in sys.modules and find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # Python's word for a module that isn't there


_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEPT_OPEN)


class _Pool:
    """`calls` are those whose answers are not read to their end."""

    def __init__(self, transport: httpx.AsyncHTTPTransport) -> None:
        self.transport = transport
        self.calls = 0

    async def send(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        try:
            response = await self.transport.handle_async_request(request)
        except BaseException:
            self.calls -= 1
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Read(response.stream, self._ended)
        return response

    def _ended(self) -> None:
        self.calls -= 1


class _Read(httpx.AsyncByteStream):
    """An answer's body that says when nobody reads it any more."""

    def __init__(self, stream: httpx.AsyncByteStream, ended: Callable[[], None]) -> None:
        self._stream = stream
        self._ended: Callable[[], None] | None = ended

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            yield piece

    async def aclose(self) -> None:
        ended, self._ended = self._ended, None
        try:
            await self._stream.aclose()
        finally:
            if ended is not None:
                ended()
