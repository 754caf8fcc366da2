"""Bot and sandbox in one process for a simulation: the real thing, but for time and for sockets to the platforms."""

import os
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.runtime import Role, Runtime
from bot.web.server import attach
from bot.wiring.process import build
from sandbox.demo import settings
from sandbox.emulator import Memory
from sandbox.journey import Journey, journey
from sandbox.server import Sandbox
from sandbox.simulate.clock import StillClock
from sandbox.simulate.wire import InProcess, Observer

MEMORY = Memory(dead_tokens=2 * 86_400.0, secrets=20_000)
QUICK = "/dev/shm"  # noqa: S108 - what is made in it is private, and gone afterwards
"""A folder in memory, where there is one: nobody needs a simulated year after a power cut."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a simulation plays on. Nothing ticks by itself: `runtime.tick` is called by whoever turns the clock."""

    clock: StillClock
    sandbox: Sandbox
    runtime: Runtime
    people: Journey


@asynccontextmanager
async def staged(observer: Observer) -> AsyncIterator[Stage]:
    """Run bot and sandbox until the block ends, on SQLite in a folder that is gone afterwards."""
    place = QUICK if os.access(QUICK, os.W_OK) else None
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        tempfile.TemporaryDirectory(dir=place) as folder,
    ):
        base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        clock = StillClock()
        sandbox = Sandbox(base_url, base_url, clock, MEMORY)
        transport = InProcess(sandbox.world, (sandbox.tiktok, sandbox.instagram), observer)
        given = settings(base_url, Path(folder))
        runtime = build(given, clock=clock, role=Role.WEB, transport=transport, aside=False)
        app = web.Application()
        sandbox.attach(app)
        attach(app, runtime)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            async with journey(base_url) as people:
                yield Stage(clock, sandbox, runtime, people)
        finally:
            await runner.cleanup()
