"""The sandbox as one site: all emulators under their hosts' names, the control calls under /_sandbox/."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from sandbox.browser import stylesheet
from sandbox.clock import TurnableClock
from sandbox.control import Control
from sandbox.emulator import Emulator, Memory, World
from sandbox.instagram.emulator import InstagramEmulator
from sandbox.mount import mount
from sandbox.slack.emulator import SlackEmulator
from sandbox.tiktok.emulator import TikTokEmulator


class Sandbox:
    """The emulators and their world, attached to an aiohttp application, alone or beside the bot's routes.

    `base_url` is where people and the bot reach this site, `bot_url` where the bot receives requests.
    """

    def __init__(
        self, base_url: str, bot_url: str, clock: TurnableClock | None = None, memory: Memory | None = None
    ) -> None:
        self.world = World(
            base_url.rstrip("/"), bot_url.rstrip("/"), clock or TurnableClock(), memory or Memory()
        )
        self.slack = SlackEmulator(self.world)
        self.tiktok = TikTokEmulator(self.world)
        self.instagram = InstagramEmulator(self.world)

    @property
    def emulators(self) -> tuple[Emulator, ...]:
        return (self.slack, self.tiktok, self.instagram)

    def attach(self, app: web.Application) -> None:
        """Add every route, and have the world start and stop with the application."""
        app.cleanup_ctx.append(self._live)
        app.on_shutdown.append(self._closing)
        app.add_routes(Control(self.world, self.emulators).routes())
        app.router.add_get("/_sandbox/platforms.css", stylesheet)
        app.router.add_get("/_sandbox/media/{sha256}", self.world.reel.show)
        for emulator in self.emulators:
            mount(app, emulator, self.world)

    async def _closing(self, _app: web.Application) -> None:
        self.world.closing.set()

    async def _live(self, _app: web.Application) -> AsyncIterator[None]:
        await self.world.start()
        yield
        await self.world.stop()


@asynccontextmanager
async def serving(
    *, port: int = 0, bot_url: str | None = None, clock: TurnableClock | None = None
) -> AsyncIterator[Sandbox]:
    """The sandbox alone on 127.0.0.1 until the block ends; port 0 takes a free one (see `world.base_url`).

    Without `bot_url` what people do is sent to this same site, where nobody listens.
    """
    sandbox = Sandbox("http://127.0.0.1", bot_url or "http://127.0.0.1", clock)
    app = web.Application()
    sandbox.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        sandbox.world.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        sandbox.world.bot_url = bot_url.rstrip("/") if bot_url else sandbox.world.base_url
        yield sandbox
    finally:
        await runner.cleanup()
