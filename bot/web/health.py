"""Whether this process lives, whether it can take requests, and its numbers, for those who watch it."""

import asyncio
from http import HTTPStatus

from aiohttp import web

from bot.runtime import Health, Runtime


class Watch:
    """Handlers of /healthz, /readyz and /metrics."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._scrape = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/healthz", self.health),
            web.get("/readyz", self.readiness),
            web.get("/metrics", self.metrics),
        ]

    async def health(self, _request: web.Request) -> web.Response:
        """200 while this process lives and ticks, else 503 with the reasons: start it again."""
        return _told(await self._runtime.health(), "ok", "ill")

    async def readiness(self, _request: web.Request) -> web.Response:
        """200 while requests that come now are answered, else 503 with the reasons: send them elsewhere."""
        return _told(await self._runtime.readiness(), "ready", "not ready")

    async def metrics(self, _request: web.Request) -> web.Response:
        """Counters since the start of this process, and what waits in the database now."""
        metrics = self._runtime.metrics
        metrics.running.set(len(self._runtime.tasks))
        async with self._scrape:  # one reader of the database at a time, however many ask
            await self._runtime.measure()
        return web.Response(
            body=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )


def _told(health: Health, well: str, ill: str) -> web.Response:
    is_well = not health.problems
    return web.json_response(
        {"status": well if is_well else ill, "problems": list(health.problems), **health.details},
        status=HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Cache-Control": "no-store"},
    )
