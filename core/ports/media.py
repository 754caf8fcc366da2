"""What the use cases ask for files: where they lie, what they are, and what is made of them."""

from collections.abc import AsyncGenerator, AsyncIterable, Collection
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.domain.media import Media
from core.domain.rendition import Progress, Recipe


class MediaSource(Protocol):
    """A file somewhere, readable in parts. `name` is what people call it, for its extension and for messages."""

    @property
    def name(self) -> str:
        """Reads what people call the file."""

    @property
    def size(self) -> int:
        """Reads its length in bytes."""

    def fileno(self) -> int | None:
        """Reads the open descriptor of a file on this machine, None where it lies elsewhere."""

    async def read(self, offset: int, length: int) -> bytes:
        """Reads a part; fewer bytes only where the file ends. Raises Trouble."""


class MediaProbe(Protocol):
    """Says what a file is, at no risk to whoever asks."""

    async def probe(self, source: MediaSource, *, sha256: str | None = None) -> Media:
        """Reads a file's facts. Never raises for what is in it: that is in `troubles`. Raises its source's Refusal.

        `sha256` names a file whose content is known already: not all of it need be read then.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file in the media store. The name is its content; `size` is in bytes."""

    sha256: str
    size: int


class MediaStore(Protocol):
    """Files by their content, each kept once, read in constant memory."""

    async def keep(self, pieces: AsyncIterable[bytes], *, at: datetime, largest: int) -> Kept:
        """Repeats safely: keeps a stream. Raises Refusal `media_too_large`, and then nothing of it stays."""

    async def adopt(self, file: Path, *, at: datetime) -> Kept:
        """Repeats safely: takes over a finished file from `scratch`."""

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """Repeats safely: a name for a file in the making; what is still there at the end is removed."""

    async def find(self, sha256: str, *, at: datetime) -> Kept | None:
        """Repeats safely: looks for a file and starts its time anew."""

    def open(self, kept: Kept, *, name: str) -> AbstractContextManager[MediaSource]:
        """Reads a kept file. Raises Refusal `media_gone`."""

    async def made(self, recipe: str, *, at: datetime) -> Kept | None:
        """Repeats safely: looks for what `recipe`, the digest of a source and what was done to it, gave before."""

    async def note(self, recipe: str, result: Kept) -> None:
        """Repeats safely: remembers what a recipe gave."""

    async def tidy(self, at: datetime, *, referenced: Collection[str]) -> int:
        """Repeats safely: removes files whose time is over and nobody refers to; returns how many bytes went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file whose bytes are all on this machine: its source has a descriptor."""

    source: MediaSource
    sha256: str


class MediaOrigin(Protocol):
    """Where a file comes from: it can be looked at there, or had whole."""

    @property
    def fetched(self) -> int:
        """Reads how many bytes have come over the network so far."""

    def look(self) -> AbstractAsyncContextManager[MediaSource]:
        """Reads the file where it is, or brings it here first where it can't be read in parts. Raises Refusal."""

    def hold(self) -> AbstractAsyncContextManager[Held]:
        """Repeats safely: brings the whole file here. Raises Refusal."""


class Renditions(Protocol):
    """Makes files by recipes, at no risk to whoever asks."""

    def make(self, source: MediaSource, recipe: Recipe, target: Path) -> AsyncGenerator[Progress, None]:
        """Repeats safely: writes `target` and tells how far it is; closing the generator ends the work.

        Raises CannotCopy where a track has to be made anew, Refusal `fix_…` where the file can't be had that way.
        """
