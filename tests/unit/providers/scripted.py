"""A platform that answers as told, under real requests of httpx; and the apps and credentials to ask it with."""

import json
from collections import deque
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx

from core.domain.credentials import Credentials
from core.domain.observation import Capability
from core.domain.secret import Secret
from core.providers.instagram.app import InstagramApp
from core.providers.instagram.provider import Instagram
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.provider import TikTok
from core.providers.wire import Wire
from tests.builders import NOW
from tests.fakes import FrozenClock

TIKTOK_APP = TikTokApp(client_key="key-of-ours", client_secret=Secret("tiktok-app-secret"))
INSTAGRAM_APP = InstagramApp(
    app_id="1000200030004000",
    app_secret=Secret("instagram-app-secret"),
    meta_secret=Secret("meta-app-secret"),
    verify_token=Secret("verify-token"),
)
IDENTIFY = frozenset({Capability.IDENTIFY})
BOTH = IDENTIFY | {Capability.PUBLISH}
"""All that Instagram offers."""


class Platform:
    """Answers requests in the order scripted: a (status, body[, headers]) or an exception to raise.

    `asked` are the requests it got; a body that is no text is sent as JSON.
    """

    def __init__(self, *answers: Any) -> None:
        self._answers = deque(answers)
        self.asked: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        status, body, *headers = answer
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        return httpx.Response(status, content=content, headers=headers[0] if headers else {})

    def forms(self) -> list[dict[str, str]]:
        """Return the form of every request."""
        return [dict(parse_qsl(each.content.decode())) for each in self.asked]


def tiktok(platform: Platform, *, app: TikTokApp = TIKTOK_APP, clock: FrozenClock | None = None) -> TikTok:
    return TikTok(app=app, wire=Wire(platform.transport), clock=clock or FrozenClock())


def instagram(
    platform: Platform, *, app: InstagramApp = INSTAGRAM_APP, clock: FrozenClock | None = None
) -> Instagram:
    return Instagram(app=app, wire=Wire(platform.transport), clock=clock or FrozenClock())


def tiktok_credentials(**changes: Any) -> Credentials:
    given: dict[str, Any] = {
        "access": Secret("act.held-access"),
        "access_expires_at": NOW + timedelta(hours=2),
        "issued_at": NOW,
        "refresh": Secret("rft.held-refresh"),
        "refresh_expires_at": NOW + timedelta(days=180),
        "scopes": frozenset({"user.info.basic", "video.publish", "video.upload"}),
    }
    return Credentials(**given | changes)


def instagram_credentials(**changes: Any) -> Credentials:
    given: dict[str, Any] = {
        "access": Secret("IGAA-held-access"),
        "access_expires_at": NOW + timedelta(days=60),
        "issued_at": NOW,
        "scopes": frozenset({"instagram_business_basic", "instagram_business_content_publish"}),
    }
    return Credentials(**given | changes)


def graph_error(code, subcode=None, status=400, *, kind="OAuthException", message="words", headers=None):
    """A refusal in Graph's envelope: its status, body and headers."""
    error = {"message": message, "type": kind, "code": code, "fbtrace_id": "TRACE"}
    return (
        status,
        {"error": error | ({"error_subcode": subcode} if subcode is not None else {})},
        headers or {},
    )
