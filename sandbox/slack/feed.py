"""News for pages that watch: one small value per change, and a stream of them over HTTP."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

WAITING = 500
"""News kept for a listener that reads slowly; then the oldest is forgotten, a page reloads anyway."""

BREATH = 15.0


class Feed:
    """Tells every listener what changed. `kind`: message, view, home, file, channel, workspace, faults …"""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[dict[str, Any]]] = set()
        self._watchers: list[Callable[[str, str], None]] = []

    def watch(self, watcher: Callable[[str, str], None]) -> None:
        """Have `watcher(kind, channel)` called at every change, for whoever lives in the same process."""
        self._watchers.append(watcher)

    def tell(self, kind: str, *, channel: str = "", user: str = "") -> None:
        news: dict[str, Any] = {"kind": kind}
        if channel:
            news["channel"] = channel
        if user:
            news["user"] = user
        for watcher in self._watchers:
            watcher(kind, channel)
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(news)

    async def stream(self, request: web.Request, closing: asyncio.Event) -> web.StreamResponse:
        """Server-sent events until the page leaves or the site stops."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(WAITING)
        self._listeners.add(queue)
        stopped = asyncio.create_task(closing.wait())
        try:
            await response.write(b"retry: 1000\n\n")
            with suppress(ConnectionError):
                await self._pump(response, queue, stopped)
        finally:
            self._listeners.discard(queue)
            stopped.cancel()
        return response

    async def _pump(
        self,
        response: web.StreamResponse,
        queue: asyncio.Queue[dict[str, Any]],
        stopped: asyncio.Task[Any],
    ) -> None:
        while not stopped.done():
            news = asyncio.create_task(queue.get())
            await asyncio.wait({news, stopped}, timeout=BREATH, return_when=asyncio.FIRST_COMPLETED)
            if news.done():
                line = json.dumps(news.result(), separators=(",", ":"))
                await response.write(f"data: {line}\n\n".encode())
            else:
                news.cancel()
                await response.write(b": still here\n\n")
