"""Probing media: a warm process with a limited child for each file, beside a bare `ffprobe` run on the same files.

Both take turns in the same run. Digests are left out, since ffprobe makes none. Then, without a rival: how many bytes
of a film of one gigabyte that lies elsewhere are read, and what a probe of it does to the bot's memory.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from fractions import Fraction
from pathlib import Path

import av
import av.logging
from rich.console import Console
from rich.table import Table

from core.media.local import LocalFile
from core.media.probe import IsolatedProbe
from tests.media.films import Film, Sound, make

ROUNDS = 15
AIM = 0.35
REMOTE_AIM = 0.01
GIGABYTE = 10**9
FFPROBE = shutil.which("ffprobe")
FIRST = {"movflags": "faststart"}

Probing = Callable[[Path], Awaitable[object]]


class Elsewhere:
    """A file as if it lay on somebody's server: read by offset only."""

    def __init__(self, path: Path) -> None:
        self.name, self.size = path.name, path.stat().st_size
        self._file = os.open(path, os.O_RDONLY)

    def fileno(self) -> None:
        return None

    async def read(self, offset: int, length: int) -> bytes:
        return os.pread(self._file, length, offset)


def long_film(source: Path, target: Path, times: int, *, padding: int = 0, options: dict[str, str]) -> None:
    """Write the same packets again and again; `padding` bytes in each of pictures make it heavy."""
    with av.open(str(source)) as short, av.open(str(target), "w", container_options=options) as long:
        video = short.streams.video[0]
        stream = long.add_stream_from_template(video)
        packets = [
            (each.pts, each.dts, bytes(each), each.is_keyframe) for each in short.demux(video) if each.size
        ]
        length = round(len(packets) / video.average_rate / video.time_base)
        for number in range(times):
            for pts, dts, content, is_key in packets:
                packet = av.Packet(content + bytes(padding))
                packet.pts, packet.dts, packet.time_base = (
                    pts + number * length,
                    dts + number * length,
                    video.time_base,
                )
                packet.is_keyframe, packet.stream = is_key, stream
                long.mux(packet)


def files(folder: Path) -> dict[str, Path]:
    """Films as agencies have them: 15 s, and 10 min of 200 MB."""
    short = folder / "short.mp4"
    make(
        short,
        Film(
            width=720,
            height=1280,
            frames=450,
            container=FIRST,
            options={"crf": "51"},
            sounds=[Sound(bit_rate=128_000)],
        ),
    )
    long = folder / "long.mp4"
    weight = (200_000_000 // 40 - short.stat().st_size) // 450
    long_film(short, long, 40, padding=max(0, weight), options=FIRST)
    made = {"15 s": short, f"10 min, {long.stat().st_size // 10**6} MB": long}
    webm = folder / "short.webm"
    make(webm, Film(codec="libvpx", width=360, height=640, frames=300, sounds=[Sound(codec="libopus")]))
    return made | {"10 s WebM": webm}


async def bare(path: Path) -> None:
    """What anybody would run."""
    asked = [str(FFPROBE), "-v", "error", "-of", "json", "-show_format", "-show_streams", str(path)]
    process = await asyncio.create_subprocess_exec(*asked, stdout=subprocess.PIPE)
    answer, _ = await process.communicate()
    json.loads(answer)


def ours(probe: IsolatedProbe) -> Probing:
    async def run(path: Path) -> object:
        with LocalFile(path) as source:
            return await probe.probe(source)

    return run


async def side_by_side(path: Path, ways: dict[str, Probing]) -> dict[str, float]:
    """Return the median milliseconds of each way, measured in turns."""
    waits: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 2):
        for name, run in ways.items():
            began = time.perf_counter()
            await run(path)
            if turn >= 2:
                waits[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(each) for name, each in waits.items()}


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def gigabyte(folder: Path, name: str, options: dict[str, str]) -> Path:
    """A film of one gigabyte."""
    source, target = folder / "short.mp4", folder / name
    weight = GIGABYTE // (450 * 20) - source.stat().st_size // 450
    long_film(source, target, 20, padding=weight, options=options)
    return target


async def main() -> int:
    """Measure and print; the aims are printed too, and never asserted."""
    console = Console(width=110)
    av.logging.set_level(None)
    each, reused = IsolatedProbe(digests=False), IsolatedProbe(reuse=True, digests=False)
    ways: dict[str, Probing] = {"a limited child per file": ours(each), "one warm process": ours(reused)}
    if FFPROBE:
        ways = {"ffprobe": bare, **ways}
    else:
        console.print("ffprobe isn't installed, so there is nothing to stand beside.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = Table("file", *(f"{way}, ms" for way in ways), f"ratio (aim ≤ {AIM})", title="A probe")
        for file, path in files(folder).items():
            took = await side_by_side(path, ways)
            ratio = took["a limited child per file"] / took["ffprobe"] if FFPROBE else Fraction(0)
            table.add_row(
                file, *(f"{each:.1f}" for each in took.values()), f"{float(ratio):.2f}" if FFPROBE else "–"
            )
        console.print(table)
        await _elsewhere(console, folder, each)
    each.close()
    reused.close()
    return 0


async def _elsewhere(console: Console, folder: Path, probe: IsolatedProbe) -> None:
    table = Table(
        "1 GB that lies elsewhere", "bytes read", f"share (aim ≤ {REMOTE_AIM:.0%})", "ms", "bot's memory grew"
    )
    for name, options in (("index first", FIRST), ("index last", {})):
        path = gigabyte(folder, "gigabyte.mp4", options)
        before, began = resident(), time.perf_counter()
        media = await probe.probe(Elsewhere(path))
        took = 1000 * (time.perf_counter() - began)
        grown = (resident() - before) / 2**20
        table.add_row(
            name,
            f"{media.bytes_read:,}",
            f"{media.bytes_read / media.size:.3%}",
            f"{took:.0f}",
            f"{grown:.1f} MiB",
        )
        path.unlink()
    console.print(table)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
