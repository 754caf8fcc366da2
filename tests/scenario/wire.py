"""Requests written by hand: what Slack, a platform or somebody who pretends to be one sends to the bot."""

import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.app import SIGNING_SECRET
from sandbox.slack.bot import FORM, signed
from tests.scenario.scene import AGENCY, VELO_CHANNEL, Scene

_numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """What came back, redirects not followed."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Wire:
    """Sends to the bot whatever it is given."""

    scene: Scene
    session: aiohttp.ClientSession

    async def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        chunked: bool = False,
    ) -> Answer:
        """Send a body, with its length in front or in chunks of unsaid number."""
        url = path if path.startswith("http") else f"{self.scene.url}{path}"
        data = _pieces(body) if chunked else io.BytesIO(body)
        async with self.session.request(
            method, url, data=data, headers=headers, allow_redirects=False
        ) as answer:
            return Answer(answer.status, await answer.text(), dict(answer.headers))

    def signature(self, body: bytes, *, age: float = 0, secret: str = SIGNING_SECRET) -> dict[str, str]:
        """Slack's headers for this body, signed so many seconds ago."""
        return signed(body, self.scene.demo.runtime.clock.now().timestamp() - age, secret)

    async def slack(self, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Send to Slack's address; without headers with a genuine signature."""
        given = self.signature(body) if headers is None else headers
        return await self.send("POST", "/slack/events", body, {"Content-Type": FORM, **given})

    async def press(
        self, action: str, value: str, *, user: str, home: str, team: str = AGENCY, **more: Any
    ) -> Answer:
        """A press as Slack signs it, with a value of the test's own choice."""
        payload = {
            "type": "block_actions",
            "team": {"id": team},
            "user": {"id": user, "team_id": home},
            "trigger_id": f"{next(_numbers)}.1.a",
            "actions": [{"type": "button", "action_id": action, "value": value}],
            **more,
        }
        answer = await self.slack(urlencode({"payload": json.dumps(payload)}).encode())
        await self.scene.quiet()
        return answer


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


def a_command(text: str, *, user: str = "U0REQUESTER", team: str = AGENCY, **fields: str) -> bytes:
    """The body of a slash command; its trigger makes each one another."""
    form = {
        "command": "/crosslink",
        "text": text,
        "team_id": team,
        "user_id": user,
        "channel_id": VELO_CHANNEL,
        "trigger_id": f"{next(_numbers)}.2.a",
    }
    return urlencode(form | fields).encode()


@asynccontextmanager
async def wire(scene: Scene) -> AsyncIterator[Wire]:
    """A wire without cookies, closed at the end."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Wire(scene, session)
