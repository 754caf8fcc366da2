"""Addresses that open one kept file until they run out: what is opened, and until when, is in the address, signed.

A platform that pulls a film, Slack that shows a picture, and a person who downloads are all served this way, by any
process that has the same keys.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.signing import NoLink, Signer
from core.ports import Clock, Kept

_PURPOSE = b"crosslink media link 1"
_HEAD = struct.Struct(">B32sQQ")
_DOWNLOAD = 1
LONGEST_NAME = 120
"""Bytes of a file's name that are carried along."""
LONGEST_TOKEN = 400
_LONGEST_ENDING = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What an address opens. `is_download` has the browser save it instead of showing it."""

    kept: Kept
    name: str
    expires_at: datetime
    is_download: bool


class MediaLinks:
    """Makes and reads the addresses."""

    def __init__(self, *, base_url: str, keys: Sequence[bytes], clock: Clock) -> None:
        self._base_url = base_url
        self._signer = Signer(keys, purpose=_PURPOSE, longest=LONGEST_TOKEN)
        self._clock = clock

    def url(self, kept: Kept, name: str, *, life: timedelta, download: bool = False) -> str:
        """Return an address that opens a file for `life`."""
        expires = int((self._clock.now() + life).timestamp())
        flags = _DOWNLOAD if download else 0
        head = _HEAD.pack(flags, bytes.fromhex(kept.sha256), kept.size, expires)
        told = head + short_name(name, LONGEST_NAME).encode()
        return f"{self._base_url}/media/{self._signer.sign(told)}"

    def read(self, token: str) -> Opened:
        """Return what an address opens. Raises NoLink."""
        told = self._signer.read(token)
        if len(told) < _HEAD.size:
            raise NoLink
        flags, digest, size, expires = _HEAD.unpack_from(told)
        now = self._clock.now()
        expires_at = datetime.fromtimestamp(expires, now.tzinfo)
        if now >= expires_at:
            raise NoLink(is_over=True)
        return Opened(
            kept=Kept(sha256=digest.hex(), size=size),
            name=told[_HEAD.size :].decode(errors="ignore"),
            expires_at=expires_at,
            is_download=bool(flags & _DOWNLOAD),
        )


def short_name(name: str, most: int) -> str:
    """Return a file's name on one line in at most `most` bytes; its ending stays, because programs go by it."""
    plain = " ".join(name.split()) or "file"
    stem, dot, ending = plain.rpartition(".")
    tail = f".{ending}" if dot and stem and len(ending.encode()) < _LONGEST_ENDING else ""
    room = most - len(tail.encode())
    return plain.removesuffix(tail).encode()[:room].decode(errors="ignore") + tail
