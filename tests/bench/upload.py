"""A film of a gigabyte on its way to TikTok: through the publisher, and bare, over loopback to who throws it away.

Both send the same bytes of the same file in the same pieces over httpx, and take turns. Timed is the delivery from
its claim until it was asked for: examining the film, TikTok's calls and our own writing included.
"""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx
from rich.console import Console
from rich.table import Table

from bot.clock import SystemClock
from core.domain.account import Platform
from core.domain.delivery import DeliveryStep
from core.domain.post import Item
from core.providers.tiktok.plan import Plan, planned
from core.providers.tiktok.upload import PIECE
from core.providers.wire import SLOW, open_client
from tests.bench._dock import Dock, a_film, dock
from tests.bench._instant import UPLOAD, platforms
from tests.landing import landed

SIZE = 1_000_000_000
TURNS = 5
MEBI = 1 << 20
AIM, AIM_MEMORY = 0.9, 64


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place, platforms() as address:
        folder = Path(place)
        async with dock(f"sqlite:///{place}/bench.db", folder, address, SystemClock()) as docked:
            item = await docked.store(await a_film(folder, SIZE))
            file = _found(folder, item)
            await _warm(docked, folder)
            idle = _memory("VmRSS")
            _forget_peak()
            ours = [await _ours(docked, item)]
            peak = _memory("VmHWM") - idle
            bare = [await _bare(address, file, planned(item.size))]
            for _ in range(TURNS - 1):
                ours.append(await _ours(docked, item))
                bare.append(await _bare(address, file, planned(item.size)))
    _print(median(ours), median(bare), peak)


def _print(ours: float, bare: float, peak: float) -> None:
    title = f"{SIZE / 1e9:.0f} GB to TikTok, median of {TURNS} turns"
    table = Table(title=title, title_justify="left", box=None)
    for name in ("", "MB/s", "beside bare", "aim"):
        table.add_column(name, justify="right" if name else "left")
    table.add_row("bare httpx", f"{SIZE / 1e6 / bare:,.0f}")
    table.add_row("delivery", f"{SIZE / 1e6 / ours:,.0f}", f"{bare / ours:.2f}", f"≥ {AIM}")
    console = Console(width=110)
    console.print(table)
    console.print(f"Peak memory over idle: {peak:.1f} MiB (aim ≤ {AIM_MEMORY})")


async def _warm(docked: Dock, folder: Path) -> None:
    """Send something small, so that nothing is loaded or connected for the first time afterwards."""
    await _ours(docked, await docked.store(await a_film(folder)))


async def _ours(docked: Dock, item: Item) -> float:
    """Return how many seconds a delivery takes until it was asked for."""
    sent = await docked.approved(item, Platform.TIKTOK)
    began = perf_counter()
    assert await docked.publishing.send_due(docked.clock.now()) == 1
    await landed(docked.publishing)
    took = perf_counter() - began
    assert await docked.are(sent, DeliveryStep.ASKED)
    await docked.finish(sent)
    return took


async def _bare(address: str, file: Path, plan: Plan) -> float:
    """Return how many seconds httpx alone takes for the same pieces."""
    began = perf_counter()
    with file.open("rb", buffering=0) as film:
        async with open_client() as client:
            begin = 0
            while begin < plan.size:
                begin = await _put(client, f"{address}{UPLOAD}/video/", film.fileno(), begin, plan)
    return perf_counter() - began


async def _put(client: httpx.AsyncClient, url: str, film: int, begin: int, plan: Plan) -> int:
    end = plan.end(begin)

    async def pieces() -> AsyncIterator[bytes]:
        for place in range(begin, end, PIECE):
            yield os.pread(film, min(PIECE, end - place), place)

    headers = {
        "Content-Type": "video/mp4",
        "Content-Range": f"bytes {begin}-{end - 1}/{plan.size}",
        "Content-Length": f"{end - begin}",
    }
    answer = await client.put(url, content=pieces(), headers=headers, timeout=SLOW)
    assert answer.is_success, answer
    return end


def _found(folder: Path, item: Item) -> Path:
    """Return where the store has it."""
    return next(folder.rglob(item.sha256))


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def _memory(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert found
    return int(found[1]) * 1024 / MEBI


if __name__ == "__main__":
    asyncio.run(main())
