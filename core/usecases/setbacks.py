"""What follows when a platform doesn't do what a delivery asks: later, anew, never, or once a person has acted."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.delivery import BEFORE_ASKED, Blame, Delivery, DeliveryStep, Obstacle
from core.domain.errors import Final, NeedsPerson, Throttled, Trouble
from core.domain.evidence import Source
from core.domain.patience import MOST_FAILURES
from core.ports import TICKET_GONE, Clock, Publisher, UnitOfWork
from core.usecases.flight import Flight
from core.usecases.load import Load
from core.usecases.record import Seen, record

log = logging.getLogger(__name__)

LIMIT_PAUSE = timedelta(hours=6)
"""How long an account over a cap is left alone where the platform doesn't say until when."""
HANDOVER = timedelta(seconds=30)
"""The longest wait before another machine may take what this one hasn't the files for."""
WORTH_TELLING = timedelta(minutes=2)
"""A wait longer than this is a limit that people see, not a pause."""


class Setbacks:
    """Writes down what trouble means for a delivery, and where it is about the connection, for that too."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def met(
        self, flight: Flight, load: Load, publisher: Publisher, trouble: Trouble, *, unasked: bool = False
    ) -> None:
        """Write what follows, and the end of our lease. Raises Lost.

        `unasked`: the act was on record, and has certainly not happened.
        """
        now = self._clock.now()
        log.info(
            "a delivery met trouble",
            extra={
                "post": load.delivery.post_id,
                "delivery": load.delivery.id,
                "step": flight.delivery.step,
                "provider": load.delivery.platform,
                "code": trouble.code,
                "log_id": trouble.log_id,
            },
        )
        if isinstance(trouble, NeedsPerson):
            await self._blocked(flight, load, trouble, unasked=unasked)
            return

        def change(each: Delivery) -> Delivery:
            return _after(each.unasked(now) if unasked else each, trouble, publisher.blame(trouble.code), now)

        await flight.write(change, last=True)

    async def _blocked(self, flight: Flight, load: Load, trouble: NeedsPerson, *, unasked: bool) -> None:
        """Keep the answer as evidence about the connection, unless it was linked anew meanwhile."""
        now = self._clock.now()
        obstacle = Obstacle(blame=Blame.AUTHORIZATION, code=trouble.code, log_id=trouble.log_id)

        async def decide(unit: UnitOfWork, each: Delivery) -> Delivery:
            back = each.unasked(now) if unasked else each
            connection = await unit.connections.get(each.workspace, each.connection_id)
            held = await unit.credentials.of(each.connection_id)
            if connection is None or (held is not None and not held.same_tokens(load.held)):
                return back.later(now)
            if held is not None:
                seen = Seen(
                    source=Source.PUBLISH,
                    observation=trouble.observation,
                    at=now,
                    now=now,
                    code=trouble.code,
                    log_id=trouble.log_id,
                )
                await record(unit, connection, connection.refused(trouble.observation, at=now, now=now), seen)
            await unit.alarms.wake(each.workspace, each.client_id, now)
            return back.blocked(obstacle, now)

        await flight.decide(decide, last=True)


def handed_over(delivery: Delivery, at: datetime) -> Delivery:
    """Return a delivery left to a machine that holds its files; refused once none took it for a quarter of an hour."""
    if delivery.failures >= MOST_FAILURES:
        return delivery.refused(Obstacle(blame=Blame.CONTENT, code="media_gone"), at)
    later = delivery.failed("media_elsewhere", at)
    return replace(later, due_at=min(later.due_at or at, at + HANDOVER))


def ended(delivery: Delivery, obstacle: Obstacle, at: datetime) -> Delivery:
    """Return a delivery that was refused: for good, or only for now where its content is not what is wrong."""
    match obstacle.blame:
        case Blame.CONTENT:
            return delivery.refused(obstacle, at)
        case Blame.LIMIT:
            return delivery.anew(obstacle, at, until=at + LIMIT_PAUSE)
        case Blame.PLATFORM:
            return delivery.anew(obstacle, at)
        case Blame.AUTHORIZATION:
            begun = delivery.anew(obstacle, at)
            return begun.blocked(obstacle, at) if begun.step is DeliveryStep.QUEUED else begun


def _after(delivery: Delivery, trouble: Trouble, blame: Blame, at: datetime) -> Delivery:
    obstacle = Obstacle(blame=blame, code=trouble.code, log_id=trouble.log_id)
    if delivery.step in BEFORE_ASKED:
        if trouble.code == TICKET_GONE:
            return delivery.anew(replace(obstacle, blame=Blame.PLATFORM), at)
        if isinstance(trouble, Final):
            return ended(delivery, obstacle, at)
    until = trouble.until if isinstance(trouble, Throttled) else None
    if delivery.step in BEFORE_ASKED and until is not None and until - at > WORTH_TELLING:
        return delivery.paused(until, trouble.code, log_id=trouble.log_id)
    later = delivery.failed(trouble.code, at, log_id=trouble.log_id, until=until)
    is_asked_to_wait = isinstance(trouble, Throttled) and delivery.step in BEFORE_ASKED
    return replace(later, obstacle=obstacle) if is_asked_to_wait else later
