"""The bot's routes, for an aiohttp application of its own or of somebody else's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.runtime import Role, Runtime
from bot.web.compose import Compose
from bot.web.connect import Connect
from bot.web.deletion import Deletion
from bot.web.health import Watch
from bot.web.media import Media
from bot.web.pages import asset
from bot.web.slack import Slack
from bot.web.webhooks import Webhooks

SHUTDOWN = 10.0
"""Seconds that open requests get when the process ends."""


def routes(runtime: Runtime) -> list[web.RouteDef]:
    """Return every route that this process answers: a worker has only its health to tell."""
    if runtime.role is Role.WORKER:
        return Watch(runtime).routes()
    return [
        *Slack(runtime).routes(),
        *Connect(runtime).routes(),
        *Compose(runtime).routes(),
        *Webhooks(runtime).routes(),
        *Deletion(runtime).routes(),
        *Media(runtime).routes(),
        *Watch(runtime).routes(),
        web.get("/assets/crosslink.css", asset("style.css", "text/css")),
        web.get("/assets/crosslink.svg", asset("icon.svg", "image/svg+xml")),
    ]


def attach(app: web.Application, runtime: Runtime) -> None:
    """Put the bot into an application: its routes, its start, and its end."""

    async def live(_app: web.Application) -> AsyncIterator[None]:
        try:
            await runtime.start()
            yield
        finally:
            await runtime.stop()

    app.add_routes(routes(runtime))
    app.cleanup_ctx.append(live)


@asynccontextmanager
async def serving(runtime: Runtime, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve the bot alone until the block ends; yields the port, which for 0 is a free one.

    Requests are not logged one by one: their addresses open things. Bodies are taken as they come: nobody who writes
    to us packs any, and what isn't verified yet isn't unpacked.
    """
    app = web.Application()
    attach(app, runtime)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN, auto_decompress=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
