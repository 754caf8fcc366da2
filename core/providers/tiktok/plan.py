"""In which pieces a video goes to TikTok (content-posting-api-media-transfer-guide), and what its host says it has."""

import re
from dataclasses import dataclass

LARGEST_WHOLE = 64_000_000
"""Bytes that go in one piece: TikTok's 64 MB, of which nobody says what a megabyte is, by the smaller reading."""
CHUNK = 10_000_000
"""Bytes of each piece of something larger: between 5 and 64 MB in both readings."""

_RANGE = re.compile(r"bytes 0-(?P<end>[0-9]{1,18})/(?P<total>[0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Plan:
    """`size` bytes in pieces of `chunk`; what is left over goes with the last one."""

    size: int
    chunk: int

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return max(1, self.size // self.chunk)

    @property
    def last(self) -> int:
        """Where the last piece begins."""
        return (self.count - 1) * self.chunk

    def end(self, begin: int) -> int:
        """Return where the piece that begins there ends: the byte behind it."""
        return self.size if begin >= self.last else begin + self.chunk

    def is_border(self, place: int) -> bool:
        """True between two pieces, at the beginning and at the end."""
        return place == self.size or (0 <= place <= self.last and place % self.chunk == 0)

    def progress(self, header: str) -> int | None:
        """Return how many bytes the host has by its Content-Range; None where that makes no sense.

        The guide's template has the count in it, HTTP the number of the last byte: pieces are taken whole, so only
        one of both is a border.
        """
        found = _RANGE.fullmatch(header.strip())
        if found is None or int(found["total"]) != self.size:
            return None
        end = int(found["end"])
        return next((each for each in (end, end + 1) if self.is_border(each)), None)


def planned(size: int) -> Plan:
    """Return the plan for a video of `size` bytes."""
    return Plan(size, size if size <= LARGEST_WHOLE else CHUNK)
