"""The bot and the emulated platforms on one port, for tests that speak to the bot from outside."""

import io
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from aiohttp import web

from bot.runtime import Runtime
from bot.settings import Settings
from bot.web.server import attach
from bot.wiring.process import build
from sandbox.addresses import environment
from sandbox.journey import Journey, words
from sandbox.server import Sandbox
from sandbox.slack.bot import signed
from sandbox.slack.emulator import SlackEmulator
from tests.migrated import begun

FORM = "application/x-www-form-urlencoded"
TEAM = "T0AGENCY"
BAKERY = {
    "name": "Nordlicht Bakery",
    "tiktok": "@nordlicht.bakery",
    "instagram": "nordlicht.bakery",
    "intent": "crosspost",
    "managers": ["U0MANAGER"],
    "oncall": ["U0ONCALL"],
    "time_zone": "Europe/Berlin",
}
_numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """What the bot answered to a request that a test wrote by hand."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Site:
    """A running bot with everything around it."""

    base_url: str
    sandbox: Sandbox
    runtime: Runtime
    people: Journey
    http: aiohttp.ClientSession

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        url = f"{self.base_url}{path}"
        async with self.http.post(
            url, data=io.BytesIO(body), headers=headers, allow_redirects=False
        ) as answer:
            return Answer(answer.status, await answer.text(), dict(answer.headers))

    async def get(self, path: str, **more: Any) -> Answer:
        url = path if path.startswith("http") else f"{self.base_url}{path}"
        async with self.http.get(url, allow_redirects=False, **more) as answer:
            return Answer(answer.status, await answer.text(), dict(answer.headers))

    async def slack(self, body: bytes, *, kind: str = FORM, **headers: str) -> Answer:
        """Send what Slack would sign, to the address where Slack sends everything."""
        at = self.sandbox.world.clock.timestamp()
        return await self.post("/slack/events", body, {"Content-Type": kind, **signed(body, at), **headers})

    async def command(self, text: str, *, user: str = "U0REQUESTER", **fields: str) -> Answer:
        return await self.slack(urlencode(a_command(text, user=user, **fields)).encode())

    async def interact(self, **payload: Any) -> Answer:
        full = {"team": {"id": TEAM}, "user": {"id": "U0REQUESTER", "team_id": TEAM}} | payload
        return await self.slack(urlencode({"payload": json.dumps(full)}).encode())

    async def event(self, event: Mapping[str, Any], **headers: str) -> Answer:
        envelope = {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{next(_numbers)}",
            "authorizations": [{"team_id": TEAM}],
            "event": event,
        }
        return await self.slack(json.dumps(envelope).encode(), kind="application/json", **headers)

    async def settled(self) -> None:
        """Wait until the work behind acks is done."""
        await self.runtime.tasks.settled()

    async def install(self) -> None:
        """Install the app over Slack's own page, as an admin's browser does."""
        assert "is installed" in (await self.people.install(TEAM)).heading

    async def told(self, user: str, channel: str, wanted: Callable[[str], bool]) -> str:
        """Wait for a message that says such a thing, and return what it says."""
        return words(await self.people.sees(user, channel, lambda each: wanted(words(each))))


def a_command(text: str, *, user: str = "U0REQUESTER", **fields: str) -> dict[str, str]:
    """The form of a slash command; its trigger makes each one another."""
    return {
        "command": "/crosslink",
        "text": text,
        "team_id": TEAM,
        "user_id": user,
        "channel_id": "C0BAKERY",
        "trigger_id": f"{next(_numbers)}.1.a",
        "api_app_id": "A0CROSSLINK",
    } | fields


def query_of(url: str) -> dict[str, str]:
    """The query of an address, each name once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def settings_for(base_url: str, folder: Path, /, **changes: Any) -> Settings:
    """Settings that point at the sandbox and read nothing of this machine's environment."""
    names = {
        name.removeprefix("CROSSLINK_").lower(): value
        for name, value in environment(base_url, base_url).items()
    }
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    return Settings.model_validate(defaults | names | {"data_dir": folder} | changes)


@asynccontextmanager
async def serving(folder: Path, *, installed: bool = True, **changes: Any) -> AsyncIterator[Site]:
    """Run bot and sandbox on a free port until the block ends. `changes` are settings."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        sandbox = Sandbox(base_url, base_url)
        token = next(each for each in sandbox.emulators if isinstance(each, SlackEmulator)).bot_token
        given = {name: token if value == "the sandbox's" else value for name, value in changes.items()}
        runtime = build(settings_for(base_url, begun(folder), **given), clock=sandbox.world.clock)
        app = web.Application()
        sandbox.attach(app)
        attach(app, runtime)
        unsubscribe = sandbox.world.clock.subscribe(runtime.wake)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
                site = Site(base_url, sandbox, runtime, Journey(http, base_url), http)
                if installed:
                    await site.install()
                yield site
        finally:
            unsubscribe()
            await runner.cleanup()
