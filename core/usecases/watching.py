"""Keeping connections true: one look at a time each, whoever asks for it."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from core.domain.connection import Connection
from core.domain.errors import Throttled, Trouble
from core.domain.ids import new_id
from core.domain.refusals import Refusal, Stale
from core.ports import Clock, Providers, Work
from core.usecases.case import Case, Cases, Overtaken, Silence
from core.usecases.ending import Ending
from core.usecases.ledger import Lease
from core.usecases.probe import Probe
from core.usecases.renewal import Renewal

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
LOOK_TAKES = timedelta(minutes=3)
"""Longer than all calls of one look with their timeouts. A lease with less left is given back unused."""
BATCH = 100
IN_FLIGHT = 20
PATIENCE = 5.0
"""Seconds that whoever wants to know waits for a look which this process has begun already."""


class Watching:
    """Looks at connections, each under a lease: asked by the clock, a platform's message, or a person."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers, owner: str) -> None:
        self._work = work
        self._clock = clock
        self._owner = owner
        self._draining = False
        self._under_way: dict[str, asyncio.Event] = {}
        self._cases = Cases(work=work, clock=clock, providers=providers)
        self._renewal = Renewal(self._cases)
        self._probe = Probe(work=work, cases=self._cases)
        self._ending = Ending(work=work, cases=self._cases, renewal=self._renewal)

    async def look(self, workspace: str, connection_id: str, *, patient: bool = False) -> Connection:
        """Look at one connection now and return it as it is afterwards.

        Where somebody else is looking at it already, or this process is about to end, returns what is known;
        `patient`: what they see, if that is in this process and doesn't take long. Raises Refusal
        `unknown_connection`.
        """
        known = await self._get(workspace, connection_id)
        if self._draining:
            return known
        now, lease = self._clock.now(), self._lease()
        async with self._work.writing() as unit:
            claimed = await unit.connections.claim(connection_id, now, owner=lease, until=now + LEASE)
            await unit.commit()
        if claimed is not None:
            with self._looking(connection_id):
                await self._attend(claimed, lease)
        elif patient and (others := self._under_way.get(connection_id)) is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await others.wait()
        return await self._get(workspace, connection_id)

    async def look_at_due(self, at: datetime) -> int:
        """Look at a bounded batch of what is due; return how many. One account's trouble stays its own.

        Once `drain` was called nothing new is begun, and what was claimed is given back.
        """
        if self._draining:
            return 0
        lease, until = self._lease(), self._clock.now() + LEASE
        async with self._work.writing() as unit:
            claimed = await unit.connections.claim_due(at, owner=lease, until=until, limit=BATCH)
            await unit.commit()
        cases = await self._load(claimed, lease)
        gate = asyncio.Semaphore(IN_FLIGHT)

        async def attend_in_turn(connection: Connection) -> None:
            with self._looking(connection.id):
                async with gate:
                    if self._draining or self._clock.now() > until - LOOK_TAKES:
                        await self._release(connection, lease)
                    else:
                        await self._attend(connection, lease, cases.get(connection.id))

        outcomes = await asyncio.gather(*map(attend_in_turn, claimed), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                log.error("a look could not be written down", exc_info=outcome)
        return len(claimed)

    @contextmanager
    def _looking(self, connection_id: str) -> Iterator[None]:
        over = self._under_way[connection_id] = asyncio.Event()
        try:
            yield
        finally:
            over.set()
            if self._under_way.get(connection_id) is over:
                del self._under_way[connection_id]

    def drain(self) -> None:
        """Begin no look any more: this process is about to end."""
        self._draining = True

    async def _load(self, claimed: Sequence[Connection], lease: str) -> Mapping[str, Case]:
        """Read a whole batch at once. Where one row spoils that, each look reads its own."""
        try:
            return {case.connection.id: case for case in await self._cases.load_every(claimed, lease)}
        except Exception:
            log.exception("a batch could not be loaded")
            return {}

    async def _attend(self, connection: Connection, lease: str, case: Case | None = None) -> None:
        """Look once; whatever happens, the next look is planned and the lease given back."""
        ours = Lease(lease)
        try:
            loaded = [case] if case is not None else await self._cases.load_every([connection], lease)
            for each in loaded:  # none where there is nothing to look with
                ours = each.lease
                await self._look(each)
        except (Stale, Overtaken):
            log.info("somebody wrote first", extra={"connection": connection.id})
        except Trouble as trouble:
            log.info("will look again", extra={"connection": connection.id, "code": trouble.code})
            until = trouble.until if isinstance(trouble, Throttled) else None
            silence = Silence(code=trouble.code, log_id=trouble.log_id, until=until)
            await self._cases.no_answer(connection, silence, ours)
        except Exception:
            log.exception("a look failed", extra={"connection": connection.id})
            await self._cases.no_answer(connection, Silence(code="unexpected"), ours)
        finally:
            if ours.is_held:
                await self._release(connection, lease)

    async def _look(self, case: Case) -> None:
        if case.connection.is_ending:
            await self._ending.step(case)
            return
        if case.connection.is_renewal_due(self._clock.now()):
            renewed = await self._renewal.renew(case)
            if renewed is None or renewed.connection.is_freshly_proved(self._clock.now()):
                return
            case = renewed
        await self._probe.prove(case)

    async def _release(self, connection: Connection, lease: str) -> None:
        async with self._work.writing() as unit:
            await unit.connections.release(connection.id, owner=lease)
            await unit.commit()

    async def _get(self, workspace: str, connection_id: str) -> Connection:
        async with self._work.reading() as unit:
            connection = await unit.connections.get(workspace, connection_id)
        if connection is None:
            raise Refusal("unknown_connection")
        return connection

    def _lease(self) -> str:
        """A name for one claim alone: what comes late from a former one ends nobody else's."""
        return f"{self._owner}/{new_id('ls')}"
