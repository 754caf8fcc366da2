"""One bounded pass over everything that is due. The loop around it lives where processes are started."""

import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta

from core.domain.errors import Throttled, Trouble
from core.domain.fact import Fact
from core.ports import Messenger, Work
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.watching import Watching

log = logging.getLogger(__name__)

FACTS_AT_ONCE = 50
FACT_LEASE = timedelta(minutes=1)
FACT_RETRY = timedelta(seconds=15)


class Scheduler:
    """Does what is due, tells what happened, and says when to come back."""

    def __init__(
        self,
        *,
        work: Work,
        linking: Linking,
        watching: Watching,
        notices: Notices,
        messenger: Messenger,
        owner: str,
    ) -> None:
        self._work = work
        self._linking = linking
        self._watching = watching
        self._notices = notices
        self._messenger = messenger
        self._owner = owner

    async def tick(self, at: datetime) -> datetime | None:
        """Do one bounded pass and return when the next thing is due: at once where a batch was full.

        Any number of processes may tick against one database. What fails in one part stops no other part.
        """
        await self._part("notices", self._notices.handle_due(at))
        await self._part("invitations", self._linking.settle_overdue(at))
        await self._part("connections", self._watching.look_at_due(at))
        await self._part("facts", self._tell(at))
        async with self._work.reading() as unit:
            dues = (
                await unit.connections.next_due(),
                await unit.invitations.next_overdue(),
                await unit.facts.next_untold(),
            )
        return min((due for due in dues if due is not None), default=None)

    async def _part(self, name: str, part: Awaitable[object]) -> None:
        try:
            await part
        except Exception:
            log.exception("a part of the tick failed", extra={"part": name})

    async def _tell(self, at: datetime) -> None:
        async with self._work.writing() as unit:
            facts = await unit.facts.untold(at, owner=self._owner, until=at + FACT_LEASE, limit=FACTS_AT_ONCE)
            await unit.commit()
        for fact in facts:
            await self._tell_one(fact, at)

    async def _tell_one(self, fact: Fact, at: datetime) -> None:
        """Telling is tried again until it works: news that is lost is a promise broken."""
        until: datetime | None = None
        try:
            await self._messenger.tell(fact)
        except Trouble as trouble:
            until = (trouble.until if isinstance(trouble, Throttled) else None) or at + FACT_RETRY
        except Exception:
            log.exception("telling a fact failed", extra={"fact": fact.id, "kind": fact.kind})
            until = at + FACT_RETRY * 4
        async with self._work.writing() as unit:
            if until is None:
                await unit.facts.told(fact.id, at)
            else:
                await unit.facts.postpone(fact.id, until)
            await unit.commit()
