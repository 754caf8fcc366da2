"""One film from another: index first, no edit list, one track of pictures, at most one of sound."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from typing import Any, NoReturn

import av
from av.container import InputContainer, OutputContainer

from core.domain.rendition import Recipe
from core.media.look import FORMATS
from core.media.making.copied import CopiedPictures, CopiedSound
from core.media.making.descriptor import BUFFER, Reader, Writer
from core.media.making.pictures import MadePictures
from core.media.making.place import Place
from core.media.making.sounds import MadeSound

INDEX_PER_SAMPLE, INDEX_BASE = 32, 64 << 10
"""Bytes kept free for the index in front: what MP4's tables need for a sample at most, nearly always less."""
MORE_ROOM, MOST_ROOM = 4, 64
_NO_COUNT = Fraction(120)
"""Samples a second that are reckoned with where the source doesn't count them."""

STEP = 0.01
"""How much progress is worth telling."""
AFTER_CUT = 2.0
"""Seconds within which containers put together what belongs together."""

Tell = Callable[[float], None]


def make_film(source: int, target: int, recipe: Recipe, tell: Tell) -> None:
    """Write `target` from `source`, both open descriptors. Raises CannotCopy where a track can't be copied."""
    is_made, room = False, 1
    while not is_made:
        with closing(open_source(source)) as film:
            is_made = _make(film, target, recipe, tell, room=room)
        room *= MORE_ROOM


def open_source(source: int) -> InputContainer:
    """Open a descriptor for reading, with the demuxers of the probe and nothing that opens other files."""
    return av.open(
        Reader(source),
        mode="r",
        options={"format_whitelist": FORMATS, "max_pixels": str(8192 * 8192)},
        metadata_errors="replace",
        buffer_size=BUFFER,
        io_open=_refuse,
    )


def _refuse(*_wanted: object) -> NoReturn:
    raise PermissionError("a file may not open another")


def _make(film: InputContainer, target: int, recipe: Recipe, tell: Tell, *, room: int) -> bool:
    """Return False where the index outgrew what was kept free for it."""
    os.ftruncate(target, 0)
    pictures = next(each for each in film.streams.video if not _is_cover(each))
    sounds = film.streams.audio[0] if film.streams.audio else None
    chosen = [each for each in (pictures, sounds) if each is not None]
    out = av.open(
        Writer(target),
        mode="w",
        format="mp4",
        buffer_size=BUFFER,
        options={
            "use_editlist": "0",
            "flush_packets": "0",
            "movflags": "negative_cts_offsets",
            "moov_size": str(_index(chosen, film) * room),
        },
    )
    tracks = _tracks(film, out, recipe, pictures, sounds)
    for packet in _packets(film, chosen, tracks, _Pace(film, chosen, recipe, tell)):
        out.mux(packet)
    try:
        out.close()
    except av.error.ArgumentError:
        if room >= MOST_ROOM:
            raise
        return False
    return True


def _tracks(
    film: InputContainer, out: OutputContainer, recipe: Recipe, pictures: Any, sounds: Any
) -> dict[int, Any]:
    origin = Fraction(film.start_time or 0, av.time_base)
    place = Place(origin=origin, cut=recipe.cut)
    tracks: dict[int, Any] = {}
    if recipe.picture is None:
        tracks[pictures.index] = CopiedPictures(pictures, out, place)
    else:
        first = next(film.decode(pictures))
        tracks[pictures.index] = MadePictures(pictures, out, recipe.picture, place, first=first)
    if sounds is not None:
        made = recipe.sound
        tracks[sounds.index] = (
            CopiedSound(sounds, out, place) if made is None else MadeSound(sounds, out, made, place)
        )
    film.seek(int(place.start * av.time_base))
    return tracks


def _packets(film: InputContainer, chosen: list[Any], tracks: dict[int, Any], pace: "_Pace") -> Iterator[Any]:
    for packet in film.demux(chosen):
        if pace.is_over(packet):
            break
        yield from tracks[packet.stream_index].take(packet)
    for track in tracks.values():
        yield from track.end()


class _Pace:
    """Says how far we are, and when a cut is behind us. Runs for every packet, so it counts in plain numbers."""

    def __init__(self, film: InputContainer, chosen: list[Any], recipe: Recipe, tell: Tell) -> None:
        cut = recipe.cut
        self._start = (film.start_time or 0) / av.time_base + (cut.start if cut else 0.0)
        self._length = cut.length if cut else (film.duration or 0) / av.time_base
        self._bases = {each.index: float(each.time_base) for each in chosen}
        self._is_cut = cut is not None
        self._tell = tell
        self._next = 0.0

    def is_over(self, packet: Any) -> bool:
        """True a while after the cut's end, when nothing of before can still come."""
        if packet.dts is None or not self._length:
            return False
        at = packet.dts * self._bases[packet.stream_index] - self._start
        share = at / self._length
        if share >= self._next:
            self._next = share + STEP
            self._tell(min(1.0, share))
        return self._is_cut and at > self._length + AFTER_CUT


def _index(chosen: list[Any], film: InputContainer) -> int:
    seconds = Fraction(film.duration or 0, av.time_base)
    samples = sum(each.frames or seconds * _NO_COUNT for each in chosen)
    return int(samples * INDEX_PER_SAMPLE) + INDEX_BASE


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)
