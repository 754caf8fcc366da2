"""Telling news from the outbox: clients beside each other, what happened to one in the order in which it did."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.errors import Throttled, Trouble
from core.domain.fact import Fact
from core.domain.ids import new_id
from core.ports import Clock, Messenger, Work
from core.usecases.batches import Batches

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """Whose facts are, and until when."""

    owner: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of telling a fact: it is told, or to be tried `again`."""

    fact: str
    owner: str
    again: datetime | None


class Telling:
    """Tells facts once, by whoever has their lease."""

    def __init__(self, *, work: Work, clock: Clock, messenger: Messenger, owner: str) -> None:
        self._work = work
        self._clock = clock
        self._messenger = messenger
        self._owner = owner
        self._outcomes: Batches[_Outcome, Exception | None] = Batches(
            self._keep, most=FACTS_AT_ONCE, key=_fact, follows=False, name="told"
        )
        self._unkept: Sequence[_Outcome] = ()
        self._draining = False

    @property
    def is_behind(self) -> bool:
        """True where it is still to be written what came of telling: to be done before the leases of that end."""
        return bool(self._unkept)

    def drain(self) -> None:
        """Begin to tell nothing any more: what was claimed is given back."""
        self._draining = True

    async def tell_due(self, at: datetime) -> int:
        """Tell a bounded batch of news; return how many were taken. One client's trouble stays its own."""
        for left in self._unkept[:1]:
            await self._outcomes.do(left)  # and with it all that could not be kept
        claim = _Claim(owner=f"{self._owner}/{new_id('ls')}", ends_at=self._clock.now() + FACT_LEASE)
        async with self._work.writing() as unit:
            facts = await unit.facts.untold(at, owner=claim.owner, until=claim.ends_at, limit=FACTS_AT_ONCE)
            await unit.commit()
        by_client: dict[tuple[str, str], list[Fact]] = {}
        for fact in facts:
            by_client.setdefault((fact.workspace, fact.client_id or fact.subject), []).append(fact)
        gate = asyncio.Semaphore(LANES)

        async def in_turn(news: Sequence[Fact]) -> None:
            async with gate:
                await self._tell(news, at, claim)

        _raise_first(await asyncio.gather(*map(in_turn, by_client.values()), return_exceptions=True))
        return len(facts)

    async def _tell(self, news: Sequence[Fact], at: datetime, claim: _Claim) -> None:
        """Tell in the order in which it happened: what follows on news that could not be told waits with it.

        What our lease has no time for any more is given back. A note that can't be kept cuts no telling off.
        """
        waiting: dict[str, datetime] = {}
        notes: list[asyncio.Future[Exception | None]] = []
        try:
            for fact in news:
                is_late = self._draining or self._clock.now() > claim.ends_at - TELLING_TAKES
                again = at if is_late else waiting.get(fact.subject) or await self._try(fact, at)
                if again is not None:
                    waiting[fact.subject] = again
                notes.append(self._outcomes.put(_Outcome(fact=fact.id, owner=claim.owner, again=again)))
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

    async def _keep(self, outcomes: Sequence[_Outcome]) -> Sequence[Exception | None]:
        """Write what came of telling. What can't be written goes along with the next: it was told all the same.

        So none of it has to be tried alone.
        """
        every = {each.fact: each for each in (*self._unkept, *outcomes)}
        try:
            await self._write(tuple(every.values()))
        except Exception as failed:  # noqa: BLE001 - it is raised where each outcome comes from
            self._unkept = tuple(every.values())
            return [failed] * len(outcomes)
        self._unkept = ()
        return [None] * len(outcomes)

    async def _write(self, outcomes: Sequence[_Outcome]) -> None:
        told: dict[str, list[str]] = {}
        async with self._work.writing() as unit:
            for each in outcomes:
                if each.again is None:
                    told.setdefault(each.owner, []).append(each.fact)
                else:
                    await unit.facts.postpone(each.fact, each.again, owner=each.owner)
            for owner, facts in told.items():
                await unit.facts.told(*facts, at=self._clock.now(), owner=owner)
            await unit.commit()


def _fact(outcome: _Outcome) -> str:
    return outcome.fact


def _raise_first(outcomes: Sequence[object]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
