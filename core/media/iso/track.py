"""One track of a movie: what it holds, how it is shown, how long."""

import math
from dataclasses import dataclass, replace

from core.media.answers import Edit, IsoTrack, Rate
from core.media.iso.bits import open_gop
from core.media.iso.boxes import Lies, children, first, fixed, number, printable, seconds
from core.media.iso.entry import Entry, read_entry
from core.media.iso.samples import Samples, beyond, longest_gop, rate_of, read_samples
from core.media.window import Window

LARGEST_SIDE = 16384
MOST_EDITS = 1024
_KINDS = {"vide": "video", "soun": "audio"}
_TKHD = {0: (12, 20, 4), 1: (20, 28, 8)}
"""By version: where id, duration and its length stand in `tkhd`; the matrix follows 20 bytes after the duration."""
_UNKNOWN = {4: 0xFFFFFFFF, 8: 0xFFFFFFFFFFFFFFFF}


@dataclass(frozen=True, slots=True)
class Found:
    """A track, and what else its file wants to know of it."""

    id: int
    scale: int
    track: IsoTrack
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a track header says about showing it."""

    width: int | None
    height: int | None
    rotation: int | None
    mirrored: bool


def read_track(trak: memoryview, movie_scale: int | None, window: Window, lies: Lies) -> Found:
    """Return a track from its `trak` box."""
    tkhd = first(trak, "tkhd", lies)
    handler = bytes((first(trak, "mdia/hdlr", lies) or memoryview(b""))[8:12]).decode("latin-1")
    ticks, scale = _media_time(first(trak, "mdia/mdhd", lies))
    stbl = first(trak, "mdia/minf/stbl", lies) or memoryview(b"")
    entry = read_entry(first(stbl, "stsd", lies), handler, lies)
    samples = read_samples(stbl, lies)
    edits = _edits(first(trak, "edts/elst", lies), movie_scale, scale, lies)
    track_id, shown = _shown(tkhd)
    is_video = handler == "vide"
    if is_video and max(entry.width or 0, entry.height or 0) > LARGEST_SIDE:
        lies.tell(f"a picture of {entry.width} × {entry.height}")
    found = Found(
        id=track_id,
        scale=scale or 0,
        is_cut=beyond(samples, window.size),
        track=IsoTrack(
            kind=_KINDS.get(handler, printable(handler)),
            fourcc=entry.fourcc,
            codec=entry.codec,
            enabled=bool((number(tkhd, 3, 1) or 0) & 1),
            width=entry.width,
            height=entry.height,
            shown_width=shown.width if is_video else None,
            shown_height=shown.height if is_video else None,
            rotation=shown.rotation if is_video else None,
            mirrored=shown.mirrored,
            sample_aspect=entry.sample_aspect,
            duration=seconds(samples.ticks or ticks, scale),
            shown_duration=_edited(edits),
            frames=samples.count or None,
            rate=_rate(samples, scale) if is_video else None,
            size=samples.size or None,
            edits=edits,
            external=_is_external(first(trak, "mdia/minf/dinf/dref", lies)),
            shape=entry.shape,
            transfer=entry.transfer,
            primaries=entry.primaries,
            dolby_vision=entry.dolby_vision,
        ),
    )
    if not is_video:
        return found
    return replace(found, track=_with_keyframes(found.track, entry, samples, window))


def _with_keyframes(track: IsoTrack, entry: Entry, samples: Samples, window: Window) -> IsoTrack:
    return replace(
        track,
        keyframes=samples.count if samples.sync is None else len(samples.sync),
        longest_gop=longest_gop(samples),
        open_gop=open_gop(window, samples, entry.codec, entry.nal_length),
    )


def _rate(samples: Samples, scale: int | None) -> Rate | None:
    return rate_of(samples.durations, scale) if scale else None


def _media_time(mdhd: memoryview | None) -> tuple[int | None, int | None]:
    """Return (duration in ticks, ticks in a second)."""
    at, length = (20, 8) if number(mdhd, 0, 1) == 1 else (12, 4)
    ticks = number(mdhd, at + 4, length)
    return (None if ticks == _UNKNOWN[length] else ticks), number(mdhd, at, 4)


def _shown(tkhd: memoryview | None) -> tuple[int, _Shown]:
    track, duration, length = _TKHD[1 if number(tkhd, 0, 1) == 1 else 0]
    matrix = duration + length + 16
    if tkhd is None or len(tkhd) < matrix + 44:
        return 0, _Shown(None, None, None, mirrored=False)
    a, b, c, d = (fixed(tkhd, matrix + at) for at in (0, 4, 12, 16))
    mirrored = a * d - b * c < 0
    turned = None
    if a or b:
        degrees = math.degrees(math.atan2(b, a))
        turned = round(degrees) % 360 if abs(degrees - round(degrees / 90) * 90) < 1 else None
    return number(tkhd, track, 4) or 0, _Shown(
        width=round(abs(fixed(tkhd, matrix + 36))) or None,
        height=round(abs(fixed(tkhd, matrix + 40))) or None,
        rotation=turned,
        mirrored=mirrored,
    )


def _edits(elst: memoryview | None, movie: int | None, media: int | None, lies: Lies) -> tuple[Edit, ...]:
    if elst is None:
        return ()
    wide = number(elst, 0, 1) == 1
    row, half = (20, 8) if wide else (12, 4)
    count, held = number(elst, 4, 4) or 0, (len(elst) - 8) // row
    if count > held:
        lies.tell("a table longer than its box")
    edits = []
    for at in range(8, 8 + min(count, held, MOST_EDITS) * row, row):
        start = int.from_bytes(elst[at + half : at + 2 * half], "big", signed=True)
        edits.append(
            Edit(
                duration=seconds(number(elst, at, half), movie) or 0.0,
                start=None if start < 0 else seconds(start, media),
                speed=fixed(elst, at + 2 * half),
            )
        )
    return tuple(edits)


def _edited(edits: tuple[Edit, ...]) -> float | None:
    total = sum(each.duration for each in edits)
    return total or None


def _is_external(dref: memoryview | None) -> bool:
    """True where a data reference lacks the flag "in this file"."""
    if dref is None:
        return False
    return any(
        len(entry) >= 4 and not entry[3] & 1  # noqa: PLR2004 - version and flags
        for kind, entry in children(dref[8:], Lies())
        if kind in {"url ", "urn ", "alis", "rsrc"}
    )
