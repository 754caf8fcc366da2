"""What many deliveries have on record, written in few transactions: who comes while one is kept joins the next.

A line is on record when its writer hears of it: nothing goes on before that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from core.domain.chronicle import Entry, passage_of
from core.domain.delivery import Delivery
from core.domain.fact import Fact
from core.ports import Clock, Fresh, Pace, UnitOfWork, Work
from core.usecases.batches import Batches
from core.usecases.delivery_news import news_of

LINES = 50
"""Lines of one transaction at most: it holds the database's one writer for milliseconds."""

Way = Callable[[Fresh], Sequence[Delivery]]
"""Returns what a delivery becomes, one state after another, of what it is by now; of nothing else."""


class Lost(Exception):
    """The delivery is not ours any more: a person decided about it, or its lease ran out and another took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A change of a claimed delivery. `is_news` says of one state and the next whether people are told."""

    claimed: Delivery
    way: Way
    is_news: Callable[[Delivery, Delivery], bool]
    releases: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is on record: the delivery as it was found and as it is now, with the other versions."""

    before: Delivery
    after: Delivery
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls of an account that are to be counted against its limits."""

    account: str
    paces: Sequence[Pace]


Job = Line | Calls
Outcome = Any


class Logbook:
    """Writes changes of deliveries, with what is told of them, and counts calls."""

    def __init__(self, *, work: Work, clock: Clock) -> None:
        self._work = work
        self._clock = clock
        self._batches: Batches[Job, Outcome] = Batches(
            self._write, most=LINES, key=_key, follows=True, name="logbook"
        )

    async def write(self, line: Line) -> Written:
        """Write a change on top of the row as it is by now. Raises Lost."""
        written: Written = await self._batches.do(line)
        return written

    async def spend(self, account: str, paces: Sequence[Pace]) -> datetime | None:
        """Write calls against an account's limits, or none and return when all have room again."""
        until: datetime | None = await self._batches.do(Calls(account=account, paces=paces))
        return until

    async def closed(self) -> None:
        """Wait until nothing is being written."""
        await self._batches.closed()

    async def _write(self, jobs: Sequence[Job]) -> Sequence[Outcome]:
        async with self._work.writing() as unit:
            spent = await self._count(unit, [job for job in jobs if isinstance(job, Calls)])
            written = await self._change(unit, [job for job in jobs if isinstance(job, Line)])
            await unit.commit()
        return [spent[job.account] if isinstance(job, Calls) else written[job.claimed.id] for job in jobs]

    async def _count(self, unit: UnitOfWork, calls: Sequence[Calls]) -> dict[str, Outcome]:
        if not calls:
            return {}
        wanted = {each.account: each.paces for each in calls}
        return dict(await unit.calls.spend_every(wanted, self._clock.now()))

    async def _change(self, unit: UnitOfWork, lines: Sequence[Line]) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {line.claimed.id: Lost() for line in lines}
        if not lines:
            return outcomes
        page = _Page(self._clock.now())
        held = await unit.deliveries.held([line.claimed for line in lines])
        for line in lines:
            if fresh := held.get(line.claimed.id):
                try:
                    page.add(line, fresh)
                except Exception as failed:  # noqa: BLE001 - it is raised where the change comes from
                    outcomes[line.claimed.id] = failed
        saved = await unit.deliveries.save_held(
            list(page.after.values()), released={line.claimed.id for line in lines if line.releases}
        )
        await unit.chronicle.add(*page.entries)
        await unit.facts.add(*page.news)
        written = {
            id_: Written(before=held[id_].delivery, after=after, fresh=held[id_])
            for id_, after in saved.items()
        }
        return outcomes | written


class _Page:
    """What one transaction writes."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self.after: dict[str, Delivery] = {}
        self.entries: list[Entry] = []
        self.news: list[Fact] = []

    def add(self, line: Line, fresh: Fresh) -> None:
        """Note what a line amounts to."""
        states = [fresh.delivery, *line.way(fresh)]
        passages = list(pairwise(states))
        entries = [passage_of(before, after, at=self._at) for before, after in passages]
        self.entries += [each for each in entries if each is not None]
        if any([line.is_news(before, after) for before, after in passages]):  # noqa: C419 - each is looked at
            self.news.append(news_of(states[-1], self._at))
        self.after[line.claimed.id] = states[-1]


def _key(job: Job) -> str:
    """Of an account, and of a delivery, one is written after the other."""
    return job.account if isinstance(job, Calls) else job.claimed.id
