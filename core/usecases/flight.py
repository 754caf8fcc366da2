"""One delivery under our lease: written only while its fence is ours, and told where people see a change."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.delivery import Delivery
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.ports import Clock, UnitOfWork, Work
from core.usecases.chronicle import note_passage
from core.usecases.record import in_turn

log = logging.getLogger(__name__)

PROGRESS_EVERY = timedelta(seconds=3)
"""How often people are told how far an upload is."""
PACE = "pace"
"""The code of a wait for one's turn under a limit of calls."""

Change = Callable[[Delivery], Delivery]
Decision = Callable[[UnitOfWork, Delivery], Awaitable[Delivery]]


class Lost(Exception):
    """The delivery is not ours any more: a person decided about it, or its lease ran out and another took it."""


class Flight:
    """A claimed delivery on its way. `delivery` is what was last written."""

    def __init__(self, delivery: Delivery, *, work: Work, clock: Clock) -> None:
        self.delivery = delivery
        self._work = work
        self._clock = clock
        self._progress_at = clock.now() - PROGRESS_EVERY

    async def write(self, change: Change) -> None:
        """Write a change that follows from the delivery alone. Raises Lost."""

        async def decide(_unit: UnitOfWork, fresh: Delivery) -> Delivery:
            return change(fresh)

        await self.decide(decide)

    async def decide(self, decision: Decision) -> None:
        """Write what is decided on top of the row as it is by now, all in one transaction. Raises Lost.

        Who made it due meanwhile, a platform's message or a relink, gets their wish.
        """
        before = self.delivery

        async def step(unit: UnitOfWork) -> Delivery:
            fresh = await unit.deliveries.get(before.workspace, before.id)
            if fresh is None or fresh.fence != before.fence:
                raise Lost
            after = await decision(unit, fresh)
            if fresh.due_at is not None and fresh.due_at != before.due_at and after.due_at is not None:
                after = replace(after, due_at=min(fresh.due_at, after.due_at))
            saved = await unit.deliveries.save(after)
            await note_passage(unit, fresh, saved, at=self._clock.now())
            if self._is_news(fresh, saved):
                await tell_delivery(unit, saved, self._clock.now())
            return saved

        self.delivery = await in_turn(self._work, step)
        note(before, self.delivery)

    async def release(self) -> None:
        """Write the end of our lease, if it is still ours."""
        async with self._work.writing() as unit:
            await unit.deliveries.release(self.delivery)
            await unit.commit()

    async def extend(self, until: datetime) -> bool:
        """Write a later end of our lease; False where it is not ours any more."""
        async with self._work.writing() as unit:
            is_ours = await unit.deliveries.extend(self.delivery, until=until)
            await unit.commit()
        return is_ours

    def _is_news(self, before: Delivery, after: Delivery) -> bool:
        if _shown(before) != _shown(after):
            return True
        now = self._clock.now()
        if before.ticket.sent == after.ticket.sent or now - self._progress_at < PROGRESS_EVERY:
            return False
        self._progress_at = now
        return True


def note(before: Delivery, after: Delivery) -> None:
    """Log what became of a delivery: names and codes, never content."""
    if _shown(before) == _shown(after) and before.failures >= after.failures:
        return
    obstacle = after.obstacle
    log.info(
        "delivery",
        extra={
            "post": after.post_id,
            "delivery": after.id,
            "step": after.step,
            "provider": after.platform,
            "code": obstacle.code if obstacle else "",
            "log_id": obstacle.log_id if obstacle else "",
        },
    )


async def tell_delivery(unit: UnitOfWork, delivery: Delivery, at: datetime, *, by: str = "") -> None:
    """Write the news that something changed about a post's way to one platform."""
    details = {"change": "delivery", "delivery": delivery.id, "step": str(delivery.step)}
    await unit.facts.add(
        Fact(
            id=new_id("fa"),
            kind=FactKind.POST_CHANGED,
            workspace=delivery.workspace,
            at=at,
            client_id=delivery.client_id,
            subject=delivery.post_id,
            details=details | {"platform": str(delivery.platform), "by": by},
        )
    )


def _shown(delivery: Delivery) -> tuple[object, ...]:
    """Return what people see of a delivery; that it waits a moment for its turn is no news."""
    obstacle = delivery.obstacle
    shown = None if obstacle is None or obstacle.code == PACE else (obstacle.blame, obstacle.code)
    return delivery.step, delivery.waits, shown, delivery.audience, delivery.permalink
