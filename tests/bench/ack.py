"""The ack path: signed requests to the whole bot beside a bare handler that only verifies the signature.

Both stand in one process and take turns in the same run, so that their ratio means something where the numbers
alone would only tell about the machine. Whoever sends the requests is a process of its own, as Slack is.
"""

import asyncio
import hashlib
import hmac
import json
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.table import Table

from sandbox.slack.app import SIGNING_SECRET
from sandbox.slack.bot import signed
from tests.integration.site import BAKERY, FORM, Site, a_command, serving

SECONDS = 0.5
ROUNDS = 4
WARM_UP = 0.2
RUSH = 0.3
"""Seconds of commands back to back: short enough that none is turned away for the queue behind the acks."""
BREATH = 0.02
"""Seconds between a person's answer and their next command, where the work behind the ack shall be over."""


@dataclass(frozen=True)
class Errand:
    """What the sending process is asked to do: this command, from so many clients at once, for so long."""

    base_url: str
    text: str
    answers: str
    clients: int = 1
    seconds: float = SECONDS
    pause: float = 0.0


@dataclass
class Measured:
    """The waits for an answer, in milliseconds, and how long it took until everything was done."""

    clients: int
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second while somebody waits for one."""
        return 1000 * self.clients / statistics.fmean(self.waits)

    @property
    def done(self) -> float:
        """Requests a second, all that follows them included."""
        return len(self.waits) / self.seconds

    def percentile(self, share: float) -> float:
        return statistics.quantiles(self.waits, n=1000)[round(share * 10) - 1]


# ---- what is measured ------------------------------------------------------------------------------------


async def bare(request: web.Request) -> web.Response:
    """What any server must do: read, verify, parse."""
    body = await request.read()
    stamp = request.headers["X-Slack-Request-Timestamp"]
    mac = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"v0={mac}", request.headers["X-Slack-Signature"]):
        return web.Response(status=401)
    parse_qs(body.decode())
    return web.Response(text="")


async def sink(request: web.Request) -> web.Response:
    """Takes the answers that follow an ack, at the least cost: an emulated Slack would throttle them."""
    await request.read()
    return web.Response(text="ok")


@asynccontextmanager
async def bare_site() -> AsyncIterator[str]:
    """The bare handler on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = web.Application()
        app.router.add_post("/slack/events", bare)
        app.router.add_post("/answers", sink)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            await runner.cleanup()


# ---- who sends -------------------------------------------------------------------------------------------


async def errand(asked: Errand) -> list[float]:
    """Send what was asked for; return every wait."""
    waits: list[float] = []
    numbers = count(time.time_ns())

    async def client(session: aiohttp.ClientSession, end: float) -> None:
        while time.perf_counter() < end:
            form = a_command(asked.text, trigger_id=f"{next(numbers)}.2.b", response_url=asked.answers)
            body = urlencode(form).encode()
            headers = {"Content-Type": FORM, **signed(body, time.time())}
            began = time.perf_counter()
            async with session.post(f"{asked.base_url}/slack/events", data=body, headers=headers) as answer:
                await answer.read()
                waits.append((time.perf_counter() - began) * 1000)
                assert answer.status == 200, answer.status
            if asked.pause:
                await asyncio.sleep(asked.pause)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        end = time.perf_counter() + asked.seconds
        await asyncio.gather(*(client(session, end) for _ in range(asked.clients)))
    return waits


def send() -> None:
    """The sending process: an errand a line, its waits a line."""
    for line in sys.stdin:
        print(json.dumps(asyncio.run(errand(Errand(**json.loads(line))))), flush=True)


class Sender:
    """The sending process, from this side."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def do(self, asked: Errand) -> list[float]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(asked)).encode() + b"\n")
        waits: list[float] = json.loads(await self._process.stdout.readline())
        return waits


@asynccontextmanager
async def sender() -> AsyncIterator[Sender]:
    """Start the sending process, and end it."""
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-m", "tests.bench.ack", "send"]
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=2**24)
    try:
        yield Sender(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


# ---- the run ---------------------------------------------------------------------------------------------


async def measure() -> None:
    """Measure and print."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder)) as site, bare_site() as plain, sender() as sending:
            await site.people.set_up("manager", "C0BAKERY", BAKERY)
            answers = f"{plain}/answers"
            for clients in (1, 32):
                for title, errands in _tables(Errand(plain, "help", answers, clients), site.base_url).items():
                    console.print(_table(title, await _turns(site, sending, errands, clients)), "")
    console.print(
        "A status is read and sent after its ack, and back to back that work competes with the next acks for the one "
        "core a process has: done/s counts whole statuses. With a pause it is over before the next command comes.",
        style="dim",
    )


def _tables(plain: Errand, bot: str) -> Mapping[str, Mapping[str, Errand]]:
    """What is compared with what: commands back to back, and with a pause in which the work behind an ack ends."""
    people = f"{plain.clients} client{'s' if plain.clients > 1 else ''}"
    asked = replace(plain, base_url=bot)
    calm = BREATH * plain.clients
    return {
        f"{people}, back to back": {
            "bare: verify and parse": plain,
            "/crosslink help": asked,
            "/crosslink status": replace(asked, text="status", seconds=RUSH),
        },
        f"{people}, a pause between": {
            "bare: verify and parse": replace(plain, pause=calm),
            "/crosslink help": replace(asked, pause=calm),
            "/crosslink status": replace(asked, text="status", pause=calm),
        },
    }


async def _turns(
    site: Site, sending: Sender, kinds: Mapping[str, Errand], clients: int
) -> Mapping[str, Measured]:
    """Let the kinds take turns, after one turn that isn't counted."""
    loop = asyncio.get_running_loop()
    found = {name: Measured(clients) for name in kinds}
    for turn in range(ROUNDS + 1):
        for name, kind in kinds.items():
            into = found[name] if turn else Measured(clients)
            began = loop.time()
            into.waits += await sending.do(kind if turn else replace(kind, seconds=WARM_UP))
            await site.settled()
            into.seconds += loop.time() - began
    return found


def _table(title: str, found: Mapping[str, Measured]) -> Table:
    table = Table(title=title, title_justify="left", box=None)
    for name in ("", "p50 ms", "p99 ms", "acks/s", "done/s", "p50 ×", "p99 ×", "acks ×"):
        table.add_column(name, justify="right" if name else "left")
    base = next(iter(found.values()))
    for name, one in found.items():
        table.add_row(
            name,
            f"{one.percentile(50):.3f}",
            f"{one.percentile(99):.3f}",
            f"{one.rate:,.0f}",
            f"{one.done:,.0f}",
            f"{one.percentile(50) / base.percentile(50):.2f}",
            f"{one.percentile(99) / base.percentile(99):.2f}",
            f"{one.rate / base.rate:.2f}",
        )
    return table


def main() -> None:
    """Run it; well under a minute."""
    asyncio.run(measure())


if __name__ == "__main__":
    send() if sys.argv[1:] == ["send"] else main()
