"""Boxes: a size, four characters, a payload. Whatever a box claims is checked against what is there."""

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from fractions import Fraction

MOST_CHILDREN = 1024
_HEADER = 8
_LONG_HEADER = 16


class Lies(list[str]):
    """What can't be true in a file, each once, a bounded number."""

    MOST = 16

    def tell(self, what: str) -> None:
        if what not in self and len(self) < self.MOST:
            self.append(what)


def header(head: bytes, left: int) -> tuple[str, int, int] | None:
    """Return (kind, header's length, whole length) of the box that begins here, None where none can be read.

    The whole length may go beyond `left`: that is for the caller to judge. 0 in the file means "to the end".
    """
    if len(head) < _HEADER:
        return None
    size, name = struct.unpack_from(">I4s", head)
    length = _HEADER
    if size == 1:
        if len(head) < _LONG_HEADER:
            return None
        size, length = struct.unpack_from(">Q", head, _HEADER)[0], _LONG_HEADER
    elif size == 0:
        size = left
    if size < length:
        return None
    return name.decode("latin-1"), length, size


def children(data: memoryview, lies: Lies) -> Iterator[tuple[str, memoryview]]:
    """Yield the boxes in a payload, as far as they can be true."""
    at = 0
    for _ in range(MOST_CHILDREN):
        found = header(bytes(data[at : at + _LONG_HEADER]), len(data) - at)
        if found is None:
            if any(data[at : at + _HEADER]):  # QuickTime ends lists of atoms with four zero bytes
                lies.tell("a box without a size")
            return
        kind, start, size = found
        if at + size > len(data):
            lies.tell(f"{printable(kind)} is longer than what holds it")
            return
        yield kind, data[at + start : at + size]
        at += size
        if at >= len(data):
            return
    lies.tell("more boxes than any player reads")


def first(data: memoryview, path: str, lies: Lies) -> memoryview | None:
    """Return the payload at a path like "mdia/minf/stbl", None where it isn't there."""
    for name in path.split("/"):
        payload = next((found for kind, found in children(data, lies) if kind == name), None)
        if payload is None:
            return None
        data = payload
    return data


def table(
    data: memoryview | None, lies: Lies, *, columns: int, at: int = 4, wide: bool = False
) -> Sequence[int]:
    """Return the numbers of a table box: a count at offset `at`, then rows of `columns` numbers.

    A count that the box can't hold is a lie, and is cut to what is there. Nothing is allocated for it.
    """
    kind = "Q" if wide else "I"
    if data is None or len(data) < at + 4:
        return array(kind)
    count = int.from_bytes(data[at : at + 4], "big")
    row = columns * (8 if wide else 4)
    held = (len(data) - at - 4) // row
    if count > held:
        lies.tell("a table longer than its box")
        count = held
    numbers = array(kind)
    numbers.frombytes(data[at + 4 : at + 4 + count * row])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def number(data: memoryview | None, at: int, length: int) -> int | None:
    """Return an unsigned number, None where the box ends before it."""
    if data is None or len(data) < at + length:
        return None
    return int.from_bytes(data[at : at + length], "big")


def fixed(data: memoryview, at: int) -> float:
    """Return a signed 16.16 number."""
    return float(struct.unpack_from(">i", data, at)[0]) / 65536


def seconds(ticks: int | None, scale: int | None) -> float | None:
    """Return ticks of a timescale as seconds."""
    return ticks / scale if ticks is not None and scale else None


def ratio(value: Fraction) -> tuple[int, int]:
    """Return a fraction as it travels."""
    return value.numerator, value.denominator


def printable(kind: str) -> str:
    """Return a box's four characters so that they can be shown."""
    return "".join(each if each.isascii() and each.isprintable() else "?" for each in kind)
