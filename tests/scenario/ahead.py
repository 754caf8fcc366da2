"""`crosslink run` with a clock that is ahead, for the stories in which a token must be old enough to be renewed.

With `--often` it looks ten times a second at what is due.
"""

import argparse
import asyncio
import signal
from datetime import UTC, datetime, timedelta

from bot import logs, loop
from bot.runtime import Role
from bot.settings import Settings, load
from bot.web.server import serving
from bot.wiring.process import build


class Ahead:
    """Keeps the Clock port: the machine's clock, so many seconds ahead."""

    def __init__(self, seconds: float) -> None:
        self._by = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._by


async def main(settings: Settings, role: Role, seconds: float) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    runtime = build(settings, role=role, clock=Ahead(seconds))
    async with serving(runtime, host=settings.host, port=settings.port):
        await ended.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", type=float)
    parser.add_argument("--role", type=Role, default=Role.ALL)
    parser.add_argument("--often", action="store_true")
    given = parser.parse_args()
    loop.POLL = 0.1 if given.often else loop.POLL
    opened = load()
    logs.configure(level=opened.log_level, form=opened.log_format)
    asyncio.run(main(opened, given.role, given.seconds))
