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
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from rich.console import Console
from rich.table import Table

from sandbox.slack.app import SIGNING_SECRET
from sandbox.slack.bot import signed
from tests.bench._ack_parts import where_the_rest_goes
from tests.integration.site import BAKERY, FORM, Site, a_command, serving

SECONDS = 0.3
"""Seconds of one kind at a time: short enough that no status is turned away for the queue behind the acks."""
ROUNDS = 9
BREATH = 0.01
"""Seconds between a person's answer and their next command, where the work behind the ack shall be over."""
CALM = 1.0
"""Seconds of one kind at a time with such pauses: about a hundred answers."""


@dataclass(frozen=True)
class Errand:
    """What the sending process is asked to do: this command, from so many clients at once, for so long."""

    base_url: str
    text: str
    answers: str
    clients: int = 1
    seconds: float = SECONDS
    pause: float = 0.0


@dataclass(frozen=True)
class Turn:
    """One kind for a while: the waits for an answer in milliseconds, and what followed the answers."""

    clients: int
    waits: Sequence[float]
    wall: float
    """Seconds until everything was done."""
    cpu: float
    """Seconds that this process worked; who sends, and who takes the answers after an ack, are others."""

    @property
    def rate(self) -> float:
        """Answers a second while somebody waits for one."""
        return 1000 * self.clients / statistics.fmean(self.waits)

    @property
    def done(self) -> float:
        """Requests a second, all that follows them included."""
        return len(self.waits) / self.wall

    @property
    def work(self) -> float:
        """Microseconds of work a request, all that follows it included."""
        return self.cpu / len(self.waits) * 1e6

    @property
    def p50(self) -> float:
        return statistics.median(self.waits)

    @property
    def p99(self) -> float:
        return sorted(self.waits)[len(self.waits) * 99 // 100]


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
async def site_of(handler: Handler) -> AsyncIterator[str]:
    """A handler, and nothing else, on a free port; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = web.Application()
        app.router.add_post("/slack/events", handler)
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


async def take() -> None:
    """The process that takes the answers: prints its address, ends when nobody listens any more."""
    async with site_of(sink) as address:
        print(address, flush=True)
        await asyncio.to_thread(sys.stdin.read)


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
async def process(what: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start this file as another process, and end it."""
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-m", "tests.bench.ack", what]
    started = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=2**24)
    try:
        yield started
    finally:
        assert started.stdin
        started.stdin.close()
        await started.wait()


# ---- the run ---------------------------------------------------------------------------------------------


async def measure() -> None:
    """Measure and print."""
    console = Console(width=110)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            serving(Path(folder)) as site,
            site_of(bare) as plain,
            process("take") as taking,
            process("send") as sending,
        ):
            assert taking.stdout
            answers = f"{(await taking.stdout.readline()).decode().strip()}/slack/events"
            await site.people.set_up("manager", "C0BAKERY", BAKERY)
            for title, base in _cases(Errand(plain, "help", answers)).items():
                turns = await _turns(site, Sender(sending), _kinds(base, site.base_url))
                console.print(_table(title, turns), "")
            console.print(await where_the_rest_goes(site))
    console.print(
        "Medians of the turns; × is beside the bare handler of the same turn. CPU is what the process worked for a "
        "request, all that follows its ack included: a status is read and sent after it, and back to back that work "
        "competes with the next acks for the one core a process has.",
        style="dim",
    )


def _cases(plain: Errand) -> Mapping[str, Errand]:
    return {
        "1 client, a pause between": replace(plain, pause=BREATH, seconds=CALM),
        "1 client, back to back": plain,
        "32 clients, back to back": replace(plain, clients=32),
    }


def _kinds(base: Errand, bot: str) -> Mapping[str, Errand]:
    """What is compared with what."""
    return {
        "bare: verify and parse": base,
        "/crosslink help": replace(base, base_url=bot),
        "/crosslink status": replace(base, base_url=bot, text="status"),
    }


async def _turns(site: Site, sending: Sender, kinds: Mapping[str, Errand]) -> Mapping[str, list[Turn]]:
    """Let the kinds take turns, after one turn that isn't counted."""
    found: dict[str, list[Turn]] = {name: [] for name in kinds}
    for _ in range(ROUNDS + 1):
        for name, kind in kinds.items():
            wall, cpu = time.perf_counter(), time.process_time()
            waits = await sending.do(kind)
            await site.settled()
            spent = Turn(kind.clients, waits, time.perf_counter() - wall, time.process_time() - cpu)
            found[name].append(spent)
    return {name: turns[1:] for name, turns in found.items()}


COLUMNS: Mapping[str, tuple[Callable[[Turn], float], str]] = {
    "p50 ms": (lambda turn: turn.p50, ".3f"),
    "p99 ms": (lambda turn: turn.p99, ".3f"),
    "acks/s": (lambda turn: turn.rate, ",.0f"),
    "done/s": (lambda turn: turn.done, ",.0f"),
    "CPU µs": (lambda turn: turn.work, ",.0f"),
}
RATIOS = {"p50 ×": "p50 ms", "p99 ×": "p99 ms", "acks ×": "acks/s", "CPU ×": "CPU µs"}


def _table(title: str, found: Mapping[str, list[Turn]]) -> Table:
    table = Table(title=title, title_justify="left", box=None)
    for name in ("", *COLUMNS, *RATIOS):
        table.add_column(name, justify="right" if name else "left")
    base = next(iter(found.values()))
    for name, turns in found.items():
        own = [f"{statistics.median(map(read, turns)):{form}}" for read, form in COLUMNS.values()]
        beside = [
            statistics.median(
                COLUMNS[what][0](one) / COLUMNS[what][0](two) for one, two in zip(turns, base, strict=True)
            )
            for what in RATIOS.values()
        ]
        table.add_row(name, *own, *(f"{each:.2f}" for each in beside))
    return table


def main() -> None:
    """Run it; about a minute."""
    match sys.argv[1:]:
        case ["send"]:
            send()
        case ["take"]:
            asyncio.run(take())
        case _:
            asyncio.run(measure())


if __name__ == "__main__":
    main()
