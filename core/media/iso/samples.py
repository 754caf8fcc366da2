"""The sample tables of a track: how many frames, how long each, how big, where, and which are keyframes."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from core.media.answers import Rate
from core.media.iso.boxes import Lies, first, number, ratio, table

UNEVEN = 0.05
"""A frame is uneven when it lasts this much longer or shorter than most: rounding to a timescale is less."""
UNEVEN_SHARE = 0.005
"""A rate varies when more than this share of frames, and more than one, is uneven: muxers stretch the first one."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Sample tables as read. `durations` are (frames, ticks) runs."""

    durations: Sequence[tuple[int, int]]
    sizes: Sequence[int]
    uniform_size: int
    count: int
    chunks: Sequence[int]
    runs: Sequence[tuple[int, int]]
    """(first chunk, samples in each chunk)."""
    sync: Sequence[int] | None
    """Sample numbers from 1; None: every sample."""

    @property
    def ticks(self) -> int:
        return sum(count * ticks for count, ticks in self.durations)

    @property
    def size(self) -> int:
        return self.uniform_size * self.count if self.uniform_size else sum(self.sizes)

    def place(self, sample: int) -> tuple[int, int] | None:
        """Return (offset, length) of a sample by its number from 1, None where the tables don't say."""
        if not self.runs or not 1 <= sample <= self.count:
            return None
        found = self._chunk(sample - 1)
        if found is None:
            return None
        chunk, before = found
        if chunk >= len(self.chunks):
            return None
        if self.uniform_size:
            return self.chunks[chunk] + before * self.uniform_size, self.uniform_size
        if sample > len(self.sizes):
            return None
        ahead = sum(self.sizes[sample - 1 - before : sample - 1])
        return self.chunks[chunk] + ahead, self.sizes[sample - 1]

    def _chunk(self, index: int) -> tuple[int, int] | None:
        """Return (chunk from 0, samples before this one in it)."""
        starts = [0]
        for (this, each), (following, _) in pairwise(self.runs):
            starts.append(starts[-1] + max(0, following - this) * each)
        run = bisect_right(starts, index) - 1
        opening, each = self.runs[run]
        if not each:
            return None
        inside = index - starts[run]
        return opening - 1 + inside // each, inside % each


def read_samples(stbl: memoryview, lies: Lies) -> Samples:
    """Return the sample tables in a `stbl` box."""
    stts = table(first(stbl, "stts", lies), lies, columns=2)
    stsz = first(stbl, "stsz", lies)
    uniform = number(stsz, 4, 4) or 0
    sizes = table(stsz, lies, columns=1, at=8) if stsz is not None and not uniform else []
    stco, co64 = first(stbl, "stco", lies), first(stbl, "co64", lies)
    stsc = table(first(stbl, "stsc", lies), lies, columns=3)
    stss = first(stbl, "stss", lies)
    durations = list(zip(stts[0::2], stts[1::2], strict=True))
    declared = (number(stsz, 8, 4) or 0) if uniform else len(sizes)
    return Samples(
        durations=durations,
        sizes=sizes,
        uniform_size=uniform,
        count=declared or sum(count for count, _ in durations),
        chunks=table(co64, lies, columns=1, wide=True) if co64 is not None else table(stco, lies, columns=1),
        runs=list(zip(stsc[0::3], stsc[1::3], strict=True)),
        sync=None if stss is None else table(stss, lies, columns=1),
    )


def rate_of(durations: Sequence[tuple[int, int]], scale: int, *, complete: bool = True) -> Rate | None:
    """Return the frame rate from (frames, ticks) runs.

    How long the last frame is shown is the writer's guess, so it does not count towards unevenness.
    """
    frames, ticks = sum(count for count, _ in durations), sum(count * each for count, each in durations)
    if not frames or not ticks or not scale:
        return None
    inner = _without_last(durations)
    weighed: dict[int, int] = {}
    for count, each in inner:
        weighed[each] = weighed.get(each, 0) + count
    shown = [each for each in weighed if each] or [max(1, ticks // frames)]
    usual = max(weighed, key=weighed.__getitem__, default=shown[0])
    allowed = max(1.0, usual * UNEVEN)
    uneven = sum(count for each, count in weighed.items() if abs(each - usual) > allowed)
    return Rate(
        average=ratio(Fraction(frames * scale, ticks)),
        lowest=ratio(Fraction(scale, max(shown))),
        highest=ratio(Fraction(scale, min(shown))),
        variable=uneven > max(1, frames * UNEVEN_SHARE),
        complete=complete,
    )


def longest_gop(samples: Samples) -> int | None:
    """Return the most frames from one keyframe to the next, None where there is none."""
    if samples.sync is None:
        return 1
    if not samples.sync:
        return None
    marks = [*samples.sync, samples.count + 1]
    return max(later - sooner for sooner, later in pairwise(marks))


def beyond(samples: Samples, size: int) -> bool:
    """True where the tables point behind the end of the file: it was cut off."""
    if samples.chunks and max(samples.chunks) >= size:
        return True
    last = samples.place(samples.count)
    return last is not None and last[0] + last[1] > size


def _without_last(durations: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    kept = [run for run in durations if run[0]]
    if sum(count for count, _ in kept) < 3:  # noqa: PLR2004 - two frames have one distance
        return kept
    count, ticks = kept[-1]
    return [*kept[:-1], (count - 1, ticks)] if count > 1 else kept[:-1]


def runs_of(ticks: Sequence[int]) -> list[tuple[int, int]]:
    """Return distances between moments as (1, ticks) runs, for files that have no table of them."""
    ordered = sorted(ticks)
    return [(1, later - sooner) for sooner, later in pairwise(ordered)]
