"""Whether this process works, for load balancers and people; and its numbers, for Prometheus."""

from http import HTTPStatus

from aiohttp import web

from bot.runtime import Runtime


class Watch:
    """Handlers of /healthz and /metrics."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/healthz", self.health), web.get("/metrics", self.metrics)]

    async def health(self, _request: web.Request) -> web.Response:
        """200 while the database answers and the scheduler ticks, else 503 with the reasons."""
        health = await self._runtime.health()
        well = not health.problems
        return web.json_response(
            {"status": "ok" if well else "ill", "problems": list(health.problems), **health.details},
            status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Cache-Control": "no-store"},
        )

    async def metrics(self, _request: web.Request) -> web.Response:
        """Counters since the start of this process."""
        self._runtime.metrics.running.set(len(self._runtime.tasks))
        return web.Response(
            body=self._runtime.metrics.text(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )
