"""A file on this machine as a MediaSource."""

import asyncio
import hashlib
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from core.domain.refusals import Refusal


class LocalFile:
    """An open file. Only plain files are opened: a pipe or a device has no end and no second reading."""

    def __init__(self, path: Path) -> None:
        """Raises Refusal `file_missing`, `file_is_folder`, `file_not_plain` or `file_not_readable`."""
        self._file = _opened(path)
        self._size = os.fstat(self._file).st_size
        self._name = path.name

    @property
    def name(self) -> str:
        return self._name

    @property
    def size(self) -> int:
        return self._size

    def fileno(self) -> int:
        return self._file

    async def read(self, offset: int, length: int) -> bytes:
        return await asyncio.to_thread(os.pread, self._file, length, offset)

    async def digest(self) -> str:
        """Reads the whole file, in constant memory, and returns its SHA-256 in hex."""
        return await asyncio.to_thread(_digest, self._file)

    def close(self) -> None:
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(path: Path) -> int:
    name = str(path)
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal("file_missing", typed=name) from None
    except (OSError, ValueError):
        raise Refusal("file_not_readable", typed=name) from None
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return file
    os.close(file)
    raise Refusal("file_is_folder" if stat.S_ISDIR(mode) else "file_not_plain", typed=name)


def _digest(file: int) -> str:
    whole, at = hashlib.sha256(), 0
    while part := os.pread(file, 1 << 20, at):
        whole.update(part)
        at += len(part)
    return whole.hexdigest()
