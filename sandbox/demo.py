"""The bot and the emulators as one site on one port, on storage that is gone afterwards."""

import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.runtime import Runtime
from bot.settings import PREFIX, Settings
from bot.web.server import attach
from bot.wiring.process import build
from sandbox.addresses import environment
from sandbox.server import Sandbox


@dataclass(slots=True)
class Demo:
    """A running demo. Health and readiness are 503 until `ready` is set, so that nobody meets a half-made workspace."""

    base_url: str
    sandbox: Sandbox
    runtime: Runtime
    ready: bool = False


@asynccontextmanager
async def running(*, port: int = 0, host: str = "127.0.0.1", data: Path | None = None) -> AsyncIterator[Demo]:
    """Run bot and sandbox together until the block ends; port 0 takes a free one.

    Without a `data` folder that is somebody else's, nothing is left afterwards. Raises OSError where the port is taken.
    """
    with socket.create_server((host, port)) as listening, tempfile.TemporaryDirectory() as spare:
        base_url = f"http://{host}:{listening.getsockname()[1]}"
        sandbox = Sandbox(base_url, base_url)
        runtime = build(settings(base_url, data or Path(spare)), clock=sandbox.world.clock)
        demo = Demo(base_url, sandbox, runtime)
        app = web.Application(middlewares=[_starting(demo)])
        sandbox.attach(app)
        attach(app, runtime)
        unsubscribe = sandbox.world.clock.subscribe(runtime.wake)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            yield demo
        finally:
            unsubscribe()
            await runner.cleanup()


def settings(base_url: str, data_dir: Path) -> Settings:
    """Return settings that point at the sandbox alone: nothing of the reader's own environment gets in."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    ours = {
        name.removeprefix(PREFIX).lower(): value for name, value in environment(base_url, base_url).items()
    }
    return Settings.model_validate(defaults | ours | {"data_dir": data_dir, "log_level": "error"})


def _starting(demo: Demo) -> Middleware:
    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in {"/healthz", "/readyz"} and not demo.ready:
            return web.json_response({"status": "starting"}, status=503)
        return await handler(request)

    return answer
