"""Files by their content, in a folder: each kept once, written beside and moved into place, gone when nobody asks.

    objects/ab/abcd…   a file whose SHA-256 is its name; its time is when somebody last asked for it
    making/…           what is being written
    made/…             the digest of a source and a recipe, holding the name of what they gave

Hosts that work on the same posts share the folder: nothing brings a post's file to a host that misses it. Files appear
whole, by a rename, and what is removed while somebody reads it is read to its end on a local disk.
"""

import asyncio
import errno
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from core.domain.refusals import Refusal
from core.media.local import LocalFile
from core.ports import Kept

PRIVATE = 0o700
WRITTEN_AT_ONCE = 1 << 20
LIFETIME = timedelta(days=7)
ABANDONED = timedelta(days=1)
RECENT = timedelta(hours=1)
"""Files asked for within it stay, however full the folder is: somebody is working with them."""
CAPACITY = 50 << 30
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FolderStore:
    """Keeps MediaStore in a folder. `capacity` is in bytes."""

    def __init__(self, root: Path, *, capacity: int = CAPACITY, lifetime: timedelta = LIFETIME) -> None:
        self._objects = root / "objects"
        self._making = root / "making"
        self._made = root / "made"
        self._capacity = capacity
        self._lifetime = lifetime

    async def keep(self, pieces: AsyncIterable[bytes], *, at: datetime, largest: int) -> Kept:
        """Keep a stream, hashing while writing. Raises Refusal `media_too_large` or `media_no_room`."""
        digest, size = hashlib.sha256(), 0
        async with self.scratch() as file:
            with file.open("xb") as written, _room():
                async for block in _blocks(pieces):
                    size += len(block)
                    if size > largest:
                        raise Refusal("media_too_large", largest=str(largest))
                    await asyncio.to_thread(_write, written, digest.update, block)
                await asyncio.to_thread(_settle, written)
            return await asyncio.to_thread(self._place, file, digest.hexdigest(), at)

    async def adopt(self, file: Path, *, at: datetime) -> Kept:
        """Take over a finished file by moving it."""
        return await asyncio.to_thread(self._adopt, file, at)

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        """Give a name on the same file system, so that taking over is a rename."""
        self._making.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        file = self._making / secrets.token_hex(16)
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    async def find(self, sha256: str, *, at: datetime) -> Kept | None:
        """Look for a file by its content and start its time anew."""
        return await asyncio.to_thread(self._find, sha256, at)

    def open(self, kept: Kept, *, name: str) -> "KeptFile":
        """Open a kept file. Raises Refusal `media_gone`."""
        return KeptFile(self._path(kept.sha256), name)

    async def made(self, recipe: str, *, at: datetime) -> Kept | None:
        """Look for what a recipe gave before."""
        sha256 = _noted(self._made / _checked(recipe))
        return await self.find(sha256, at=at) if sha256 else None

    async def note(self, recipe: str, result: Kept) -> None:
        """Remember what a recipe gave."""
        self._made.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        async with self.scratch() as file:
            file.write_text(_checked(result.sha256), "ascii")
            file.replace(self._made / _checked(recipe))

    async def tidy(self, at: datetime, *, referenced: Collection[str]) -> int:
        """Remove what nobody refers to and asked for lately; return how many bytes went."""
        return await asyncio.to_thread(self._tidy, at, frozenset(referenced))

    def _path(self, sha256: str) -> Path:
        return self._objects / sha256[:2] / _checked(sha256)

    def _place(self, file: Path, sha256: str, at: datetime) -> Kept:
        target = self._path(sha256)
        target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        file.chmod(0o600)
        file.replace(target)
        os.utime(target, (at.timestamp(), at.timestamp()))
        return Kept(sha256=sha256, size=target.stat().st_size)

    def _adopt(self, file: Path, at: datetime) -> Kept:
        with file.open("rb") as finished:
            sha256 = hashlib.file_digest(finished, "sha256").hexdigest()
            os.fsync(finished.fileno())
        return self._place(file, sha256, at)

    def _find(self, sha256: str, at: datetime) -> Kept | None:
        path = self._path(sha256)
        try:
            os.utime(path, (at.timestamp(), at.timestamp()))
            return Kept(sha256=sha256, size=path.stat().st_size)
        except FileNotFoundError:
            return None

    def _tidy(self, at: datetime, referenced: frozenset[str]) -> int:
        for each in _files(self._making):
            if _time(each) < (at - ABANDONED).timestamp():
                each.unlink(missing_ok=True)
        went, spare = 0, [each for each in _files(self._objects) if each.name not in referenced]
        total = sum(_size(each) for each in _files(self._objects))
        for each in sorted(spare, key=_time):
            expired = _time(each) < (at - self._lifetime).timestamp()
            crowded = total - went > self._capacity and _time(each) < (at - RECENT).timestamp()
            if expired or crowded:
                went += _size(each)
                each.unlink(missing_ok=True)
        for each in _files(self._made):
            sha256 = _noted(each)
            if not sha256 or not self._path(sha256).exists():
                each.unlink(missing_ok=True)
        return went


class KeptFile(LocalFile):
    """A file of the store, under the name that people know it by."""

    def __init__(self, path: Path, name: str) -> None:
        try:
            super().__init__(path)
        except Refusal:
            raise Refusal("media_gone") from None
        self._name = name


async def _blocks(pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Gather small pieces, so that a gigabyte is a thousand writes."""
    block = bytearray()
    async for piece in pieces:
        block += piece
        if len(block) >= WRITTEN_AT_ONCE:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def _write(file: BinaryIO, update: Callable[[bytes], object], block: bytes) -> None:
    update(block)
    file.write(block)


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refusal("media_no_room") from None
        raise


def _noted(file: Path) -> str:
    """Return the digest that a file in `made` holds; "" where a crash left less of it, or another host removed it."""
    with suppress(FileNotFoundError):
        held = file.read_bytes().decode("ascii", "replace")
        return held if _SHA256.fullmatch(held) else ""
    return ""


def _checked(name: str) -> str:
    """Return a name that can only be a digest: nothing else ever becomes part of a path."""
    if not _SHA256.fullmatch(name):
        raise ValueError("Not a SHA-256.")
    return name


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.rglob("*")) if each.is_file())


def _time(file: Path) -> float:
    with suppress(FileNotFoundError):
        return file.stat().st_mtime
    return 0.0


def _size(file: Path) -> int:
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0
