"""Media made of a few bytes: headers that say what a test wants, and as much nothing behind them as it likes."""

import struct

MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
TURNED = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
SCALE = 90_000


def box(kind, *payload):
    body = b"".join(payload)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _track(handler, entry, seconds, samples, *, matrix=MATRIX, edits=False):
    length = round(seconds * SCALE)
    delta = length // samples if samples else 0
    tables = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), entry),
        box(b"stts", struct.pack(">IIII", 0, 1, samples, delta)),
    )
    media = box(
        b"mdia",
        box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, SCALE, length, 0, 0)),
        box(b"hdlr", struct.pack(">II4s", 0, 0, handler), bytes(13)),
        box(b"minf", tables),
    )
    header = box(b"tkhd", bytes(40), matrix, bytes(8))
    list_ = box(b"edts", box(b"elst", struct.pack(">II", 0, 0))) if edits else b""
    return box(b"trak", header, list_, media)


def _picture(codec, width, height, chroma):
    """`chroma` as H.264 and HEVC count it: 1 for 4:2:0, 2 for 4:2:2; None leaves it out."""
    if chroma is None:
        said = b""
    elif codec == b"hvc1":
        said = box(b"hvcC", bytes(16), bytes([0xFC | chroma]))
    else:
        said = box(b"avcC", bytes([1, 122, 0, 40, 255, 0xE0, 0, 0xFC | chroma]))
    return box(codec, bytes(24), struct.pack(">HH", width, height), bytes(50), said)


def _sound(codec, rate, channels):
    return box(codec, bytes(16), struct.pack(">HHIHH", channels, 16, 0, rate, 0))


def film(
    *,
    seconds=12.0,
    fps=30.0,
    width=1080,
    height=1920,
    video=b"avc1",
    audio=b"mp4a",
    rate=48_000,
    channels=2,
    brand=b"isom",
    edits=False,
    turned=False,
    index_last=False,
    index=True,
    chroma=None,
    size=0,
    salt=b"",
):
    """An MP4 whose index says all this; padded to `size` bytes with zeros, made different by `salt`."""
    header = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, SCALE, round(seconds * SCALE)), bytes(80))
    picture = _track(
        b"vide",
        _picture(video, width, height, chroma),
        seconds,
        round(seconds * fps),
        matrix=TURNED if turned else MATRIX,
        edits=edits,
    )
    sound = _track(b"soun", _sound(audio, rate, channels), seconds, round(seconds * 47)) if audio else b""
    moov = box(b"moov", header, picture if video else b"", sound) if index else b""
    ftyp = box(b"ftyp", brand, bytes(4), brand)
    padding = max(0, size - len(ftyp) - len(moov) - 8 - len(salt))
    mdat = box(b"mdat", salt, bytes(padding))
    return ftyp + (mdat + moov if index_last else moov + mdat)


def jpeg(width=1080, height=1350, size=0):
    """The first bytes of a JPEG, padded to `size`."""
    head = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + bytes(3)
    return (head + frame).ljust(size, b"\0")


def webp(width=1080, height=1350):
    three = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + bytes(4) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + three


def png(width=1080, height=1350):
    return b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR" + struct.pack(">II", width, height)
