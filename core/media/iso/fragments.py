"""Fragmented movies: the tables of tracks are spread over the file, so time and size are added up."""

from dataclasses import dataclass, field

from core.media.iso.boxes import Lies, children, first, number

MOST_SAMPLES = 500_000
_BASE, _DESCRIPTION, _DURATION, _SIZE = 0x1, 0x2, 0x8, 0x10
_RUN_OFFSET, _RUN_FIRST, _RUN_DURATION, _RUN_SIZE, _RUN_FLAGS, _RUN_SHIFT = (
    0x1,
    0x4,
    0x100,
    0x200,
    0x400,
    0x800,
)


@dataclass(slots=True)
class Spread:
    """What the fragments of one track add up to."""

    default_duration: int = 0
    default_size: int = 0
    size: int = 0
    durations: list[tuple[int, int]] = field(default_factory=list)


def defaults(moov: memoryview, lies: Lies) -> dict[int, Spread]:
    """Return what `mvex` announces, by track; empty where the movie has no fragments."""
    mvex = first(moov, "mvex", lies)
    if mvex is None:
        return {}
    return {
        number(trex, 4, 4) or 0: Spread(number(trex, 12, 4) or 0, number(trex, 16, 4) or 0)
        for kind, trex in children(mvex, lies)
        if kind == "trex"
    }


def add(moof: memoryview, tracks: dict[int, Spread], lies: Lies) -> None:
    """Add one fragment to its tracks."""
    for kind, traf in children(moof, lies):
        if kind != "traf":
            continue
        tfhd = first(traf, "tfhd", lies)
        spread = tracks.get(number(tfhd, 4, 4) or 0)
        if tfhd is None or spread is None:
            continue
        duration, size = _header_defaults(tfhd, spread)
        for name, run in children(traf, lies):
            if name == "trun" and len(spread.durations) < MOST_SAMPLES:
                _add_run(run, spread, duration, size)


def _header_defaults(tfhd: memoryview, spread: Spread) -> tuple[int, int]:
    flags, at = number(tfhd, 1, 3) or 0, 8
    at += 8 if flags & _BASE else 0
    at += 4 if flags & _DESCRIPTION else 0
    duration = number(tfhd, at, 4) if flags & _DURATION else spread.default_duration
    at += 4 if flags & _DURATION else 0
    size = number(tfhd, at, 4) if flags & _SIZE else spread.default_size
    return duration or 0, size or 0


def _add_run(run: memoryview, spread: Spread, duration: int, size: int) -> None:
    flags, count = number(run, 1, 3) or 0, number(run, 4, 4) or 0
    at = 8 + (4 if flags & _RUN_OFFSET else 0) + (4 if flags & _RUN_FIRST else 0)
    width = 4 * sum(bool(flags & each) for each in (_RUN_DURATION, _RUN_SIZE, _RUN_FLAGS, _RUN_SHIFT))
    if not width:
        spread.durations.append((count, duration))
        spread.size += count * size
        return
    sized = at + (4 if flags & _RUN_DURATION else 0)
    for index in range(min(count, (len(run) - at) // width, MOST_SAMPLES)):
        step = index * width
        lasts = number(run, at + step, 4) if flags & _RUN_DURATION else duration
        spread.durations.append((1, lasts or 0))
        spread.size += (number(run, sized + step, 4) if flags & _RUN_SIZE else size) or 0
