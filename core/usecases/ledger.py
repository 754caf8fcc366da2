"""What many looks have to write down, in few transactions: whoever comes while one is being kept joins the next."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.ports import UnitOfWork, Work

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


Waiting = tuple[Line, "asyncio.Future[Connection | None]"]


class Ledger:
    """Keeps lines. A line is kept whole or not at all, and never on top of what somebody else wrote meanwhile."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, line: Line) -> Connection | None:
        """Write a line and return the connection as saved; None where somebody else wrote first.

        Returns once it is committed. No evidence and no news come of it: it is for what changes nothing for people.
        """
        future: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((line, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all(), name="ledger")
        return await future

    async def _write_all(self) -> None:
        await asyncio.sleep(0)  # those who are as far in the same moment come along
        while self._waiting:
            taken, self._waiting = self._waiting[:LINES], self._waiting[LINES:]
            try:
                saved = await self._write([line for line, _ in taken])
            except Exception as failed:  # noqa: BLE001 - it is raised for everybody whose line was not kept
                _answer(taken, failed)
            else:
                _answer(taken, saved)
        self._writer = None

    async def _write(self, lines: Sequence[Line]) -> Mapping[str, Connection]:
        saved: dict[str, Connection] = {}
        async with self._work.writing() as unit:
            for owner, group in _by_lease(lines):
                saved |= await _save(unit, list(group), owner)
            await unit.commit()
        for line in lines:
            if line.ends is not None and line.after.id in saved:
                line.ends.is_held = False
        return saved


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


def _answer(waiting: Iterable[Waiting], outcome: Mapping[str, Connection] | Exception) -> None:
    for line, future in waiting:
        if future.done():
            continue  # whoever waited was cancelled
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome.get(line.after.id))
