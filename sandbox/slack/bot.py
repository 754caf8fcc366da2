"""Slack's requests to the bot: signed, over HTTP or a socket, with three seconds to answer."""

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.emulator import World
from sandbox.slack.app import SIGNING_SECRET, VERIFICATION_TOKEN
from sandbox.slack.sockets import Sockets

ACK_SECONDS = 3.0
KEPT = 500
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Ack:
    """What the bot answered. `status` is 0 when no answer came; `failed` then says why."""

    status: int
    ms: float
    body: Any = None
    failed: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - any 2xx acknowledges


@dataclass(slots=True)
class Delivery:
    """One thing sent to the bot with its attempts, for `GET /_sandbox/deliveries`."""

    kind: str
    what: str
    at: str
    attempts: list[dict[str, Any]] = field(default_factory=list)


def signed(body: bytes, at: float, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The v0 signature of a request body sent at that moment."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


class Bot:
    """The app's request URL, `{bot_url}/slack/events`, or its sockets when it has any open."""

    def __init__(self, world: World, sockets: Sockets, switches: Mapping[str, str]) -> None:
        self._world = world
        self._sockets = sockets
        self._switches = switches
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)

    async def command(self, form: Mapping[str, str]) -> Ack:
        """A slash command, form-encoded; not retried."""
        delivery = self._delivery("slash_commands", f"{form['command']} {form['text']}".strip())
        return await self._ask(delivery, form, urlencode(form).encode(), FORM)

    async def interaction(self, payload: Mapping[str, Any]) -> Ack:
        """A click, a submission, a shortcut: one form field `payload` of JSON; not retried."""
        actions = payload.get("actions") or [{}]
        what = f"{payload['type']} {actions[0].get('action_id') or payload.get('callback_id') or ''}".strip()
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._ask(self._delivery("interactive", what), payload, body, FORM)

    async def event(self, envelope: Mapping[str, Any], retry: Mapping[str, str], delivery: Delivery) -> Ack:
        """One attempt of the Events API; the caller knows when to try again."""
        return await self._ask(delivery, envelope, json.dumps(envelope).encode(), "application/json", retry)

    async def verify_url(self) -> tuple[Ack, bool]:
        """Slack's handshake when a request URL is entered: the bot must give the challenge back."""
        challenge = self._world.mint.identifier(length=40)
        body = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        delivery = self._delivery("events_api", "url_verification")
        ack = await self._ask(delivery, body, json.dumps(body).encode(), "application/json")
        given = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        return ack, ack.fine and given == challenge

    def event_delivery(self, what: str) -> Delivery:
        return self._delivery("events_api", what)

    def _delivery(self, kind: str, what: str) -> Delivery:
        delivery = Delivery(kind, what, self._world.clock.now().isoformat())
        self.deliveries.append(delivery)
        return delivery

    async def _ask(
        self,
        delivery: Delivery,
        payload: Mapping[str, Any],
        body: bytes,
        content_type: str,
        retry: Mapping[str, str] | None = None,
    ) -> Ack:
        began = asyncio.get_running_loop().time()
        headers: dict[str, str] = {}
        try:
            async with asyncio.timeout(ACK_SECONDS):
                if self._sockets.any:
                    status, answer = 200, await self._sockets.ask(delivery.kind, payload, retry)
                else:
                    status, answer, headers = await self._post(body, content_type, retry or {})
            ack = Ack(status, _since(began), answer, headers=headers)
            ack = ack if ack.fine else replace(ack, failed="http_error")
        except TimeoutError:
            ack = Ack(0, _since(began), failed="http_timeout")
        except aiohttp.ClientError:
            ack = Ack(0, _since(began), failed="connection_failed")
        delivery.attempts.append({"status": ack.status, "took_ms": ack.ms, "failed": ack.failed})
        return ack

    def _moment(self) -> float:
        clock = self._world.clock
        return clock.timestamp() - (clock.offset if self._switches["signature_time"] == "real" else 0)

    async def _post(
        self, body: bytes, content_type: str, retry: Mapping[str, str]
    ) -> tuple[int, Any, dict[str, str]]:
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **signed(body, self._moment()),
            **retry,
        }
        url = f"{self._world.bot_url}/slack/events"
        async with self._world.session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            text = await answer.text(errors="replace")
            return answer.status, _read(text), dict(answer.headers)


def _since(began: float) -> float:
    return round((asyncio.get_running_loop().time() - began) * 1000, 3)


def _read(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text
