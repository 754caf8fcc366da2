"""The pages between the button in Slack and the platform: what will happen, the way out, and the way back."""

from http import HTTPStatus

import structlog
from aiohttp import web

from bot.listeners.attempts import attempt
from bot.runtime import Runtime
from bot.views.text import handle
from bot.views.words import page as words
from bot.views.words.dates import stamp
from bot.views.words.names import CAPABILITY, PLATFORM
from bot.views.words.outcome import said
from bot.web.pages import LARGEST_FORM, OURS, body, in_words, page, problem
from core.domain.account import Platform
from core.domain.ids import new_token
from core.domain.invitation import LinkOutcome
from core.domain.observation import Capability
from core.domain.refusals import Refusal
from core.usecases.arrival import LinkResult
from core.usecases.linking import ConnectPage

_log = structlog.get_logger(__name__)

COOKIE = "crosslink_browser"
COOKIE_SECONDS = 15 * 60
_COOKIE_LENGTH = len(new_token())
_GOOD = frozenset({LinkOutcome.LINKED, LinkOutcome.RELINKED, LinkOutcome.ADOPTED})
_MIXED = frozenset(
    {
        LinkOutcome.FEWER_PERMISSIONS,
        LinkOutcome.TOO_FEW_PERMISSIONS,
        LinkOutcome.WRONG_ACCOUNT,
        LinkOutcome.UNNAMED_ACCOUNT,
    }
)


class Connect:
    """Handlers of /connect/…"""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._linking = runtime.desk.linking
        self._secure = runtime.base_url.startswith("https://")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes. The callback takes GET alone: a HEAD would use the attempt up."""
        return [
            web.get("/connect/{token}", in_words(self.show)),
            web.post("/connect/{token}", in_words(self.go)),
            web.get("/connect/{platform}/callback", in_words(self.back), allow_head=False),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """Say what linking means. Burns nothing: chat programs and mail scanners open links, too."""
        shown = await self._linking.page(request.match_info["token"])
        return page(
            "connect.html",
            forms=self._runtime.consent_pages,
            platform=PLATFORM[shown.platform],
            client=shown.client.name,
            relink=shown.relink,
            expected=handle(shown.expected),
            permissions=_permissions(shown),
            sign_in_url=shown.sign_in_url,
            until=stamp(shown.expires_at),
        )

    async def go(self, request: web.Request) -> web.Response:
        """Bind the attempt to this browser and send it to the platform."""
        await body(request, LARGEST_FORM)
        if request.headers.get("Sec-Fetch-Site", "") not in OURS:
            return problem(*words.OTHER_SITE, status=HTTPStatus.FORBIDDEN)
        browser = request.cookies.get(COOKIE, "")
        if len(browser) != _COOKIE_LENGTH:
            browser = new_token()
        url = await self._linking.begin(request.match_info["token"], browser)
        response = web.Response(
            status=HTTPStatus.SEE_OTHER,
            headers={"Location": url, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        )
        response.set_cookie(
            COOKIE,
            browser,
            max_age=COOKIE_SECONDS,
            path="/connect",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )
        return response

    async def back(self, request: web.Request) -> web.Response:
        """Take the platform's answer in and show what came of it; Slack hears of it at once."""
        name = request.match_info["platform"]
        if name not in {each.value for each in Platform}:
            raise Refusal("page_unknown")
        platform = Platform(name)
        result = await self._linking.complete(platform, dict(request.query), request.cookies.get(COOKIE, ""))
        self._runtime.wake()
        self._runtime.metrics.arrivals.labels(platform, result.outcome).inc()
        _log.info("arrival", platform=platform, outcome=result.outcome, workspace=result.client.workspace)
        return _outcome(result)


def _permissions(shown: ConnectPage) -> list[dict[str, object]]:
    by_capability: dict[Capability, list[str]] = {}
    for permission in shown.permissions:
        by_capability.setdefault(permission.capability, []).append(permission.scope)
    return [
        {"name": CAPABILITY[capability], "why": words.WHY[capability], "scopes": scopes}
        for capability, scopes in by_capability.items()
    ]


def _outcome(result: LinkResult) -> web.Response:
    told = said(attempt(result, until=f"{result.until:%H:%M} UTC" if result.until else ""))
    mood = "good" if result.outcome in _GOOD else "mixed" if result.outcome in _MIXED else "problem"
    return page(
        "outcome.html",
        mood=mood,
        title=told.title,
        body=told.body,
        points=told.points,
        note=words.SAME_IN_SLACK,
    )
