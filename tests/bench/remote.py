"""`make bench remote`: bytes read to probe a gigabyte at somebody's address, its index first and last."""

import asyncio
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

from core.media.probe import IsolatedProbe
from core.media.sources import AtAddress
from storage.media_store import FolderStore
from tests.fakes import FrozenClock
from tests.media.films import Film, make
from tests.stranger import Stranger, ranged

SIZE = 1 << 30
AIM = 0.01


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> None:
    make(folder / "film.mp4", Film(width=360, height=640, frames=3_600, options={"bf": "2"}))
    print("\nProbing 1 GB at an https address (2 minutes of film, padded): bytes read")
    probe = IsolatedProbe()
    async with Stranger(folder).open() as stranger:
        for name, layout in (("moov first", first), ("moov last", last)):
            read, size = padded((folder / "film.mp4").read_bytes(), layout)
            origin = AtAddress(
                stranger.serve(f"/{layout.__name__}.mp4", ranged(read, size)),
                remote=stranger.remote(),
                store=FolderStore(folder / "store"),
                clock=FrozenClock(),
            )
            asked = len(stranger.requests)
            began = asyncio.get_running_loop().time()
            async with origin.look() as file:
                media = await probe.probe(file)
            took = asyncio.get_running_loop().time() - began
            assert media.container.moov == name.split()[1], media
            share = origin.fetched / size
            print(
                f"  {name:<11} {origin.fetched:>10,} of {size:,} = {share:.3%} (aim ≤ {AIM:.0%}), "
                f"{len(stranger.requests) - asked} requests, {took:.2f} s"
            )
    probe.close()


Layout = Callable[[bytes, bytes, int], tuple[list[tuple[bytes, int]], int]]


def padded(film: bytes, layout: Layout) -> tuple[Callable[[int, int], bytes], int]:
    """Return a reader of the film with its data padded to a gigabyte that is nowhere stored."""
    boxes, at = {}, 0
    while at < len(film):
        size, name = struct.unpack(">I4s", film[at : at + 8])
        boxes[name.decode()] = film[at : at + size]
        at += size
    pieces, size = layout(boxes["ftyp"], boxes["moov"], film.index(b"mdat") - 4)
    data = boxes["mdat"][8:]
    laid = [(place, data if piece == b"mdat" else piece) for piece, place in pieces]

    def read(offset: int, length: int) -> bytes:
        found = bytearray(min(length, size - offset))
        for place, piece in laid:
            low, high = max(place, offset), min(place + len(piece), offset + len(found))
            if low < high:
                found[low - offset : high - offset] = piece[low - place : high - place]
        return bytes(found)

    return read, size


def last(ftyp: bytes, moov: bytes, mdat: int) -> tuple[list[tuple[bytes, int]], int]:
    """The index behind a gigabyte of data."""
    head = len(ftyp) + 16
    return [
        (ftyp, 0),
        (struct.pack(">I4sQ", 1, b"mdat", SIZE - len(ftyp)), len(ftyp)),
        (b"mdat", head),
        (moved(moov, head - mdat - 8), SIZE),
    ], SIZE + len(moov)


def first(ftyp: bytes, moov: bytes, mdat: int) -> tuple[list[tuple[bytes, int]], int]:
    """The index in front of it."""
    head = len(ftyp) + len(moov) + 16
    return [
        (ftyp, 0),
        (moved(moov, head - mdat - 8), len(ftyp)),
        (struct.pack(">I4sQ", 1, b"mdat", SIZE - len(ftyp) - len(moov)), len(ftyp) + len(moov)),
        (b"mdat", head),
    ], SIZE


def moved(moov: bytes, by: int) -> bytes:
    """Return the index for data that lies `by` bytes further on."""
    found, at = bytearray(moov), 0
    while (at := found.find(b"stco", at)) >= 0:
        (count,) = struct.unpack(">I", found[at + 8 : at + 12])
        for place in range(at + 12, at + 12 + 4 * count, 4):
            (offset,) = struct.unpack(">I", found[place : place + 4])
            found[place : place + 4] = struct.pack(">I", offset + by)
        at += 4
    return bytes(found)


if __name__ == "__main__":
    main()
