"""A file on this machine as a source of media."""

import asyncio
import os
import stat
from contextlib import suppress
from pathlib import Path

from core.domain.refusals import Refusal

_QUOTED = 200


class LocalFile:
    """Keeps MediaSource over an open file: what is read stays the same file, whatever happens to its name."""

    fetched = 0

    def __init__(self, descriptor: int, path: Path, name: str) -> None:
        self._descriptor: int | None = descriptor
        self.path: Path | None = path
        self.name = name
        self.size = os.fstat(descriptor).st_size

    @classmethod
    def open(cls, path: Path, *, name: str | None = None) -> "LocalFile":
        """Open a file. Raises Refusal `file_missing`, `file_not_a_file` or `file_unreadable`."""
        typed = str(path)[:_QUOTED]
        try:
            # Without waiting: a named pipe would let us hang until somebody writes into it.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            raise Refusal("file_missing", typed=typed) from None
        except (OSError, ValueError):
            raise Refusal("file_unreadable", typed=typed) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Refusal("file_not_a_file", typed=typed)
        return cls(descriptor, path, name or path.name)

    async def read(self, offset: int, length: int) -> bytes:
        """Read a part without holding up anybody else."""
        if self._descriptor is None:
            raise Refusal("media_gone")
        return await asyncio.to_thread(os.pread, self._descriptor, length, offset)

    async def close(self) -> None:
        """Close the file."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                os.close(descriptor)
