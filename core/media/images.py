"""Headers of pictures: JPEG, PNG, GIF, WebP, and HEIC or AVIF as far as their boxes go. No pixel is decoded."""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from core.media.answers import ImageFacts
from core.media.iso.boxes import Lies, children, first, header, number
from core.media.window import Window

_MOST_PARTS = 512
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_MARK, _START_OF_SCAN, _END = 0xFF, 0xDA, 0xD9
_APP1, _APP2 = 0xE1, 0xE2
_JPEG_MODES = {1: "gray", 3: "ycc", 4: "cmyk"}
_PNG_MODES = {
    0: ("gray", False),
    2: ("rgb", False),
    3: ("palette", False),
    4: ("gray", True),
    6: ("rgb", True),
}
_PROFILE_READ = 1 << 16
_ORIENTATION = 0x0112


def read_image(window: Window, kind: str) -> ImageFacts | None:
    """Return what a picture's header says, None where it can't be read."""
    reader = _READERS.get(kind)
    if reader is None:
        return None
    try:
        return reader(window)
    except (struct.error, IndexError, zlib.error):
        return None


def _jpeg(window: Window) -> ImageFacts | None:
    found, orientation, profile, several = None, 1, None, False
    for code, at, length in _segments(window):
        part = window.read(at, min(length, _PROFILE_READ)) if code in {_APP1, _APP2} else b""
        if code in _SOF:
            found = _frame(window.read(at, 6), progressive=code in _PROGRESSIVE)
        elif code == _APP1:
            orientation = _orientation(part) or orientation
        elif part[:12] == b"ICC_PROFILE\0":
            profile = profile or profile_name(part[14:])
        elif part[:4] == b"MPF\0":
            several = True
    if found is None:
        return None
    return replace(found, orientation=orientation, profile=profile, frames=2 if several else 1)


def _segments(window: Window) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, payload's offset, payload's length) of a JPEG's segments up to its picture data."""
    at = 2
    for _ in range(_MOST_PARTS):
        mark = window.read(at, 4)
        if len(mark) < 4 or mark[0] != _MARK or mark[1] in {_START_OF_SCAN, _END}:  # noqa: PLR2004 - mark and length
            return
        if mark[1] == _MARK or mark[1] in _ALONE:  # FF may be repeated to fill
            at += 1 if mark[1] == _MARK else 2
            continue
        length = int.from_bytes(mark[2:], "big")
        yield mark[1], at + 4, length - 2
        at += 2 + length


def _frame(head: bytes, *, progressive: bool) -> ImageFacts:
    depth, height, width, parts = struct.unpack(">BHHB", head)
    return ImageFacts(
        format="jpeg",
        width=width,
        height=height,
        mode=_JPEG_MODES.get(parts),
        bit_depth=depth,
        progressive=progressive,
    )


def _orientation(part: bytes) -> int | None:
    """Return EXIF's orientation from an APP1 segment, where it has one."""
    if part[:6] != b"Exif\0\0":
        return None
    tiff = part[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(at + 2, at + 2 + 12 * min(count, _MOST_PARTS), 12):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if tag == _ORIENTATION:
            return value if value in range(1, 9) else None
    return None


def _png(window: Window) -> ImageFacts | None:
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", window.read(16, 13))
    if colour not in _PNG_MODES:
        return None
    mode, alpha = _PNG_MODES[colour]
    at, profile, frames = 33, None, 1
    for _ in range(_MOST_PARTS):
        head = window.read(at, 8)
        if len(head) < 8 or head[4:] in {b"IDAT", b"IEND"}:  # noqa: PLR2004 - length and name
            break
        length = int.from_bytes(head[:4], "big")
        if head[4:] == b"iCCP":
            profile = _png_profile(window.read(at + 8, min(length, _PROFILE_READ)))
        elif head[4:] == b"acTL":
            frames = 2 if int.from_bytes(window.read(at + 8, 4), "big") > 1 else 1
        elif head[4:] == b"tRNS":
            alpha = True
        at += 12 + length
    return ImageFacts(
        format="png",
        width=width,
        height=height,
        mode=mode,
        bit_depth=depth,
        alpha=alpha,
        profile=profile,
        frames=frames,
        progressive=bool(interlaced),
    )


def _png_profile(part: bytes) -> str | None:
    name, _, packed = part.partition(b"\0")
    unpacked = zlib.decompressobj().decompress(packed[1:], _PROFILE_READ)
    return profile_name(unpacked) or name.decode("latin-1").strip() or None


def _gif(window: Window) -> ImageFacts | None:
    width, height, flags = struct.unpack_from("<HHB", window.read(6, 5))
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    frames = 0
    for _ in range(_MOST_PARTS):
        mark = window.read(at, 10)
        if mark[:1] == b",":
            frames += 1
            at += 10 + (3 << ((mark[9] & 7) + 1) if mark[9] & 0x80 else 0) + 1
        elif mark[:1] == b"!":
            at += 2
        else:
            break
        if frames > 1:
            break
        at = _after_blocks(window, at)
    return ImageFacts(format="gif", width=width, height=height, mode="palette", frames=max(1, frames))


def _after_blocks(window: Window, at: int) -> int:
    """Return where a chain of sub-blocks ends; a picture's data may be thousands of them."""
    for _ in range(_MOST_PARTS * 64):
        length = window.read(at, 1)
        at += 1 + (length[0] if length else 0)
        if not length or not length[0]:
            break
    return at


def _webp(window: Window) -> ImageFacts | None:
    canvas, alpha, profile, frames = None, False, None, 0
    for name, at, length in _chunks(window):
        part = window.read(at, min(length, 32))
        if name == b"VP8X":
            alpha = bool(part[0] & 0x10)
            canvas = (1 + int.from_bytes(part[4:7], "little"), 1 + int.from_bytes(part[7:10], "little"))
        elif name == b"VP8 ":
            canvas = canvas or (part[6] | (part[7] & 63) << 8, part[8] | (part[9] & 63) << 8)
        elif name == b"VP8L":
            bits = int.from_bytes(part[1:5], "little")
            canvas, alpha = canvas or ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1), bool(bits >> 28 & 1)
        elif name == b"ICCP":
            profile = profile_name(window.read(at, min(length, _PROFILE_READ)))
        frames += name == b"ANMF"
    if canvas is None:
        return None
    width, height = canvas
    return ImageFacts(
        format="webp",
        width=width,
        height=height,
        mode="ycc",
        alpha=alpha,
        profile=profile,
        frames=max(1, frames),
    )


def _chunks(window: Window) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, payload's offset, payload's length) of a WebP's chunks."""
    at = 12
    for _ in range(_MOST_PARTS):
        head = window.read(at, 8)
        if len(head) < 8:  # noqa: PLR2004 - name and length
            return
        length = int.from_bytes(head[4:], "little")
        yield head[:4], at + 8, length
        at += 8 + length + (length & 1)


def _heif(window: Window) -> ImageFacts | None:
    """Return the largest picture of a HEIC or AVIF file; its tiles and thumbnails are smaller."""
    at, lies = 0, Lies()
    brand = window.read(8, 4)
    for _ in range(_MOST_PARTS):
        found = header(window.read(at, 16), window.size - at)
        if found is None:
            return None
        kind, start, size = found
        if kind == "meta":
            properties = first(
                memoryview(window.read(at + start, min(size - start, 1 << 20)))[4:], "iprp/ipco", lies
            )
            sizes = [
                (number(payload, 4, 4) or 0, number(payload, 8, 4) or 0)
                for name, payload in children(properties or memoryview(b""), lies)
                if name == "ispe"
            ]
            width, height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
            kind = "avif" if brand in {b"avif", b"avis"} else "heic"
            return ImageFacts(format=kind, width=width, height=height, frames=2 if brand[3:] == b"s" else 1)
        at += size
    return None


def profile_name(icc: bytes) -> str | None:
    """Return the description in an ICC colour profile (ICC.1, 9.2.41)."""
    if len(icc) < 132:  # noqa: PLR2004 - header and tag count
        return None
    (count,) = struct.unpack_from(">I", icc, 128)
    for entry in range(132, 132 + 12 * min(count, _MOST_PARTS), 12):
        name, at, length = struct.unpack_from(">4sII", icc, entry)
        if name != b"desc":
            continue
        text = icc[at : at + length]
        if text[:4] == b"desc":
            (size,) = struct.unpack_from(">I", text, 8)
            return text[12 : 12 + size].rstrip(b"\0").decode("latin-1").strip() or None
        if text[:4] == b"mluc":
            size, start = struct.unpack_from(">II", text, 20)
            return text[start : start + size].decode("utf-16-be", "replace").strip("\0 ") or None
    return None


_READERS: Mapping[str, Callable[[Window], ImageFacts | None]] = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "webp": _webp,
    "heic": _heif,
    "avif": _heif,
}
