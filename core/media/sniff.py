"""What a file's first bytes are, whatever its name says."""

import re
from collections.abc import Callable

HEAD = 4096

_MAGIC: tuple[tuple[str, str, Callable[[bytes], bool]], ...] = (
    ("jpeg", "image", lambda head: head[:3] == b"\xff\xd8\xff"),
    ("png", "image", lambda head: head[:8] == b"\x89PNG\r\n\x1a\n"),
    ("gif", "image", lambda head: head[:6] in {b"GIF87a", b"GIF89a"}),
    ("webp", "image", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    ("bmp", "image", lambda head: head[:2] == b"BM" and head[6:10] == bytes(4)),
    ("tiff", "image", lambda head: head[:4] in {b"II*\0", b"MM\0*"}),
    ("avi", "video", lambda head: head[:4] == b"RIFF" and head[8:12] == b"AVI "),
    ("webm", "video", lambda head: head[:4] == b"\x1aE\xdf\xa3" and b"\x42\x82\x84webm" in head[:64]),
    ("matroska", "video", lambda head: head[:4] == b"\x1aE\xdf\xa3"),
    ("flv", "video", lambda head: head[:4] == b"FLV\x01"),
    ("asf", "video", lambda head: head[:8] == b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    ("mpeg", "video", lambda head: head[:4] in {b"\0\0\1\xba", b"\0\0\1\xb3"}),
    ("mpegts", "video", lambda head: head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G"),
    ("mpegts", "video", lambda head: head[4:5] == b"G" and head[196:197] == b"G" and head[388:389] == b"G"),
    ("ogg", "video", lambda head: head[:4] == b"OggS"),
    ("wav", "audio", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE"),
    ("flac", "audio", lambda head: head[:4] == b"fLaC"),
    (
        "mp3",
        "audio",
        lambda head: head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] in b"\xfb\xf3\xf2"),
    ),
    ("aac", "audio", lambda head: head[:1] == b"\xff" and head[1:2] in b"\xf1\xf9"),
)
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp", b"pnot", b"moof", b"sidx"})
_PICTURE_BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"hevc": "heic",
    b"mif1": "heic",
}

_TEXT: tuple[tuple[str, str, re.Pattern[bytes]], ...] = (
    ("m3u8", "playlist", re.compile(rb"\s*#EXTM3U")),
    ("ffconcat", "playlist", re.compile(rb"\s*ffconcat\s+version")),
    ("concat", "playlist", re.compile(rb"\s*(?:#[^\n]*\n\s*)*(?:file|include)\s+['\"/.\w]")),
    (
        "concat",
        "playlist",
        re.compile(rb"\s*(?:concatf?|subfile|data|file|https?|rtmps?|rtsp|ftp):\S+\s*$", re.IGNORECASE),
    ),
    ("sdp", "playlist", re.compile(rb"v=0\r?\n(?:o=|s=|c=)")),
    (
        "dash",
        "playlist",
        re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?MPD[\s/>]", re.DOTALL),
    ),
    ("smooth", "playlist", re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<SmoothStreamingMedia[\s/>]")),
    ("pls", "playlist", re.compile(rb"\s*\[playlist\]", re.IGNORECASE)),
    ("xspf", "playlist", re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:playlist|asx|smil)[\s>]", re.IGNORECASE)),
    (
        "html",
        "page",
        re.compile(
            rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    (
        "svg",
        "page",
        re.compile(
            rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
)


def sniff(head: bytes) -> tuple[str, str]:
    """Return (format, family) of a file from its first bytes.

    Families: video, image, audio, playlist (names other files or hosts), page (HTML or SVG), none.
    """
    if not head:
        return "empty", "none"
    if head[4:8] in _BOXES:
        picture = _PICTURE_BRANDS.get(head[8:12]) if head[4:8] == b"ftyp" else None
        return (picture, "image") if picture else ("iso", "video")
    for name, family, matches in _MAGIC:
        if matches(head):
            return name, family
    text = head.removeprefix(b"\xef\xbb\xbf")
    for name, family, pattern in _TEXT:
        if pattern.match(text):
            return name, family
    return "unknown", "none"
