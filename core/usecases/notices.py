"""What platforms tell us by themselves: stored first, answered at once, handled from the store."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.connection import Connection
from core.domain.evidence import Source
from core.domain.observation import Credential, Grant, Observation
from core.domain.refusals import Stale
from core.domain.webhook import Notice, NoticeKind
from core.ports import Clock, UnitOfWork, Work
from core.usecases.record import Seen, record

LEASE = timedelta(minutes=1)
BATCH = 50


class Notices:
    """The inbox of verified platform messages."""

    def __init__(self, *, work: Work, clock: Clock, owner: str) -> None:
        self._work = work
        self._clock = clock
        self._owner = owner

    async def receive(self, notice: Notice) -> bool:
        """Store a verified notice; False where it is a repeat."""
        async with self._work.writing() as unit:
            new = await unit.notices.add(notice)
            await unit.commit()
        return new

    async def deletion(self, reference: str) -> Notice | None:
        """Return the deletion that a confirmation code stands for."""
        async with self._work.reading() as unit:
            return await unit.notices.by_reference(reference)

    async def handle_due(self, at: datetime) -> int:
        """Handle a bounded batch of stored notices; return how many were taken."""
        async with self._work.writing() as unit:
            taken = await unit.notices.unhandled(at, owner=self._owner, until=at + LEASE, limit=BATCH)
            await unit.commit()
        for notice in taken:
            await self._handle(notice)
        return len(taken)

    async def _handle(self, notice: Notice) -> None:
        now = self._clock.now()
        try:
            async with self._work.writing() as unit:
                if notice.kind is not NoticeKind.OTHER:
                    for connection in await unit.connections.holding(notice.platform, notice.account_ids):
                        await self._apply(unit, connection, notice, now)
                await unit.notices.handled(notice.id, now)
                await unit.commit()
        except Stale:
            return  # a look at the same connection came between: the lease ends and the notice comes up again

    async def _apply(self, unit: UnitOfWork, connection: Connection, notice: Notice, now: datetime) -> None:
        seen = Observation(grant=Grant.WITHDRAWN)
        erase = notice.kind is NoticeKind.DELETION_ASKED
        after = connection.observed(seen, at=notice.at, now=now)
        if after.sides.grant is not Grant.WITHDRAWN:
            return  # older than the link we have now
        if erase:
            await unit.credentials.erase(connection.id)
            seen = replace(seen, credential=Credential.NONE)
            after = replace(after.erased(now), account=None, due_at=None)
        await record(
            unit,
            connection,
            after if erase else replace(after, due_at=now),
            Seen(
                source=Source.WEBHOOK,
                observation=seen,
                at=notice.at,
                now=now,
                note=notice.kind,
                code=notice.code,
            ),
        )
