"""The bot beside a sandbox and apart from it: started, killed, and started again on the same data."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.settings import PREFIX, Settings, variable
from bot.web.server import serving as serving_bot
from bot.wiring.process import build
from bot.wiring.upkeep import reading
from core.usecases.status import ClientStatus
from sandbox.addresses import environment
from sandbox.clock import TurnableClock
from sandbox.journey import Journey, journey
from sandbox.server import Sandbox, serving
from storage.vault import new_key
from tests.scenario.scene import AGENCY, until
from tests.warm import Forked, warm

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 60
FOREVER = 600.0
"""Longer than anybody waits."""
_EXPORTED = re.compile(r"export (\w+)=(.*)")


@dataclass
class Bot:
    """One `crosslink run`. What it writes to standard output and error is kept in a file."""

    process: Forked
    port: str
    log: Path

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Ask it to end, and let it finish."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await self.process.wait()


@dataclass
class Stage:
    """Settings, a folder and an address on which bots come and go. `people` play at the sandbox."""

    folder: Path
    settings: Mapping[str, str]
    people: Journey
    bots: list[Bot] = field(default_factory=list)

    @asynccontextmanager
    async def here(self, clock: TurnableClock) -> AsyncIterator[None]:
        """A bot in this process, by this clock, until the block ends: for what happens before and after a crash."""
        given = self._read()
        runtime = build(given, clock=clock)
        async with serving_bot(runtime, host=given.host, port=given.port):
            unsubscribe = clock.subscribe(runtime.wake)
            try:
                yield
            finally:
                unsubscribe()

    async def start(
        self,
        *,
        role: str = "all",
        ahead: float = 0,
        often: bool = False,
        until_well: bool = True,
        **settings: str,
    ) -> Bot:
        """Start a process; its clock is so many seconds ahead of the machine's.

        It may look often at what is due, for deliveries that come from elsewhere. Who wants to meet it in its first
        tick doesn't wait until it is ready.
        """
        words = ["bot", "run"]
        if ahead or often:
            words = ["tests.scenario.ahead", str(ahead), *(["--often"] if often else [])]
        own = {variable(name): value for name, value in settings.items()}
        port = self.settings[variable("port")] if role == "all" else str(free_port())
        log = self.folder / f"bot-{len(self.bots)}.log"
        with log.open("wb") as output:
            process = warm().start(
                *words,
                "--role",
                role,
                folder=self.folder,
                environment=self.environment | {variable("port"): port} | own,
                out=output.fileno(),
                err=output.fileno(),
            )
        bot = Bot(process, port, log)
        self.bots.append(bot)
        if until_well:
            await self.well(bot)
        return bot

    @property
    def environment(self) -> dict[str, str]:
        """What a bot's process is given: nothing of the reader's own settings."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return clean | {"PYTHONPATH": str(ROOT)} | dict(self.settings)

    async def run(self, *words: str) -> str:
        """Run another command to its end and return what it prints."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        return out.decode()

    async def row(self) -> ClientStatus:
        """The client's status as `crosslink status` reads it."""
        async with reading(self._read()) as desk:
            (row,) = await desk.status.of_workspace(AGENCY)
        return row

    def _read(self) -> Settings:
        defaults = {name: each.default for name, each in Settings.model_fields.items()}
        own = {name.removeprefix(PREFIX).lower(): value for name, value in self.settings.items()}
        return Settings.model_validate(defaults | own)

    async def tap(self, where: str, seconds: float, when: str = "before") -> None:
        """Have one call to a platform take so long, before or after its effect."""
        fault = {"where": where, "what": "delay", "seconds": seconds, "when": when}
        await self.people.call("POST", "faults", fault)

    async def is_tapped(self) -> bool:
        """True once somebody has called."""
        return await self.people.call("GET", "faults") == []

    async def end(self) -> None:
        for bot in self.bots:
            if bot.process.returncode is None:
                await bot.kill()

    async def well(self, bot: Bot) -> None:
        """Wait until a process says that it is ready."""
        async with aiohttp.ClientSession() as session:

            async def is_well() -> bool:
                assert bot.process.returncode is None, bot.log.read_text()
                try:
                    async with session.get(f"http://127.0.0.1:{bot.port}/readyz") as answer:
                        return answer.status == 200
                except aiohttp.ClientError:
                    return False

            await until(is_well, "the bot never got well", seconds=STARTS_WITHIN)


@asynccontextmanager
async def stage(folder: Path, database_url: str) -> AsyncIterator[tuple[Stage, Sandbox]]:
    """A stage on a migrated database, beside a sandbox in this process, until the block ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with serving(bot_url=address) as sandbox, journey(sandbox.world.base_url, address) as people:
        settings = environment(sandbox.world.base_url, address) | own_settings(folder, port)
        settings |= {variable("database_url"): database_url, variable("encryption_keys"): new_key()}
        opened = Stage(folder, settings, people)
        try:
            yield opened, sandbox
        finally:
            await opened.end()
            sandbox.world.clock.advance(FOREVER)  # nobody waits any more for what still hangs


@asynccontextmanager
async def stage_of_processes(folder: Path) -> AsyncIterator[Stage]:
    """A stage beside `crosslink sandbox`, with the settings that this prints."""
    port, own = free_port(), free_port()
    address = f"http://127.0.0.1:{own}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *("sandbox", "--port", str(port), "--bot", address),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        printed = await _exports(process)
        async with journey(f"http://127.0.0.1:{port}", address) as people:
            opened = Stage(folder, printed | own_settings(folder, own), people)
            yield opened
            await opened.end()
    finally:
        process.terminate()
        await process.communicate()


def own_settings(folder: Path, port: int) -> dict[str, str]:
    return {variable("data_dir"): str(folder / "data"), variable("port"): str(port)}


async def _exports(process: asyncio.subprocess.Process) -> dict[str, str]:
    assert process.stdout is not None
    found: dict[str, str] = {}
    async with asyncio.timeout(STARTS_WITHIN):
        while variable("instagram_graph_url") not in found:
            line = (await process.stdout.readline()).decode()
            assert line, "the sandbox ended before it had printed its settings"
            found |= {match[1]: match[2] for match in [_EXPORTED.match(line)] if match}
    return found


def free_port() -> int:
    """A port that is free now, for a process that wants a number."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def lines(bots: Sequence[Bot]) -> str:
    """Everything that these wrote."""
    return "\n".join(bot.log.read_text() for bot in bots)
