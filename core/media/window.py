"""A bounded view of a file that lies anywhere: reads by offset, counts what it read, stops at a budget."""

import io
from collections import OrderedDict
from collections.abc import Callable

Fetch = Callable[[int, int], bytes]
"""(offset, length) to the bytes there; fewer only where the file ends."""

LARGEST_READ = 32 << 20
BLOCKS_KEPT = 256


class Excess(Exception):
    """More was asked for than this reading may take."""


class Window:
    """Reads of one file. With `block`, whole blocks are fetched and a bounded number of them kept."""

    def __init__(self, fetch: Fetch, size: int, *, budget: int, block: int = 0) -> None:
        self._fetch = fetch
        self._block = block
        self._budget = budget
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self.size = size
        self.bytes_read = 0

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes; fewer where the file ends. Raises Excess."""
        length = min(length, self.size - offset)
        if offset < 0 or length <= 0:
            return b""
        if length > LARGEST_READ:
            raise Excess(f"{length} bytes at once")
        if not self._block:
            return self._fetched(offset, length)
        first, last = offset // self._block, (offset + length - 1) // self._block
        if last - first >= BLOCKS_KEPT // 2:
            return self._fetched(offset, length)
        found = b"".join(self._piece(index) for index in range(first, last + 1))
        start = offset - first * self._block
        return found[start : start + length]

    def _piece(self, index: int) -> bytes:
        if index in self._kept:
            self._kept.move_to_end(index)
            return self._kept[index]
        start = index * self._block
        piece = self._fetched(start, min(self._block, self.size - start))
        self._kept[index] = piece
        if len(self._kept) > BLOCKS_KEPT:
            self._kept.popitem(last=False)
        return piece

    def _fetched(self, offset: int, length: int) -> bytes:
        if self.bytes_read + length > self._budget:
            raise Excess(f"{self._budget} bytes in all")
        found = self._fetch(offset, length)
        self.bytes_read += len(found)
        return found


class WindowFile(io.RawIOBase):
    """A window as a file object: all that PyAV gets to see."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._window.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = min(size if size >= 0 else LARGEST_READ, LARGEST_READ)
        found = self._window.read(self._at, wanted)
        self._at += len(found)
        return found
