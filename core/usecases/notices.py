"""What platforms tell us by themselves: stored first, answered at once, handled from the store."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from core.domain.connection import Connection
from core.domain.delivery import DeliveryStep
from core.domain.evidence import Source
from core.domain.observation import Credential, Grant, Observation
from core.domain.webhook import Notice, NoticeKind
from core.ports import Clock, UnitOfWork, Work
from core.usecases.batches import Batches
from core.usecases.record import Seen, close, in_turn, record, together

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)
BATCH = 50
AFTERWARDS = timedelta(seconds=2)
"""How soon a connection is looked at whose end a platform told us, unless that is what people wait for: they are told
first, of all that came with it in the same moment."""
WHOLE_SECOND = timedelta(seconds=1)
"""Platforms tell times in whole seconds: what they tell of happened by the end of that second."""


class Notices:
    """The inbox of verified platform messages."""

    def __init__(self, *, work: Work, clock: Clock, owner: str) -> None:
        self._work = work
        self._clock = clock
        self._owner = owner
        self._letterbox: Batches[Notice, bool] = Batches(
            self._store, most=BATCH, key=_id, follows=False, name="letterbox"
        )

    async def receive(self, notice: Notice) -> bool:
        """Store a verified notice; False where it is a repeat. It is kept on return."""
        return await self._letterbox.do(notice)

    async def _store(self, notices: Sequence[Notice]) -> Sequence[bool]:
        async def every(unit: UnitOfWork) -> Sequence[bool]:
            return [await unit.notices.add(each) for each in notices]

        return await in_turn(self._work, every)

    async def deletion(self, reference: str) -> Notice | None:
        """Return the deletion that a confirmation code stands for."""
        async with self._work.reading() as unit:
            return await unit.notices.by_reference(reference)

    async def handle_due(self, at: datetime) -> int:
        """Handle a bounded batch of stored notices; return how many were taken.

        One that can't be handled stops no other: it comes up again after a while that grows with its age.
        """
        async with self._work.writing() as unit:
            taken = await unit.notices.unhandled(at, owner=self._owner, until=at + LEASE, limit=BATCH)
            await unit.commit()
        outcomes = await together(self._work, [partial(self._handle, notice) for notice in taken])
        again: dict[str, datetime] = {}
        for notice, failed in zip(taken, outcomes, strict=True):
            if failed is not None:
                log.error("a notice could not be handled", extra={"notice": notice.id}, exc_info=failed)
                again[notice.id] = at + min(max(FIRST_RETRY, (at - notice.received_at) / 4), LAST_RETRY)
        if again:
            await in_turn(self._work, partial(self._postpone, again))
        return len(taken)

    async def _postpone(self, again: Mapping[str, datetime], unit: UnitOfWork) -> None:
        for notice_id, moment in again.items():
            await unit.notices.postpone(notice_id, moment, owner=self._owner)

    async def _handle(self, notice: Notice, unit: UnitOfWork) -> None:
        now = self._clock.now()
        if notice.kind is not NoticeKind.OTHER:
            for connection in await unit.connections.holding(notice.platform, notice.account_ids):
                await self._apply(unit, connection, notice, now)
        if notice.details.get("publish_id"):
            await self._hasten(unit, notice, now)
        await unit.notices.handled(notice.id, now)

    @staticmethod
    async def _hasten(unit: UnitOfWork, notice: Notice, now: datetime) -> None:
        """Have the delivery that a platform speaks of looked at: what it says is only ever a hint."""
        delivery = await unit.deliveries.by_reference(notice.platform, notice.details["publish_id"])
        if delivery is not None and delivery.step in {DeliveryStep.ASKED, DeliveryStep.PUBLISHED}:
            await unit.deliveries.save(replace(delivery, due_at=now))

    async def _apply(self, unit: UnitOfWork, before: Connection, notice: Notice, now: datetime) -> None:
        seen = Seen(
            source=Source.WEBHOOK,
            observation=Observation(grant=Grant.WITHDRAWN),
            at=notice.at,
            now=now,
            note=notice.kind,
            code=":".join(filter(None, (notice.code, notice.details.get("reason")))),
        )
        # A removal that seems older than the link costs a look; a wish to be forgotten would be lost.
        is_wish = notice.kind is NoticeKind.DELETION_ASKED
        happened = min(notice.at + WHOLE_SECOND, now) if is_wish else notice.at
        after = before.observed(seen.observation, at=happened, now=now)
        if after.sides.grant is not Grant.WITHDRAWN:
            # Older than the link we have now. Platforms' clocks differ from ours, so it is worth a look.
            if before.is_held:
                await unit.connections.save(replace(before, due_at=now))
        elif notice.kind is NoticeKind.DELETION_ASKED:
            await self._forget(unit, before, after, seen)
        else:
            next_look = now if before.is_ending else now + AFTERWARDS
            after = replace(after, due_at=next_look) if before.is_held else after
            await record(unit, before, after, seen)

    @staticmethod
    async def _forget(unit: UnitOfWork, before: Connection, after: Connection, seen: Seen) -> None:
        """Erase what we hold of an account and its name, because its owner asked the platform for that."""
        if before.is_ending:
            before = after = await close(unit, before, seen)
        else:
            await unit.credentials.erase(before.id)
        await unit.forget_names(before.workspace, before.id)
        forgotten = replace(after.erased(seen.now), account=None)
        gone = replace(seen.observation, credential=Credential.NONE)
        await record(unit, before, forgotten, replace(seen, observation=gone))


def _id(notice: Notice) -> str:
    return notice.id
