"""Telling news from the outbox: clients beside each other, what happened to one in the order in which it did."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.domain.errors import Throttled, Trouble
from core.domain.fact import Fact
from core.ports import Clock, Messenger, Work

log = logging.getLogger(__name__)

FACTS_AT_ONCE = 100
FACT_LEASE = timedelta(minutes=5)
"""Longer than telling a batch takes, mostly: two processes must not tell the same."""
TELLING_TAKES = timedelta(minutes=1)
"""Longer than telling one fact takes: whose lease has less left than that is somebody else's."""
LANES = 16
"""Clients that are told about beside each other."""
FIRST_RETRY = timedelta(seconds=3)
LAST_RETRY = timedelta(hours=1)
SOONEST = timedelta(seconds=1)
"""Whoever asks us to wait, we wait at least so long."""


class Telling:
    """Tells facts once, by whoever has their lease."""

    def __init__(self, *, work: Work, clock: Clock, messenger: Messenger, owner: str) -> None:
        self._work = work
        self._clock = clock
        self._messenger = messenger
        self._owner = owner
        self._outcomes = _Outcomes(work)
        self._draining = False

    def drain(self) -> None:
        """Begin to tell nothing any more: what was claimed is given back."""
        self._draining = True

    async def tell_due(self, at: datetime) -> int:
        """Tell a bounded batch of news; return how many were taken. One client's trouble stays its own."""
        ends_at = self._clock.now() + FACT_LEASE
        async with self._work.writing() as unit:
            facts = await unit.facts.untold(at, owner=self._owner, until=ends_at, limit=FACTS_AT_ONCE)
            await unit.commit()
        by_client: dict[tuple[str, str], list[Fact]] = {}
        for fact in facts:
            by_client.setdefault((fact.workspace, fact.client_id or fact.subject), []).append(fact)
        gate = asyncio.Semaphore(LANES)

        async def in_turn(news: Sequence[Fact]) -> None:
            async with gate:
                await self._tell(news, at, ends_at)

        _raise_first(await asyncio.gather(*map(in_turn, by_client.values()), return_exceptions=True))
        return len(facts)

    async def _tell(self, news: Sequence[Fact], at: datetime, ends_at: datetime) -> None:
        """Tell in the order in which it happened: what follows on news that could not be told waits with it.

        What our lease has no time for any more is given back. A note that can't be kept cuts no telling off.
        """
        waiting: dict[str, datetime] = {}
        notes: list[asyncio.Task[None]] = []
        try:
            for fact in news:
                is_late = self._draining or self._clock.now() > ends_at - TELLING_TAKES
                until = at if is_late else waiting.get(fact.subject) or await self._try(fact, at)
                if until is not None:
                    waiting[fact.subject] = until
                notes.append(asyncio.create_task(self._outcomes.note(fact, at, until)))
        finally:
            kept = await asyncio.gather(*notes, return_exceptions=True)
        _raise_first(kept)

    async def _try(self, fact: Fact, at: datetime) -> datetime | None:
        """Tell one fact; return when to try again, None once it is told. News that is lost is a promise broken."""
        retry = at + min(max(FIRST_RETRY, (at - fact.at) / 4), LAST_RETRY)
        try:
            await self._messenger.tell(fact)
        except Throttled as throttled:
            return max(throttled.until or retry, at + SOONEST)
        except Trouble as trouble:
            log.info("a fact waits", extra={"fact": fact.id, "code": trouble.code})
            return retry
        except Exception:
            log.exception("telling a fact failed", extra={"fact": fact.id, "kind": fact.kind})
            return retry
        return None


class _Outcomes:
    """Writes down what came of telling. What ends while somebody writes is written together, in one commit."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._turn = asyncio.Lock()
        self._ended: list[tuple[Fact, datetime | None]] = []

    async def note(self, fact: Fact, at: datetime, until: datetime | None) -> None:
        """Write that a fact was told at `at`, or is to be tried again at `until`. It is kept on return."""
        self._ended.append((fact, until))
        await asyncio.sleep(0)  # those that end in the same moment are written together
        async with self._turn:
            ended, self._ended = self._ended, []
            try:
                await self._write(ended, at)
            except BaseException:
                self._ended = ended + self._ended  # those who wait for the next turn write theirs in it
                raise

    async def _write(self, ended: Sequence[tuple[Fact, datetime | None]], at: datetime) -> None:
        if not ended:
            return
        async with self._work.writing() as unit:
            await unit.facts.told(*(each.id for each, again in ended if again is None), at=at)
            for each, again in ended:
                if again is not None:
                    await unit.facts.postpone(each.id, again)
            await unit.commit()


def _raise_first(outcomes: Sequence[object]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
