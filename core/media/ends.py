"""Whether the end of a file is there, for formats that are not made of boxes."""

from collections.abc import Callable, Mapping

from core.media.window import Window

TAIL = 1 << 16
"""How far behind a picture's end other programs leave things."""
_SEGMENT = b"\x18\x53\x80\x67"
_EBML_HEAD = 256


def is_cut(window: Window, kind: str) -> bool:
    """True where a file says that it is longer than it is, or ends without its mark of the end."""
    check = _CHECKS.get(kind)
    return check is not None and check(window)


def _marked(mark: bytes) -> Callable[[Window], bool]:
    return lambda window: mark not in window.read(max(0, window.size - TAIL), TAIL)


def _riff(window: Window) -> bool:
    return 8 + int.from_bytes(window.read(4, 4), "little") > window.size


def _matroska(window: Window) -> bool:
    """Compare the segment's size with the file. All ones stand for a size that nobody knew (RFC 8794, 6.2)."""
    head = window.read(0, _EBML_HEAD)
    at = head.find(_SEGMENT)
    if at < 0 or at + 4 >= len(head) or not head[at + 4]:
        return False
    length = 9 - head[at + 4].bit_length()
    coded = int.from_bytes(head[at + 4 : at + 4 + length], "big") & ((1 << 7 * length) - 1)
    if coded == (1 << 7 * length) - 1:
        return False
    return at + 4 + length + coded > window.size


_CHECKS: Mapping[str, Callable[[Window], bool]] = {
    "jpeg": _marked(b"\xff\xd9"),
    "png": _marked(b"IEND"),
    "gif": _marked(b"\x3b"),
    "webp": _riff,
    "avi": _riff,
    "wav": _riff,
    "webm": _matroska,
    "matroska": _matroska,
}
