"""The way from the bot's adapters to the emulated platforms without sockets: the same requests, the same handlers.

Everything of HTTP that matters stays: method, address, headers, body, faults, the journal, lost answers. What
goes is the copying of bytes through the kernel, which is most of what a request costs on loopback.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from typing import Any, Protocol, cast

import httpx
from aiohttp import StreamReader, web
from aiohttp.abc import AbstractMatchInfo
from aiohttp.http import HttpVersion11, RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from sandbox.emulator import Emulator, World
from sandbox.mount import mount


class Observer(Protocol):
    """Sees what goes over the wire."""

    def asks(self, path: str, body: bytes) -> None:
        """A request is on its way; the weather may still change."""
        ...

    def answered(self, path: str, answer: bytes) -> None:
        """An answer that says yes reached the bot."""
        ...


class _Line:
    """Stands for a connection: an emulator that hangs up ends it."""

    ssl_context = peername = sockname = None
    transport: "_Line"

    def __init__(self) -> None:
        self.transport = self
        self.is_cut = False

    def abort(self) -> None:
        self.is_cut = True

    def get_extra_info(self, _name: str) -> None:
        return None


class _Body:
    """A request's body as far as handlers read it piece by piece."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def at_eof(self) -> bool:
        return not self._body

    async def iter_any(self) -> AsyncIterator[bytes]:
        body, self._body = self._body, b""
        if body:
            yield body


class _Request(web.Request):
    """A request whose body is here already."""

    def __init__(self, message: RawRequestMessage, body: bytes, line: _Line, leads_to: Any) -> None:
        nobody: Any = None
        loop = asyncio.get_running_loop()
        super().__init__(message, cast("StreamReader", _Body(body)), cast("Any", line), nobody, nobody, loop)
        self._read_bytes = body
        self._match_info = leads_to


class InProcess(httpx.AsyncBaseTransport):
    """Answers httpx from the emulators' own handlers."""

    def __init__(self, world: World, emulators: Sequence[Emulator], observer: Observer) -> None:
        self._observer = observer
        self._app = web.Application()
        for emulator in emulators:
            mount(self._app, emulator, world)
        self._leads_to: dict[tuple[str, str], AbstractMatchInfo] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body, line = await request.aread(), _Line()
        self._observer.asks(request.url.path, body)
        response = await self._handled(await self._asked(request, body, line))
        if line.is_cut:
            raise httpx.RemoteProtocolError(
                "Server disconnected without sending a response.", request=request
            )
        content = response.body if isinstance(response.body, bytes) else b""
        if response.status == HTTPStatus.OK:
            self._observer.answered(request.url.path, content)
        return httpx.Response(response.status, headers=list(response.headers.items()), content=content)

    async def _asked(self, request: httpx.Request, body: bytes, line: _Line) -> web.Request:
        headers = CIMultiDictProxy(CIMultiDict(request.headers.items()))
        url = URL(request.url.raw_path.decode("ascii"), encoded=True)
        message = RawRequestMessage(
            request.method, str(url), HttpVersion11, headers, (), False, None, False, False, url
        )
        place = request.method, url.raw_path
        asked = _Request(message, body, line, self._leads_to.get(place))
        if place not in self._leads_to:
            found = await self._app.router.resolve(asked)
            self._leads_to[place] = found
            asked = _Request(message, body, line, found)
        return asked

    async def _handled(self, asked: web.Request) -> web.Response:
        try:
            response = await asked.match_info.handler(asked)
        except web.HTTPException as refused:
            response = refused
        assert isinstance(response, web.Response)
        return response
