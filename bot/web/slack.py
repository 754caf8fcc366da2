"""Slack's one address for everything it sends, and the two pages of an installation."""

import asyncio
from http import HTTPStatus

import structlog
from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.runtime import Runtime
from bot.slack.dispatch import UNREADABLE
from bot.slack.guard import Guard, Refused
from bot.slack.install import STATE_LIFE, Install, NotInstalled
from bot.views.words import page as words
from bot.web.pages import LARGEST_BODY, Unread, body, in_words, no, page, problem

_log = structlog.get_logger(__name__)
COOKIE = "crosslink_install"
_REPEAT = "X-Slack-Retry-Num"


class Slack:
    """Handlers of /slack/…"""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._secure = runtime.base_url.startswith("https://")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes that this mode has: socket mode takes nothing over HTTP."""
        found = []
        if self._runtime.guard is not None:
            found.append(web.post("/slack/events", self.events))
        if self._runtime.install is not None:
            found += [
                web.get("/slack/install", in_words(self.install)),
                web.get("/slack/oauth_redirect", in_words(self.installed), allow_head=False),
            ]
        return found

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Commands, presses, submissions, events: verified before anything is read from them."""
        guard, metrics = self._runtime.guard, self._runtime.metrics
        assert guard is not None
        try:
            raw = await body(request, LARGEST_BODY)
        except Unread as bad:
            metrics.requests.labels(bad.label).inc()
            return no(bad.status, bad.sentence)
        began = asyncio.get_running_loop().time()
        if (refused := guard.check(request.headers, raw)) is not None:
            return self._refuse(request, refused)
        answer = await self._dispatch(request, raw, guard)
        metrics.requests.labels(str(answer.status)).inc()
        metrics.ack.observe(asyncio.get_running_loop().time() - began)
        return answer

    async def _dispatch(self, request: web.Request, raw: bytes, guard: Guard) -> web.Response:
        try:
            kind = request.headers.get("Content-Type", "")
            asked = AsyncBoltRequest(body=raw.decode(), headers={"content-type": kind})
            answer = await self._runtime.slack.async_dispatch(asked)
        except (ValueError, LookupError, AttributeError, TypeError) as error:
            # Our listeners' errors don't come this far: this is Bolt, before a body that isn't shaped like Slack's.
            _log.warning("slack request unreadable", error=type(error).__name__)
            return no(HTTPStatus.BAD_REQUEST, UNREADABLE)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            guard.forget(request.headers)
        return web.Response(
            status=answer.status,
            body=answer.body.encode(),
            headers={"Content-Type": answer.headers["content-type"][0]},
        )

    def _refuse(self, request: web.Request, refused: Refused) -> web.Response:
        self._runtime.metrics.requests.labels(refused.name.casefold()).inc()
        if refused is Refused.REPLAYED and _REPEAT in request.headers:
            # Slack repeats an event whose answer it missed; we have it, and it shall not come a third time.
            return web.Response(status=HTTPStatus.OK)
        _log.warning("slack request refused", code=refused.name.casefold())
        return no(HTTPStatus.UNAUTHORIZED, refused.value)

    async def install(self, _request: web.Request) -> web.Response:
        """Send the browser to Slack's consent page."""
        url, cookie = self._installing.begin()
        response = web.Response(
            status=HTTPStatus.FOUND,
            headers={"Location": url, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        )
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(STATE_LIFE.total_seconds()),
            path="/slack",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )
        return response

    async def installed(self, request: web.Request) -> web.Response:
        """Take Slack's answer in and say what to do first."""
        cookie = request.cookies.get(COOKIE, "")
        try:
            workspace, shown = await self._installing.finish(request.query, cookie)
        except NotInstalled as ended:
            return problem(words.NOT_INSTALLED, words.INSTALL[ended.fault], status=HTTPStatus.BAD_REQUEST)
        self._runtime.installations.forget(workspace)
        points = [words.INSTALLED_NEXT]
        if shown.lacking:
            points.append(words.INSTALLED_LACKING.format(scopes=", ".join(shown.lacking)))
        response = page(
            "outcome.html",
            mood="mixed" if shown.lacking else "good",
            title=words.INSTALLED.format(name=shown.name),
            body=words.INSTALLED_BODY,
            points=points,
            note=words.DONE_HERE,
        )
        response.del_cookie(COOKIE, path="/slack")
        return response

    @property
    def _installing(self) -> Install:
        assert self._runtime.install is not None  # its routes exist only with it
        return self._runtime.install
