"""One film from another: index first, no edit list, one track of pictures, at most one of sound."""

import io
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
from core.media.making.pictures import MadePictures
from core.media.making.place import Place
from core.media.making.sounds import MadeSound

BUFFER = 1 << 20
INDEX_PER_SAMPLE, INDEX_BASE = 32, 64 << 10
"""Bytes kept free for the index in front: what MP4's tables need for a sample at most, nearly always less."""
MORE_ROOM, MOST_ROOM = 4, 64
_NO_COUNT = Fraction(120)
"""Samples a second that are reckoned with where the source doesn't count them."""

Tell = Callable[[float], None]


class Descriptor(io.RawIOBase):
    """An open descriptor as a file, with a place in it of its own: what PyAV reads or writes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = max(0, offset + (os.fstat(self._descriptor).st_size if base is None else base))
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        found = os.pread(self._descriptor, size if size >= 0 else BUFFER, self._at)
        self._at += len(found)
        return found

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._descriptor, rest, self._at)
            self._at += written
            rest = rest[written:]
        return len(data)


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
        Descriptor(source),
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
        Descriptor(target),
        mode="w",
        format="mp4",
        buffer_size=BUFFER,
        options={
            "use_editlist": "0",
            "movflags": "negative_cts_offsets",
            "moov_size": str(_index(chosen, film) * room),
        },
    )
    tracks = _tracks(film, out, recipe, pictures, sounds)
    for packet in _packets(film, chosen, tracks, _Pace(film, recipe, tell)):
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
        track = tracks[packet.stream.index]
        if packet.dts is None and not packet.size and isinstance(track, CopiedPictures | CopiedSound):
            continue
        if pace.is_over(packet):
            break
        yield from track.take(packet)
    for track in tracks.values():
        yield from track.end()


class _Pace:
    """Says how far we are, and when a cut is behind us."""

    def __init__(self, film: InputContainer, recipe: Recipe, tell: Tell) -> None:
        self._origin = Fraction(film.start_time or 0, av.time_base)
        whole = Fraction(film.duration or 0, av.time_base)
        self._start = Fraction(recipe.cut.start) if recipe.cut else Fraction(0)
        self._length = Fraction(recipe.cut.length) if recipe.cut else whole
        self._is_cut = recipe.cut is not None
        self._tell = tell
        self._said = 0.0

    def is_over(self, packet: Any) -> bool:
        """True a while after the cut's end, when nothing of before can still come."""
        if packet.dts is None or not self._length:
            return False
        at = packet.dts * packet.time_base - self._origin - self._start
        share = min(1.0, max(0.0, float(at / self._length)))
        if share >= self._said + 0.01:
            self._said = share
            self._tell(share)
        return self._is_cut and at > self._length + 2


def _index(chosen: list[Any], film: InputContainer) -> int:
    seconds = Fraction(film.duration or 0, av.time_base)
    samples = sum(each.frames or seconds * _NO_COUNT for each in chosen)
    return int(samples * INDEX_PER_SAMPLE) + INDEX_BASE


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)
