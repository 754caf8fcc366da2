"""Pictures made to order, and the parts that cameras and editors put into them."""

import struct
import zlib
from fractions import Fraction

import av

from tests.media.films import picture


def jpeg(width=64, height=80, *, orientation=None, profile=None, mpo=False) -> bytes:
    """A JPEG, with EXIF, a colour profile or further pictures announced where asked for."""
    plain = _encoded("mjpeg", width, height, "yuvj420p")
    parts = b""
    if orientation:
        tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
        parts += _segment(0xE1, b"Exif\0\0" + tiff)
    if profile:
        parts += _segment(0xE2, b"ICC_PROFILE\0\x01\x01" + icc(profile))
    if mpo:
        parts += _segment(0xE2, b"MPF\0" + bytes(20))
    return plain[:2] + parts + plain[2:]


def cmyk() -> bytes:
    """The header of a JPEG for print: four components."""
    return b"\xff\xd8" + _segment(0xC0, struct.pack(">BHHB", 8, 80, 64, 4) + bytes(12)) + b"\xff\xd9"


def png(width=64, height=80, *, profile=None, pixels="rgb24") -> bytes:
    """A PNG."""
    plain = _encoded("png", width, height, pixels)
    if profile is None:
        return plain
    return plain[:33] + chunk(b"iCCP", b"name\0\0" + zlib.compress(icc(profile))) + plain[33:]


def webp(width=64, height=80) -> bytes:
    """A still WebP."""
    return _encoded("libwebp", width, height, "yuv420p")


def huge_png(width=60000, height=60000) -> bytes:
    """A few bytes that promise billions of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def icc(name: str) -> bytes:
    """A colour profile of which only the name is true."""
    text = b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name.encode() + b"\0"
    return bytes(128) + struct.pack(">I4sII", 1, b"desc", 144, len(text)) + text


def _segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def _encoded(codec: str, width: int, height: int, pixels: str) -> bytes:
    context = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = width, height, pixels
    context.time_base = Fraction(1, 25)
    frame = picture(width, height, pixels, 3)
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])
