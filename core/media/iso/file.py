"""A whole file: its boxes in order, its brands, its movie, its fragments, and whether its end is there."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.media.answers import IsoFacts, IsoTrack
from core.media.iso.boxes import Lies, children, first, header, number, printable, seconds
from core.media.iso.fragments import Spread, add, defaults
from core.media.iso.samples import rate_of
from core.media.iso.track import Found, read_track
from core.media.window import LARGEST_READ, Excess, Window

MOST_TRACKS = 64
MOST_BOXES = 20_000
_ORDER_KEPT = 32
_DATA = frozenset({"mdat", "imda"})
_MOST_BRANDS = 64


@dataclass(slots=True)
class _Walk:
    """What walking over the top-level boxes found."""

    order: list[str] = field(default_factory=list)
    brand: str = ""
    brands: tuple[str, ...] = ()
    moov: memoryview | None = None
    moov_says: str = "absent"
    moofs: list[tuple[int, int]] = field(default_factory=list)
    has_data: bool = False
    is_cut: bool = False
    ended: bool = True


def read_iso(window: Window) -> IsoFacts:
    """Read an MP4 or QuickTime file's headers. Never raises for what a file claims."""
    lies = Lies()
    walk = _Walk()
    try:
        _walk(window, walk, lies)
    except Excess:
        walk.ended = False
    found, duration = _tracks(walk, window, lies)
    spread = defaults(walk.moov, lies) if walk.moov is not None else {}
    complete = _add_fragments(window, walk, spread, lies)
    tracks = tuple(_with_fragments(each, spread.get(each.id), complete=complete) for each in found)
    return IsoFacts(
        brand=walk.brand,
        brands=walk.brands,
        moov=walk.moov_says,
        fragmented=bool(spread) or bool(walk.moofs),
        truncated=walk.is_cut or any(each.is_cut for each in found),
        duration=duration,
        tracks=tracks,
        edit_lists=sum(bool(each.edits) for each in tracks),
        order=tuple(walk.order[:_ORDER_KEPT]),
        lies=tuple(lies),
    )


def _walk(window: Window, walk: _Walk, lies: Lies) -> None:
    at = 0
    for _ in range(MOST_BOXES):
        if at >= window.size:
            return
        found = header(window.read(at, 16), window.size - at)
        if found is None:
            walk.is_cut = walk.is_cut or at + 8 > window.size
            lies.tell("a box without a size")
            return
        kind, start, size = found
        _note(window, walk, kind, (at + start, size - start))
        if at + size > window.size:
            walk.is_cut = True
            return
        at += size
    walk.ended = False


def _note(window: Window, walk: _Walk, kind: str, place: tuple[int, int]) -> None:
    if len(walk.order) < _ORDER_KEPT:
        walk.order.append(printable(kind))
    at, length = place
    if kind == "ftyp" and not walk.brand:
        names = window.read(at, min(length, 8 + 4 * _MOST_BRANDS))
        walk.brand = printable(names[:4].decode("latin-1"))
        walk.brands = tuple(
            printable(names[i : i + 4].decode("latin-1")) for i in range(8, len(names) - 3, 4)
        )
    elif kind == "moov" and walk.moov_says == "absent":
        _note_moov(window, walk, at, length)
    elif kind == "moof":
        walk.moofs.append(place)
    elif kind in _DATA:
        walk.has_data = True


def _note_moov(window: Window, walk: _Walk, at: int, length: int) -> None:
    walk.moov_says = "last" if walk.has_data else "first"
    if length > LARGEST_READ:
        walk.moov_says = "too_large"
        return
    moov = memoryview(window.read(at, length))
    if bytes(moov[4:8]) == b"cmov":
        walk.moov_says = "compressed"
        return
    walk.moov = moov


def _tracks(walk: _Walk, window: Window, lies: Lies) -> tuple[Sequence[Found], float | None]:
    if walk.moov is None:
        return (), None
    mvhd = first(walk.moov, "mvhd", lies)
    wide = number(mvhd, 0, 1) == 1
    scale = number(mvhd, 20 if wide else 12, 4)
    ticks = number(mvhd, 24 if wide else 16, 8 if wide else 4)
    boxes = [payload for kind, payload in children(walk.moov, lies) if kind == "trak"]
    if len(boxes) > MOST_TRACKS:
        lies.tell(f"{len(boxes)} tracks")
    found = []
    for trak in boxes[:MOST_TRACKS]:
        try:
            found.append(read_track(trak, scale, window, lies))
        except (struct.error, IndexError, Excess):
            lies.tell("a track that ends in its middle")
    return found, seconds(ticks or None, scale)


def _add_fragments(window: Window, walk: _Walk, spread: dict[int, Spread], lies: Lies) -> bool:
    """Add up the fragments; False where only a part of them could be read."""
    if not spread:
        return walk.ended
    try:
        for at, length in walk.moofs:
            add(memoryview(window.read(at, length)), spread, lies)
    except Excess:
        return False
    return walk.ended


def _with_fragments(found: Found, spread: Spread | None, *, complete: bool) -> IsoTrack:
    if spread is None or not spread.durations:
        return found.track
    track, frames = found.track, sum(count for count, _ in spread.durations)
    ticks = sum(count * each for count, each in spread.durations)
    return replace(
        track,
        frames=frames,
        duration=seconds(ticks, found.scale) if complete else None,
        shown_duration=None,
        size=spread.size if complete else None,
        rate=rate_of(spread.durations, found.scale, complete=complete) if track.kind == "video" else None,
        keyframes=None,
        longest_gop=None,
        open_gop=None,
    )
