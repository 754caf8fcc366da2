"""Open descriptors as files: all that PyAV gets to read from and write to."""

import io
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

BUFFER = 1 << 20
"""Bytes read or written at once."""
BEHIND = 8
"""Writes that may wait for the disk while the next packets are read."""


class _Placed(io.RawIOBase):
    """A descriptor with a place in it of its own, which nobody else moves."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = max(0, offset + (self._end() if base is None else base))
        return self._at

    def tell(self) -> int:
        return self._at

    def _end(self) -> int:
        return os.fstat(self._descriptor).st_size


class Reader(_Placed):
    """Reads."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = os.pread(self._descriptor, size if size >= 0 else BUFFER, self._at)
        self._at += len(found)
        return found


class Writer(_Placed):
    """Writes in order on a thread of its own, so that reading goes on meanwhile. `settle` waits for the rest."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor)
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._pending: deque[Future[None]] = deque()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Take a piece. Raises the OSError of an earlier one."""
        piece = bytes(data)
        self._pending.append(self._thread.submit(_write, self._descriptor, piece, self._at))
        self._at += len(piece)
        while len(self._pending) > BEHIND:
            self._pending.popleft().result()
        return len(piece)

    def settle(self) -> None:
        """Wait until everything is written. Raises OSError."""
        try:
            while self._pending:
                self._pending.popleft().result()
        finally:
            self._thread.shutdown()

    def _end(self) -> int:
        while self._pending:
            self._pending.popleft().result()
        return super()._end()


def _write(descriptor: int, piece: bytes, at: int) -> None:
    rest = memoryview(piece)
    while rest:
        written = os.pwrite(descriptor, rest, at)
        at += written
        rest = rest[written:]
