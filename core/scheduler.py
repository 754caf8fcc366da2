"""One bounded pass over everything that is due. The loop around it lives where processes are started."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ports import Clock, Duty, Messenger, Work
from core.usecases.alerting import Alerting
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.publishing import Publishing
from core.usecases.telling import Telling
from core.usecases.watching import Watching

log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=5)
"""How long a pass waits for the next one after a part of it failed."""

_NEWS = ((Duty.NOTICES,), (Duty.ALERTS, Duty.POSTS, Duty.DELIVERIES), (Duty.FACTS,))
_STAGES = (
    *_NEWS,
    (Duty.INVITATIONS, Duty.CONNECTIONS),
    (Duty.ALERTS,),
    (Duty.FACTS,),
)
"""What is told waits for no look, and what is to go out neither; what a look finds is told in the same pass."""

Requests = Callable[[datetime], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """The use cases that have work by the clock. `requests` does what open requests for posts want by it."""

    linking: Linking
    watching: Watching
    notices: Notices
    alerting: Alerting
    publishing: Publishing | None = None
    requests: Requests | None = None


class Scheduler:
    """Does what is due, tells what happened, and says when to come back."""

    def __init__(self, *, work: Work, clock: Clock, duties: Duties, messenger: Messenger, owner: str) -> None:
        self._work = work
        self._duties = duties
        self._telling = Telling(work=work, clock=clock, messenger=messenger, owner=owner)
        self._draining = False

    async def tick(self, at: datetime) -> datetime | None:
        """Do one bounded pass and return when the next thing is due: at once where a batch was full.

        Any number of processes may tick against one database, and one process may run `news` beside its ticks.
        What fails in one part stops no other part, and is not tried again at once. Where nothing is due, asking the
        indexes so is all that happens.
        """
        return await self._run(_STAGES, Duty, at)

    def drain(self) -> None:
        """Begin nothing any more: the present tick ends soon, and gives back what it claimed and didn't do."""
        self._draining = True
        self._telling.drain()
        self._duties.watching.drain()
        if self._duties.publishing is not None:
            self._duties.publishing.drain()

    async def news(self, at: datetime) -> datetime | None:
        """Handle what platforms sent and tell what happened, not looking at platforms; return when more is due."""
        return await self._run(_NEWS, [duty for stage in _NEWS for duty in stage], at)

    async def _run(
        self, stages: Sequence[Sequence[Duty]], of: Iterable[Duty], at: datetime
    ) -> datetime | None:
        """Do what is due of each stage in turn; return when something of these duties is due next."""
        wakes, fine = await self._wakes(at), True
        for stage in stages:
            due = [duty for duty in stage if _is_over(wakes[duty], at)]
            if due and not self._draining:
                fine &= await self._parts(*((duty, self._part(duty, at)) for duty in due))
                wakes = await self._wakes(at)
        first = min((moment for duty in of if (moment := wakes[duty]) is not None), default=None)
        if fine:
            return first
        return at + PAUSE if first is None else max(first, at + PAUSE)

    def _part(self, duty: Duty, at: datetime) -> Awaitable[object]:
        duties = self._duties
        match duty:
            case Duty.NOTICES:
                return duties.notices.handle_due(at)
            case Duty.ALERTS:
                return duties.alerting.attend_due()
            case Duty.INVITATIONS:
                return duties.linking.settle_overdue(at)
            case Duty.CONNECTIONS:
                return duties.watching.look_at_due(at)
            case Duty.FACTS:
                return self._telling.tell_due(at)
            case Duty.POSTS:
                return duties.requests(at) if duties.requests else _nothing()
            case Duty.DELIVERIES:
                return duties.publishing.send_due(at) if duties.publishing else _nothing()

    async def _wakes(self, at: datetime) -> dict[Duty, datetime | None]:
        """Return when each duty has something to do; where all hands are full of deliveries, one's end wakes us."""
        async with self._work.reading() as unit:
            wakes = dict(await unit.next_wakes())
        if self._telling.is_behind:
            wakes[Duty.FACTS] = at
        publishing = self._duties.publishing
        return wakes | {Duty.DELIVERIES: None} if publishing is None or publishing.is_full else wakes

    async def _parts(self, *parts: tuple[str, Awaitable[object]]) -> bool:
        """Run parts beside each other; log those that fail; return whether all went well."""
        outcomes = await asyncio.gather(*(part for _, part in parts), return_exceptions=True)
        for (name, _), outcome in zip(parts, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                log.error("a part of the tick failed", extra={"part": name}, exc_info=outcome)
        return not any(isinstance(each, BaseException) for each in outcomes)


async def _nothing() -> None:
    """Do nothing."""


def _is_over(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at
