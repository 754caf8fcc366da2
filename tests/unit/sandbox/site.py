"""The sandbox on loopback for tests, and a bot that only writes down what it is sent."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from aiohttp import web

from sandbox.server import Sandbox, serving


async def until(condition, seconds=5.0):
    """Wait for the condition, with a deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.005)


@dataclass
class Got:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes


@dataclass
class RecordingBot:
    url: str = ""
    got: list[Got] = field(default_factory=list)
    status: int = 200
    echo: str = ""
    says: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.got.append(
            Got(
                request.method, request.path, dict(request.query), dict(request.headers), await request.read()
            )
        )
        return web.Response(status=self.status, text=request.query.get(self.echo, self.says))

    async def received(self, count: int) -> list[Got]:
        await until(lambda: len(self.got) >= count)
        return self.got


@asynccontextmanager
async def a_bot() -> AsyncIterator[RecordingBot]:
    bot, app = RecordingBot(), web.Application()
    app.router.add_route("*", "/{path:.*}", bot.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield bot
    await runner.cleanup()


@dataclass
class Site:
    """`http` talks to the sandbox; `bot` gets its callbacks."""

    sandbox: Sandbox
    http: httpx.AsyncClient
    bot: RecordingBot

    @property
    def clock(self):
        return self.sandbox.world.clock

    async def control(self, path, body=None, method="POST"):
        return await self.http.request(method, f"/_sandbox/{path}", json=body)

    async def truth(self, platform, handle):
        rows = (await self.http.get("/_sandbox/accounts", params={"platform": platform})).json()
        return next(row for row in rows if row["handle"] == handle)

    async def change(self, platform, handle, **change):
        answer = await self.control(f"accounts/{platform}/{handle}", change)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def switch(self, platform, **switches):
        answer = await self.control(f"switches/{platform}", switches)
        assert answer.status_code == 200, answer.text

    async def fault(self, where, what, **details):
        answer = await self.control("faults", {"where": where, "what": what, **details})
        assert answer.status_code == 200, answer.text

    async def journal(self, operation=""):
        return (await self.http.get("/_sandbox/journal", params={"operation": operation})).json()


@asynccontextmanager
async def a_site() -> AsyncIterator[Site]:
    async with (
        a_bot() as bot,
        serving(bot_url=bot.url) as sandbox,
        httpx.AsyncClient(base_url=sandbox.world.base_url, timeout=5) as http,
    ):
        yield Site(sandbox, http, bot)
