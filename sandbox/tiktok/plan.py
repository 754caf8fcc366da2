"""TikTok's rules for an upload in pieces (MTG), and the plan that an init fixes."""

from dataclasses import dataclass

MEGA, MEBI = 1_000_000, 1024 * 1024
MOST_CHUNKS = 1_000


@dataclass(frozen=True, slots=True)
class Units:
    """Bytes of the smallest and largest chunk that isn't the last, of the largest last one, film and photo."""

    smallest: int
    largest: int
    last: int
    film: int
    photo: int


UNITS = {
    "strict": Units(5 * MEBI, 64 * MEGA, 128 * MEGA, 4_000 * MEGA, 20 * MEGA),
    "decimal": Units(5 * MEGA, 64 * MEGA, 128 * MEGA, 4_000 * MEGA, 20 * MEGA),
    "binary": Units(5 * MEBI, 64 * MEBI, 128 * MEBI, 4_096 * MEBI, 20 * MEBI),
}
"""What a megabyte and a gigabyte are; strict takes only what is legal in both readings."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`size` bytes in `count` chunks of `chunk`; the last takes the rest too."""

    size: int
    chunk: int
    count: int

    def end(self, begin: int) -> int:
        """The last byte of the chunk that begins here."""
        is_last = begin // self.chunk >= self.count - 1
        return self.size - 1 if is_last else begin + self.chunk - 1


def fault(plan: Plan, units: Units) -> str:
    """The parameter that breaks a rule, "" for a legal plan."""
    if not 0 < plan.size <= units.film:
        return "video_size"
    if not 0 < plan.chunk <= plan.size:
        return "chunk_size"
    if plan.size < units.smallest:
        return "" if (plan.chunk, plan.count) == (plan.size, 1) else "chunk_size"
    if not units.smallest <= plan.chunk <= units.largest:
        return "chunk_size"
    # The leftover is never a chunk of its own: it goes into the last one.
    right = plan.count == plan.size // plan.chunk and 1 <= plan.count <= MOST_CHUNKS
    last = plan.size - (plan.count - 1) * plan.chunk
    whole_but_large = plan.count == 1 and plan.size > units.largest
    return "" if right and last <= units.last and not whole_but_large else "total_chunk_count"
