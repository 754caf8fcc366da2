"""The few bits of H.264 and HEVC streams that no box tells: fields or frames, and what a keyframe really is."""

from core.media.iso.samples import Samples
from core.media.window import Window

_HIGH = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_MOST_REFERENCES = 255
_LOOKED_AT = 4
_MOST_UNITS = 24
_AVC_SLICE, _AVC_IDR = 1, 5
_HEVC_CRA = 21
_HEVC_SLICES = range(22)


class _Bits:
    """Bits of a NAL unit, emulation prevention taken out (ITU-T H.264, 7.3.1)."""

    def __init__(self, unit: bytes) -> None:
        self._bits = int.from_bytes(unit.replace(b"\0\0\3", b"\0\0"), "big")
        self._left = len(unit.replace(b"\0\0\3", b"\0\0")) * 8

    def take(self, count: int = 1) -> int:
        if count > self._left:
            raise EOFError
        self._left -= count
        return (self._bits >> self._left) & ((1 << count) - 1)

    def golomb(self) -> int:
        zeros = 0
        while not self.take():
            zeros += 1
        return (1 << zeros) - 1 + (self.take(zeros) if zeros else 0)


def progressive_only(unit: bytes) -> bool | None:
    """Return `frame_mbs_only_flag` of an H.264 sequence parameter set: True: no picture has fields."""
    try:
        bits = _Bits(unit[1:512])
        profile = bits.take(8)
        bits.take(16)
        bits.golomb()
        if profile in _HIGH and not _skip_high(bits):
            return None
        return _frames_only(bits)
    except EOFError:
        return None


def _skip_high(bits: _Bits) -> bool:
    """Go behind the fields that only high profiles have. False where scaling lists are in the way."""
    if bits.golomb() == 3:  # noqa: PLR2004 - chroma_format_idc of 4:4:4
        bits.take()
    bits.golomb()
    bits.golomb()
    bits.take()
    return not bits.take()


def _frames_only(bits: _Bits) -> bool | None:
    bits.golomb()
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.take()
        bits.golomb()
        bits.golomb()
        count = bits.golomb()
        if count > _MOST_REFERENCES:
            return None
        for _ in range(count):
            bits.golomb()
    bits.golomb()
    bits.take()
    bits.golomb()
    bits.golomb()
    return bool(bits.take())


def open_gop(window: Window, samples: Samples, codec: str | None, nal_length: int) -> bool | None:
    """Look at a few keyframes after the first: True where one is not a clean start (H.264 I, HEVC CRA).

    None where that can't be told from here.
    """
    if codec not in {"h264", "hevc"} or not nal_length or not samples.sync:
        return None
    later = list(samples.sync[1:])
    step = max(1, len(later) // _LOOKED_AT)
    answers = [
        _is_open(window, samples.place(each), codec, nal_length) for each in later[::step][:_LOOKED_AT]
    ]
    if not answers:
        return False
    return None if all(each is None for each in answers) else any(answers)


def _is_open(window: Window, place: tuple[int, int] | None, codec: str, nal_length: int) -> bool | None:
    if place is None:
        return None
    at, end = place[0], place[0] + place[1]
    for _ in range(_MOST_UNITS):
        head = window.read(at, nal_length + 1) if at + nal_length < end else b""
        if len(head) <= nal_length:
            return None
        if codec == "h264" and head[-1] & 31 in {_AVC_SLICE, _AVC_IDR}:
            return head[-1] & 31 == _AVC_SLICE
        if codec == "hevc" and (head[-1] >> 1) & 63 in _HEVC_SLICES:
            return (head[-1] >> 1) & 63 == _HEVC_CRA
        at += nal_length + int.from_bytes(head[:nal_length], "big")
    return None
