"""Open descriptors as files: all that PyAV gets to read from and write to."""

import io
import os
from typing import Any

BUFFER = 1 << 20
"""Bytes read or written at once."""


class _Placed(io.RawIOBase):
    """A descriptor with a place in it of its own, which nobody else moves."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = max(0, offset + (os.fstat(self._descriptor).st_size if base is None else base))
        return self._at

    def tell(self) -> int:
        return self._at


class Reader(_Placed):
    """Reads."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = os.pread(self._descriptor, size if size >= 0 else BUFFER, self._at)
        self._at += len(found)
        return found


class Writer(_Placed):
    """Writes."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._descriptor, rest, self._at)
            self._at += written
            rest = rest[written:]
        return len(data)
