"""What an emulator sees of a media file while it flows past: never all of a long one in memory."""

import hashlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox import stills
from sandbox.films import BrokenFilm, Film, FilmReader, Track
from sandbox.reel import MOST, Reel

if TYPE_CHECKING:
    from hashlib import _Hash

HEAD = 128 * 1024
"""Bytes kept of the beginning: a picture's size stands behind its metadata."""

QUICKTIME = b"qt  "
NO_TRACK = Track("")


@dataclass(frozen=True, slots=True)
class Seen:
    """A whole file. `kind` is mp4, mov, webm, jpeg, webp, png, or "" for what nobody can play; 0 and "" are unknown.

    `width` and `height` are as shown, so a film that lies on its side has them turned.
    """

    sha256: str
    size: int
    kind: str
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    fps: float = 0.0
    video: str = ""
    audio: str = ""
    audio_rate: int = 0
    channels: int = 0
    chroma: str = ""
    edit_list: bool = False
    index_first: bool = True

    @property
    def ratio(self) -> float:
        """Width by height; 0 where unknown."""
        return self.width / self.height if self.height else 0.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Glance:
    """Takes a file in pieces and in order; `fork` allows to give up a piece that didn't arrive whole.

    With a `reel` the file is kept there, to be shown, unless it is too long.
    """

    size: int = 0
    reel: Reel | None = None
    _pieces: list[bytes] = field(default_factory=list)
    _hash: "_Hash" = field(default_factory=hashlib.sha256)
    _head: bytes = b""
    _film: FilmReader = field(default_factory=FilmReader)

    def fork(self) -> "Glance":
        return Glance(self.size, self.reel, [*self._pieces], self._hash.copy(), self._head, self._film.fork())

    def feed(self, piece: bytes) -> None:
        self.size += len(piece)
        self._hash.update(piece)
        if len(self._head) < HEAD:
            self._head += piece[: HEAD - len(self._head)]
        self._film.feed(piece)
        if self.reel is not None:
            self._pieces.append(piece)
            if self.size > MOST:
                self.reel, self._pieces = None, []

    def seen(self) -> Seen:
        """What it was, once all of it flowed past."""
        one = self._seen()
        if self.reel is not None:
            self.reel.keep(one.sha256, one.kind, b"".join(self._pieces))
        return one

    def _seen(self) -> Seen:
        sha256 = self._hash.hexdigest()
        if kind := stills.kind_of(self._head):
            width, height = stills.size_of(self._head)
            return Seen(sha256, self.size, kind, width, height)
        if self._head.startswith(b"\x1a\x45\xdf\xa3"):
            return Seen(sha256, self.size, "webm")
        try:
            return self._seen_film(sha256, self._film.film())
        except BrokenFilm:
            return Seen(sha256, self.size, "")

    def _seen_film(self, sha256: str, film: Film) -> Seen:
        picture, sound = film.track("vide") or NO_TRACK, film.track("soun") or NO_TRACK
        return Seen(
            sha256=sha256,
            size=self.size,
            kind="mov" if self._head[8:12] == QUICKTIME else "mp4",
            width=picture.width,
            height=picture.height,
            seconds=film.seconds or picture.seconds,
            fps=picture.samples / picture.seconds if picture.seconds else 0.0,
            video=picture.codec,
            audio=sound.codec,
            audio_rate=sound.rate,
            channels=sound.channels,
            chroma=picture.chroma,
            edit_list=film.edit_list,
            index_first=film.index_first,
        )
