"""What many looks have to write down, in few transactions: whoever comes while one is being kept joins the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.ports import UnitOfWork, Work
from core.usecases.batches import Batches

LINES = 100
"""Lines of one transaction at most: it holds the database's one writer for milliseconds."""


@dataclass(slots=True)
class Lease:
    """One claim of one connection under a name of its own, until it is given back.

    `written` is the connection as its holder wrote it last, None before that.
    """

    owner: str
    is_held: bool = True
    written: Connection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A connection as it is from now on, with the version that was read; new credentials go into the same commit.

    `ends` is the lease that this line gives back.
    """

    after: Connection
    issued: Credentials | None = None
    ends: Lease | None = None


class Ledger:
    """Keeps lines. A line is kept whole or not at all, and never on top of what somebody else wrote meanwhile."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._batches: Batches[Line, Connection | None] = Batches(
            self._write, most=LINES, key=_connection, follows=False, name="ledger"
        )

    async def keep(self, line: Line) -> Connection | None:
        """Write a line and return the connection as saved; None where somebody else wrote first.

        Returns once it is committed. No evidence and no news come of it: it is for what changes nothing for people.
        """
        return await self._batches.do(line)

    async def _write(self, lines: Sequence[Line]) -> Sequence[Connection | None]:
        saved: dict[str, Connection] = {}
        async with self._work.writing() as unit:
            for owner, group in _by_lease(lines):
                saved |= await _save(unit, list(group), owner)
            await unit.commit()
        for line in lines:
            if line.ends is not None and line.after.id in saved:
                line.ends.is_held = False
        return [saved.get(line.after.id) for line in lines]


async def _save(unit: UnitOfWork, lines: Sequence[Line], owner: str) -> Mapping[str, Connection]:
    kept = await unit.connections.save_unchanged([line.after for line in lines], released_by=owner)
    saved = {each.id: each for each in kept}
    issued = {line.after.id: line.issued for line in lines if line.issued and line.after.id in saved}
    if issued:
        await unit.credentials.put_every(issued)
    return saved


def _by_lease(lines: Sequence[Line]) -> Iterable[tuple[str, Iterable[Line]]]:
    def owner(line: Line) -> str:
        return line.ends.owner if line.ends else ""

    return groupby(sorted(lines, key=owner), owner)


def _connection(line: Line) -> str:
    return line.after.id
