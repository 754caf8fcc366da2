"""One bounded pass over everything that is due. The loop around it lives where processes are started."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from core.domain.errors import Throttled, Trouble
from core.domain.fact import Fact
from core.ports import Messenger, Work
from core.usecases.alerting import Alerting
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.watching import Watching

log = logging.getLogger(__name__)

FACTS_AT_ONCE = 50
FACT_LEASE = timedelta(minutes=5)
"""Longer than telling a whole batch takes: two processes must not tell the same."""
FIRST_RETRY = timedelta(seconds=15)
LAST_RETRY = timedelta(hours=1)
PAUSE = timedelta(seconds=5)
"""How long a pass waits for the next one after a part of it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """The use cases that have work by the clock."""

    linking: Linking
    watching: Watching
    notices: Notices
    alerting: Alerting


class Scheduler:
    """Does what is due, tells what happened, and says when to come back."""

    def __init__(self, *, work: Work, duties: Duties, messenger: Messenger, owner: str) -> None:
        self._work = work
        self._duties = duties
        self._messenger = messenger
        self._owner = owner

    async def tick(self, at: datetime) -> datetime | None:
        """Do one bounded pass and return when the next thing is due: at once where a batch was full.

        Any number of processes may tick against one database, and one process may run `news` beside its ticks.
        What fails in one part stops no other part, and is not tried again at once.
        """
        fine = [
            await self.news(at),
            await self._parts(
                ("invitations", self._duties.linking.settle_overdue(at)),
                ("connections", self._duties.watching.look_at_due(at)),
            ),
            await self._parts(("alerts", self._duties.alerting.attend_due())),
            await self._parts(("facts", self._tell(at))),
        ]
        async with self._work.reading() as unit:
            dues = [
                await unit.connections.next_due(),
                await unit.invitations.next_overdue(),
                await unit.alarms.next_due(),
                await unit.facts.next_untold(),
            ]
        due = min((each for each in dues if each is not None), default=None)
        if all(fine):
            return due
        return at + PAUSE if due is None else max(due, at + PAUSE)

    async def news(self, at: datetime) -> bool:
        """Handle what platforms sent and tell what happened, not looking at platforms; False where that failed."""
        handled = await self._parts(("notices", self._duties.notices.handle_due(at)))
        attended = await self._parts(("alerts", self._duties.alerting.attend_due()))
        told = await self._parts(("facts", self._tell(at)))
        return handled and attended and told

    async def _parts(self, *parts: tuple[str, Awaitable[object]]) -> bool:
        """Run parts beside each other; log those that fail; return whether all went well."""
        outcomes = await asyncio.gather(*(part for _, part in parts), return_exceptions=True)
        for (name, _), outcome in zip(parts, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                log.error("a part of the tick failed", extra={"part": name}, exc_info=outcome)
        return not any(isinstance(each, BaseException) for each in outcomes)

    async def _tell(self, at: datetime) -> None:
        async with self._work.reading() as unit:
            first = await unit.facts.next_untold()
        if first is None or first > at:
            return  # nothing to tell: leave the database's one writer to others
        async with self._work.writing() as unit:
            facts = await unit.facts.untold(at, owner=self._owner, until=at + FACT_LEASE, limit=FACTS_AT_ONCE)
            await unit.commit()
        by_workspace = groupby(sorted(facts, key=lambda fact: fact.workspace), lambda fact: fact.workspace)
        await asyncio.gather(*(self._tell_workspace(list(news), at) for _, news in by_workspace))

    async def _tell_workspace(self, facts: Sequence[Fact], at: datetime) -> None:
        """Tell in the order in which it happened: what follows on news that could not be told waits with it."""
        waiting: dict[str, datetime] = {}
        for fact in facts:
            until = waiting.get(fact.subject) or await self._try(fact, at)
            if until is not None:
                waiting[fact.subject] = until
            async with self._work.writing() as unit:
                if until is None:
                    await unit.facts.told(fact.id, at)
                else:
                    await unit.facts.postpone(fact.id, until)
                await unit.commit()

    async def _try(self, fact: Fact, at: datetime) -> datetime | None:
        """Tell one fact; return when to try again, None once it is told. News that is lost is a promise broken."""
        retry = at + min(max(FIRST_RETRY, (at - fact.at) / 4), LAST_RETRY)
        try:
            await self._messenger.tell(fact)
        except Throttled as throttled:
            return max(throttled.until or retry, at + PAUSE)
        except Trouble as trouble:
            log.info("a fact waits", extra={"fact": fact.id, "code": trouble.code})
            return retry
        except Exception:
            log.exception("telling a fact failed", extra={"fact": fact.id, "kind": fact.kind})
            return retry
        return None
