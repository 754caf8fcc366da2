"""A minimal reader of MP4 and MOV while they flow past: the index is kept, the pictures are not.

Written from ISO/IEC 14496-12 for the emulators alone, so that it shares no mistake with the bot's own reader.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

LARGEST_INDEX = 32 * 1024 * 1024
FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
SHORT, LONG = 8, 16
RUNS_TO_END = 0
HAS_LONG_SIZE = 1
PICTURE_ENTRY = 86
"""Bytes of a picture track's description before the boxes in it."""

CHROMA = ("4:0:0", "4:2:0", "4:2:2", "4:4:4")
PLAIN_AVC = frozenset({66, 77, 88})
"""Profiles of H.264 that know no other chroma than 4:2:0."""


class BrokenFilm(ValueError):
    """The boxes make no sense."""


@dataclass(frozen=True, slots=True)
class Track:
    """What one track says of itself; 0 and "" for what it doesn't."""

    kind: str
    codec: str = ""
    seconds: float = 0.0
    samples: int = 0
    width: int = 0
    height: int = 0
    rate: int = 0
    channels: int = 0
    chroma: str = ""


@dataclass(frozen=True, slots=True)
class Film:
    """What the index says. `seconds` is 0 where only the fragments would tell."""

    seconds: float
    tracks: tuple[Track, ...]
    edit_list: bool
    index_first: bool

    def track(self, kind: str) -> Track | None:
        """The first track of this handler: "vide", "soun"."""
        return next((track for track in self.tracks if track.kind == kind), None)


@dataclass(slots=True)
class FilmReader:
    """Takes the bytes of a file in any pieces; keeps only the index, at most `LARGEST_INDEX`."""

    _header: bytes = b""
    _left: int | None = 0
    _keeping: bool = False
    _index: bytes = b""
    _order: list[bytes] = field(default_factory=list)
    _broken: bool = False

    def fork(self) -> "FilmReader":
        """A reader that stands at the same place and goes its own way."""
        return FilmReader(
            self._header, self._left, self._keeping, self._index, list(self._order), self._broken
        )

    def feed(self, piece: bytes) -> None:
        at = 0
        while at < len(piece) and not self._broken:
            at = self._open(piece, at) if self._left == 0 else self._pass(piece, at)

    def film(self) -> Film:
        """What was read; raises BrokenFilm for a file that is cut, senseless or without an index."""
        cut = self._header or self._left not in {0, None}
        if self._broken or cut or b"moov" not in self._order:
            raise BrokenFilm("cut or without an index")
        index_first = b"mdat" not in self._order[: self._order.index(b"moov")]
        try:
            return _read_index(memoryview(self._index), index_first=index_first)
        except (struct.error, IndexError) as senseless:
            raise BrokenFilm("senseless index") from senseless

    def _open(self, piece: bytes, at: int) -> int:
        need = LONG if self._header[:4] == b"\x00\x00\x00\x01" else SHORT
        taken = piece[at : at + need - len(self._header)]
        self._header += taken
        if len(self._header) == SHORT and self._header[:4] == b"\x00\x00\x00\x01":
            return at + len(taken)
        if len(self._header) == need:
            self._begin(need)
        return at + len(taken)

    def _begin(self, need: int) -> None:
        size, kind = struct.unpack(">I4s", self._header[:SHORT])
        if size == HAS_LONG_SIZE:
            (size,) = struct.unpack(">Q", self._header[SHORT:])
        self._header = b""
        self._keeping = kind == b"moov"
        self._left = None if size == RUNS_TO_END else size - need
        unlikely = not self._order and kind not in FIRST_BOXES
        too_large = self._keeping and (self._left is None or self._left > LARGEST_INDEX)
        self._broken = unlikely or too_large or (self._left is not None and self._left < 0)
        self._order.append(kind)

    def _pass(self, piece: bytes, at: int) -> int:
        end = len(piece) if self._left is None else min(len(piece), at + self._left)
        if self._keeping:
            self._index += piece[at:end]
        if self._left is not None:
            self._left -= end - at
        return end


def _boxes(payload: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    while at + SHORT <= len(payload):
        size, kind = struct.unpack(">I4s", payload[at : at + SHORT])
        head = SHORT
        if size == HAS_LONG_SIZE:
            (size,), head = struct.unpack(">Q", payload[at + SHORT : at + LONG]), LONG
        end = len(payload) if size == RUNS_TO_END else at + size
        if end > len(payload) or end < at + head:
            raise BrokenFilm("a box ends outside its parent")
        yield kind, payload[at + head : end]
        at = end


def _inside(payload: memoryview, *path: bytes) -> memoryview | None:
    """The first box at the end of this path."""
    for name in path:
        found = next((inner for kind, inner in _boxes(payload) if kind == name), None)
        if found is None:
            return None
        payload = found
    return payload


def _read_index(index: memoryview, *, index_first: bool) -> Film:
    tracks = [inner for kind, inner in _boxes(index) if kind == b"trak"]
    header = _inside(index, b"mvhd")
    if header is None or not tracks:
        raise BrokenFilm("no movie header or no track")
    scale, length = _times(header)
    if (whole := _inside(index, b"mvex", b"mehd")) is not None and not length:
        (length,) = struct.unpack(">Q" if whole[0] else ">I", whole[4:12] if whole[0] else whole[4:8])
    return Film(
        seconds=length / scale if scale else 0.0,
        tracks=tuple(_read_track(track) for track in tracks),
        edit_list=any(_inside(track, b"edts", b"elst") is not None for track in tracks),
        index_first=index_first,
    )


def _times(header: memoryview) -> tuple[int, int]:
    """Timescale and duration of `mvhd` or `mdhd`."""
    scale, length = struct.unpack(">IQ", header[20:32]) if header[0] else struct.unpack(">II", header[12:20])
    return int(scale), int(length)


def _read_track(track: memoryview) -> Track:
    handler, media = _inside(track, b"mdia", b"hdlr"), _inside(track, b"mdia", b"mdhd")
    table = _inside(track, b"mdia", b"minf", b"stbl")
    if handler is None or media is None or table is None:
        raise BrokenFilm("a track without its parts")
    kind = bytes(handler[8:12]).decode("latin-1")
    scale, length = _times(media)
    entry = _first_entry(table)
    codec = bytes(entry[4:8]).decode("latin-1")
    seconds, samples = (length / scale if scale else 0.0), _samples(table)
    if kind == "vide":
        width, height = struct.unpack(">HH", entry[32:36])
        if _is_turned(track):
            width, height = height, width
        return Track(kind, codec, seconds, samples, width, height, chroma=_chroma(entry))
    if kind == "soun":
        (channels,), (rate,) = struct.unpack(">H", entry[24:26]), struct.unpack(">H", entry[32:34])
        return Track(kind, codec, seconds, samples, rate=rate, channels=channels)
    return Track(kind, codec, seconds, samples)


def _first_entry(table: memoryview) -> memoryview:
    descriptions = _inside(table, b"stsd")
    if descriptions is None:
        raise BrokenFilm("a track that doesn't say what it is")
    return descriptions[8:]


def _chroma(entry: memoryview) -> str:
    """What the decoder's configuration says of colour, "" where nobody can tell."""
    (size,) = struct.unpack(">I", entry[:4])
    with suppress(BrokenFilm, IndexError):
        for kind, config in _boxes(entry[PICTURE_ENTRY:size]):
            if kind == b"hvcC":
                return CHROMA[config[16] & 3]
            if kind == b"avcC":
                return "4:2:0" if config[1] in PLAIN_AVC else _chroma_of_avc(config)
    return ""


def _chroma_of_avc(config: memoryview) -> str:
    """It stands behind the two lists of parameter sets."""
    at = 5
    for counted in (0x1F, 0xFF):
        count, at = config[at] & counted, at + 1
        for _ in range(count):
            at += 2 + int.from_bytes(config[at : at + 2])
    return CHROMA[config[at] & 3]


def _samples(table: memoryview) -> int:
    times = _inside(table, b"stts")
    if times is None:
        return 0
    (entries,) = struct.unpack(">I", times[4:8])
    return sum(struct.unpack(">I", times[8 + 8 * one : 12 + 8 * one])[0] for one in range(entries))


def _is_turned(track: memoryview) -> bool:
    """Whether the track's matrix shows it lying on its side."""
    header = _inside(track, b"tkhd")
    if header is None:
        return False
    begin = 52 if header[0] else 40
    return bytes(header[begin : begin + 4]) == bytes(4) != bytes(header[begin + 4 : begin + 8])
