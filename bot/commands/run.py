"""`crosslink run`: the production process."""

import asyncio
import signal
from contextlib import suppress
from typing import Annotated

import typer

from bot import logs
from bot.commands import console
from bot.runtime import Role
from bot.settings import Settings
from bot.web.server import serving
from bot.wiring.process import build


def run(
    role: Annotated[
        Role, typer.Option(help="What this process does: everything, only HTTP, or only what is due.")
    ] = Role.ALL,
) -> None:
    """Run the bot: web, Slack and scheduler. SIGTERM lets it finish what it began.

    It listens on CROSSLINK_HOST:CROSSLINK_PORT, a worker for its health alone. Any number of processes share one
    PostgreSQL. Exits with 2 where settings are missing, the database is not of this version, or the port is taken.

    Examples:
      crosslink run
      crosslink run --role web
      crosslink run --role worker
    """
    settings = console.settings()
    logs.configure(level=settings.log_level, form=settings.log_format)
    try:
        console.run(_run(settings, role))
    except OSError as error:
        place = error.filename or f"{settings.host}:{settings.port}"
        console.err.print(f"{place} can't be used: {error.strerror or error}.", markup=False)
        raise typer.Exit(console.WRONG_USE) from None


async def _run(settings: Settings, role: Role) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, ended.set)
    runtime = build(settings, role=role)
    async with serving(runtime, host=settings.host, port=settings.port) as port:
        console.err.print(f"Crosslink listens on {settings.host}:{port} for {settings.base_url} ({role}).")
        await ended.wait()
        runtime.leave()
        await asyncio.sleep(settings.leave_seconds)
        console.err.print("Finishing what was begun …")
