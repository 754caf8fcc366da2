"""What platforms send by themselves: verified, stored, answered at once; the scheduler handles it."""

from http import HTTPStatus

import structlog
from aiohttp import web

from bot.runtime import Read, Runtime, Unverified
from bot.web.pages import LARGEST_BODY, Handler, Unread, body, no
from core.domain.webhook import Notice

_log = structlog.get_logger(__name__)


class Webhooks:
    """Handlers of /webhooks/…"""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._letters = runtime.letters

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        letters = self._letters
        return [
            web.post("/webhooks/tiktok", self._taking("tiktok", letters.tiktok)),
            web.post("/webhooks/instagram", self._taking("instagram", letters.instagram)),
            web.post(
                "/webhooks/instagram/deauthorize", self._taking("instagram", letters.instagram_deauthorize)
            ),
            web.post("/webhooks/instagram/deletion", self._taking("instagram", letters.instagram_deletion)),
            web.get("/webhooks/instagram", self.handshake),
        ]

    def _taking(self, platform: str, read: Read) -> Handler:
        async def take(request: web.Request) -> web.Response:
            count = self._runtime.metrics.notices
            try:
                notice = read(request.headers, await body(request, LARGEST_BODY), self._runtime.clock.now())
            except Unread as bad:
                count.labels(platform, "unknown", bad.label).inc()
                return no(bad.status, bad.sentence)
            except Unverified as refused:
                count.labels(platform, "unknown", "unverified").inc()
                _log.warning("webhook refused", platform=platform, code=refused.code)
                return no(HTTPStatus.UNAUTHORIZED, "The signature of this message can't be verified.")
            if notice is None:
                count.labels(platform, "unknown", "nothing").inc()
                return web.json_response({"status": "ok"})
            new = await self._runtime.notices.receive(notice)
            count.labels(platform, notice.kind, "new" if new else "repeated").inc()
            self._runtime.wake()
            return web.json_response(self._answer(notice))

        return take

    def _answer(self, notice: Notice) -> dict[str, str]:
        """Meta wants the address of a page about the deletion, and its code (docs/sources.md)."""
        if not notice.reference:
            return {"status": "ok"}
        return {
            "url": f"{self._runtime.base_url}/deletion/{notice.reference}",
            "confirmation_code": notice.reference,
        }

    async def handshake(self, request: web.Request) -> web.Response:
        """Meta's subscription check: the challenge goes back to whoever knows our verify token."""
        try:
            return web.Response(text=self._letters.handshake(request.query))
        except Unverified:
            return no(HTTPStatus.FORBIDDEN, "The verify token isn't ours.")
