"""Width and height of a picture from its first bytes: JPEG, WebP, PNG."""

import struct

FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers that begin a frame and say its size."""

UNKNOWN = (0, 0)


def kind_of(head: bytes) -> str:
    """One of "jpeg", "webp" and "png", or "" for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return "png" if head.startswith(b"\x89PNG\r\n\x1a\n") else ""


def size_of(head: bytes) -> tuple[int, int]:
    """(width, height); (0, 0) where the first bytes don't tell."""
    readers = {"jpeg": _jpeg, "webp": _webp, "png": _png}
    try:
        return readers[kind_of(head)](head)
    except (KeyError, IndexError, struct.error):
        return UNKNOWN


def _jpeg(head: bytes) -> tuple[int, int]:
    at = 2
    while head[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker, (length,) = head[at + 1], struct.unpack(">H", head[at + 2 : at + 4])
        if marker in FRAMES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return UNKNOWN


def _webp(head: bytes) -> tuple[int, int]:
    if head[12:16] == b"VP8X":
        return _three(head[24:27]) + 1, _three(head[27:30]) + 1
    if head[12:16] == b"VP8L":
        (bits,) = struct.unpack("<I", head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _three(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _png(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", head[16:24])
    return width, height
