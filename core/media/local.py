"""A file on this machine as a MediaSource."""

import asyncio
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from core.domain.refusals import Refusal


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
        return await asyncio.to_thread(os.pread, self._file, length, offset)

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
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a named pipe would let us hang
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal("file_missing", typed=name) from None
    except (OSError, ValueError):
        raise Refusal("file_unreadable", typed=name) from None
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise Refusal("file_not_a_file", typed=name)
