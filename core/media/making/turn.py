"""How a stored picture is turned to be seen: the display matrix of a frame as filters."""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from av.sidedata.sidedata import Type

Step = tuple[str, str]
"""A filter and its arguments."""

_NEAR = 1.0
_QUARTERS: Mapping[int, list[Step]] = {
    90: [("transpose", "cclock")],
    180: [("hflip", ""), ("vflip", "")],
    270: [("transpose", "clock")],
}


EXIF: Mapping[int, list[Step]] = {
    2: [("hflip", "")],
    3: [("hflip", ""), ("vflip", "")],
    4: [("vflip", "")],
    5: [("transpose", "cclock_flip")],
    6: [("transpose", "clock")],
    7: [("transpose", "clock_flip")],
    8: [("transpose", "cclock")],
}
"""The filters that show a photo of each orientation (Exif 2.32, tag 274)."""


def turning(frame: Any) -> list[Step]:
    """Return the filters that show a frame as its container means it (FFmpeg's own rule, `ffmpeg_filter.c`)."""
    try:
        found = [each for each in frame.side_data if each.type == Type.DISPLAYMATRIX]
    except ValueError:
        # PyAV gives up on all side data where it doesn't know a kind of it; the angle it tells even then.
        return _QUARTERS.get(frame.rotation % 360, [])
    return turned(struct.unpack("=9i", bytes(found[0])[:36])) if found else []


def turned(matrix: Sequence[int]) -> list[Step]:
    """Return the filters for a display matrix: rows (a, b, u), (c, d, v), (x, y, w) in fixed point."""
    angle = _angle(matrix)
    if abs(angle - 90) < _NEAR:
        return [("transpose", "cclock_flip" if matrix[3] > 0 else "clock")]
    if abs(angle - 180) < _NEAR:
        flips = [("hflip", "")] if matrix[0] < 0 else []
        return [*flips, ("vflip", "")] if matrix[4] < 0 else flips
    if abs(angle - 270) < _NEAR:
        return [("transpose", "clock_flip" if matrix[3] < 0 else "cclock")]
    return [("vflip", "")] if angle < _NEAR and matrix[4] < 0 else []


def _angle(matrix: Sequence[int]) -> float:
    scale_x, scale_y = math.hypot(matrix[0], matrix[3]), math.hypot(matrix[1], matrix[4])
    if not scale_x or not scale_y:
        return 0.0
    angle = math.degrees(math.atan2(matrix[1] / scale_y, matrix[0] / scale_x)) % 360
    return 0.0 if angle > 360 - _NEAR else angle
