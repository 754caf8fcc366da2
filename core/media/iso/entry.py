"""Sample entries: which codec, what size, and what its configuration says of colour and depth."""

from dataclasses import dataclass
from fractions import Fraction

from core.media.answers import Ratio, Shape
from core.media.iso.bits import progressive_only
from core.media.iso.boxes import Lies, children, first, number, printable, ratio

CODECS = {
    "avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "dvh1": "hevc", "dvhe": "hevc",
    "vp08": "vp8", "vp09": "vp9", "av01": "av1", "mp4v": "mpeg4", "s263": "h263", "h263": "h263",
    "apch": "prores", "apcn": "prores", "apcs": "prores", "apco": "prores", "ap4h": "prores", "ap4x": "prores",
    "jpeg": "mjpeg", "mjpa": "mjpeg", "mjpb": "mjpegb", "png ": "png", "AVdn": "dnxhd", "AVdh": "dnxhd",
    "mp4a": "aac", "ac-3": "ac3", "ec-3": "eac3", "Opus": "opus", "fLaC": "flac", "alac": "alac", ".mp3": "mp3",
    "sowt": "pcm_s16le", "twos": "pcm_s16be", "lpcm": "pcm", "ipcm": "pcm", "fpcm": "pcm", "in24": "pcm_s24be",
    "samr": "amr_nb", "sawb": "amr_wb", "ulaw": "pcm_mulaw", "alaw": "pcm_alaw", "tx3g": "mov_text",
    "FFV1": "ffv1", "m1v ": "mpeg1video", "m2v1": "mpeg2video", "mp2v": "mpeg2video",
}  # fmt: skip
"""Four characters to FFmpeg's name of the codec."""

_VISUAL = 78
"""Bytes of a visual sample entry before its own boxes."""
_VP9_CHROMA = {0: "4:2:0", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4"}
_CHROMA = {0: "gray", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4"}
_AVC_HIGH = frozenset({100, 110, 122, 144, 244, 44})
"""Profiles whose configuration goes on with chroma and depth (ISO/IEC 14496-15, 5.3.3.1)."""
_AVC_420 = frozenset({66, 77, 88})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One sample entry."""

    fourcc: str = "????"
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    sample_aspect: Ratio | None = None
    shape: Shape | None = None
    transfer: int | None = None
    primaries: int | None = None
    dolby_vision: bool = False
    nal_length: int = 0


def read_entry(stsd: memoryview | None, handler: str, lies: Lies) -> Entry:
    """Return the first sample entry of a `stsd` box."""
    if stsd is None:
        return Entry()
    fourcc, body = next(children(stsd[8:], lies), ("????", memoryview(b"")))
    codec = CODECS.get(fourcc)
    if handler != "vide":
        return Entry(fourcc=printable(fourcc), codec=_sound(fourcc, codec, body, lies))
    boxes: dict[str, memoryview] = {}
    for kind, payload in children(body[_VISUAL:], lies):
        boxes.setdefault(kind, payload)
    colour = boxes.get("colr")
    named = colour is not None and bytes(colour[:4]) in {b"nclx", b"nclc"}
    return Entry(
        fourcc=printable(fourcc),
        codec=codec,
        width=number(body, 24, 2),
        height=number(body, 26, 2),
        sample_aspect=_aspect(boxes.get("pasp")),
        shape=_shape(boxes, codec),
        primaries=number(colour, 4, 2) if named else None,
        transfer=number(colour, 6, 2) if named else None,
        dolby_vision=not boxes.keys().isdisjoint({"dvcC", "dvvC", "dvwC"}) or fourcc in {"dvh1", "dvhe"},
        nal_length=_nal_length(boxes),
    )


def _sound(fourcc: str, codec: str | None, body: memoryview, lies: Lies) -> str | None:
    """Return a sound entry's codec. `mp4a` is also what MP3 in MP4 calls itself; its descriptor tells them apart."""
    if fourcc != "mp4a":
        return codec
    version = number(body, 8, 2) or 0
    start = 28 + {0: 0, 1: 16, 2: 36}.get(version, 0)
    esds = first(body[start:], "esds", lies) or first(body[start:], "wave/esds", lies)
    at = bytes(esds).find(b"\x04") if esds is not None else -1
    while esds is not None and 0 <= at < len(esds) - 2:
        length = 1
        while esds[at + length] & 0x80 and at + length + 1 < len(esds) - 1:
            length += 1
        kind = number(esds, at + length + 1, 1)
        if kind in {0x40, 0x66, 0x67, 0x68}:
            return "aac"
        if kind in {0x69, 0x6B}:
            return "mp3"
        at = bytes(esds).find(b"\x04", at + 1)
    return codec


def _aspect(pasp: memoryview | None) -> Ratio | None:
    across, down = number(pasp, 0, 4), number(pasp, 4, 4)
    return ratio(Fraction(across, down)) if across and down else None


def _shape(boxes: dict[str, memoryview], codec: str | None) -> Shape | None:
    fields = number(boxes.get("fiel"), 0, 1)
    interlaced = None if fields is None else fields > 1
    if codec == "h264" and "avcC" in boxes:
        return _avc(boxes["avcC"], interlaced=interlaced)
    if codec == "hevc" and "hvcC" in boxes:
        chroma, depth = number(boxes["hvcC"], 16, 1), number(boxes["hvcC"], 17, 1)
        if chroma is not None and depth is not None:
            return Shape(chroma=_CHROMA[chroma & 3], bit_depth=(depth & 7) + 8, interlaced=interlaced)
    if codec == "vp9" and (packed := number(boxes.get("vpcC"), 6, 1)) is not None:
        return Shape(chroma=_VP9_CHROMA.get((packed >> 1) & 7), bit_depth=packed >> 4, interlaced=interlaced)
    if codec == "av1" and (packed := number(boxes.get("av1C"), 2, 1)) is not None:
        return Shape(chroma=_av1_chroma(packed), bit_depth=_av1_depth(packed), interlaced=interlaced)
    return Shape(interlaced=interlaced) if interlaced is not None else None


def _avc(avcc: memoryview, *, interlaced: bool | None) -> Shape:
    profile = number(avcc, 1, 1)
    length = number(avcc, 6, 2) or 0
    if interlaced is None and length and len(avcc) >= 8 + length:
        progressive = progressive_only(bytes(avcc[8 : 8 + length]))
        interlaced = None if progressive is None else not progressive
    if profile in _AVC_420:
        return Shape(chroma="4:2:0", bit_depth=8, interlaced=interlaced)
    at = 8 + length
    for _ in range(number(avcc, at, 1) or 0):
        at += 2 + (number(avcc, at + 1, 2) or 0)
    chroma, depth = number(avcc, at + 1, 1), number(avcc, at + 2, 1)
    if profile not in _AVC_HIGH or chroma is None or depth is None:
        return Shape(interlaced=interlaced)
    return Shape(chroma=_CHROMA[chroma & 3], bit_depth=(depth & 7) + 8, interlaced=interlaced)


def _av1_chroma(packed: int) -> str:
    if packed & 0x10:
        return "gray"
    return {0x0C: "4:2:0", 0x08: "4:2:2"}.get(packed & 0x0C, "4:4:4")


def _av1_depth(packed: int) -> int:
    if not packed & 0x40:
        return 8
    return 12 if packed & 0x20 else 10


def _nal_length(boxes: dict[str, memoryview]) -> int:
    """Return how many bytes give a NAL unit's length in samples, 0 where samples have none."""
    if "avcC" in boxes:
        packed = number(boxes["avcC"], 4, 1)
    elif "hvcC" in boxes:
        packed = number(boxes["hvcC"], 21, 1)
    else:
        return 0
    return 0 if packed is None else (packed & 3) + 1
