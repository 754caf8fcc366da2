"""A file on this machine as a MediaSource."""

import asyncio
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from core.domain.refusals import Refusal

COPIED_AT_ONCE = 1 << 20
"""Bytes that are copied without asking a thread, if no disk has to be waited for."""
_MAY_ASK = hasattr(os, "RWF_NOWAIT")
"""Only Linux tells whether a read would have to wait."""


class LocalFile:
    """An open file. Only plain files are opened: a pipe or a device has no end and no second reading."""

    def __init__(self, path: Path, *, name: str | None = None) -> None:
        """Raises Refusal `file_missing`, `file_not_a_file` or `file_unreadable`."""
        self._file = _opened(path)
        self._size = os.fstat(self._file).st_size
        self._name = name or path.name

    @property
    def name(self) -> str:
        return self._name

    @property
    def size(self) -> int:
        return self._size

    def fileno(self) -> int:
        return self._file

    async def read(self, offset: int, length: int) -> bytes:
        if _is_at_hand(self._file, offset, length):
            return os.pread(self._file, length, offset)
        return await asyncio.to_thread(os.pread, self._file, length, offset)

    def close(self) -> None:
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_at_hand(file: int, offset: int, length: int) -> bool:
    """True where a part's first and last byte are in memory: a thread of its own would cost more than the copy."""
    if not _MAY_ASK or not 0 < length <= COPIED_AT_ONCE:
        return False
    try:
        return all(
            os.preadv(file, [bytearray(1)], place, os.RWF_NOWAIT) == 1
            for place in (offset, offset + length - 1)
        )
    except OSError:
        return False


def _opened(path: Path) -> int:
    name = str(path)
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a named pipe would let us hang
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal("file_missing", typed=name) from None
    except (OSError, ValueError):
        raise Refusal("file_unreadable", typed=name) from None
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise Refusal("file_not_a_file", typed=name)
