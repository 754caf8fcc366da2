"""The one act of a delivery that can't be taken back: on record before it is done, and looked for afterwards."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from core.domain.delivery import Blame, Delivery, DeliveryStep, Obstacle, Ticket
from core.domain.errors import Trouble, Unconfirmed
from core.ports import Act, Clock, Look, MediaSource, Sight
from core.usecases.departure import Departure, standing
from core.usecases.flight import Change
from core.usecases.leg import Leg
from core.usecases.setbacks import Setbacks, ended

log = logging.getLogger(__name__)


class Asking:
    """Asks platforms to make something public. All raise Lost, and Refusal `media_gone`."""

    def __init__(self, *, clock: Clock, departure: Departure, setbacks: Setbacks) -> None:
        self._clock = clock
        self._departure = departure
        self._setbacks = setbacks

    async def at_once(self, leg: Leg, arrived: Change, ends: Callable[[], bool]) -> bool:
        """Commit that all is there and, where nothing speaks against it, that it is asked for; then ask."""
        now = self._clock.now()
        waits = ends() or standing(leg.load, now) is not None or leg.load.needs_renewal(now)
        if waits or leg.publisher.paces(Act.ASK, leg.cargo):
            await leg.flight.write(arrived)
            return True
        return await self._ask(leg, arrived)

    async def ask(self, leg: Leg) -> bool:
        """Ask for what is all there, if that is still as it was when it was loaded; True where an act may follow."""
        return await self._ask(leg, _as_it_is)

    async def _ask(self, leg: Leg, before: Change) -> bool:
        """Commit that it is asked for, then ask. Whatever else than an answer comes back: it is looked for.

        Where that isn't on record, because somebody changed something meanwhile, it is not asked for; return True.
        """
        with ExitStack() as stack:
            file = self._departure.file(leg.load, stack)
            await leg.flight.write(before, self._asked)
            if leg.delivery.step is not DeliveryStep.ASKED:
                return True
            answer = await self._answer(leg, file)
        if answer is not None:
            ticket, look = answer
            now = self._clock.now()
            await leg.flight.write(lambda each: seen(replace(each, ticket=ticket), look, now), last=True)
        return False

    async def _answer(self, leg: Leg, file: MediaSource | None) -> tuple[Ticket, Look] | None:
        """Ask; None where there is no answer, and what follows is written."""
        load = leg.load
        try:
            return await leg.publisher.ask(load.held, load.account, leg.cargo, leg.delivery.ticket, file)
        except Unconfirmed as lost:
            await self._doubt(leg, lost.code, lost.log_id)
        except Trouble as trouble:
            await self._setbacks.met(leg.flight, load, leg.publisher, trouble, unasked=True)
        except Exception:
            log.exception("asking failed", extra={"delivery": leg.delivery.id})
            await self._doubt(leg, "unexpected", "")
        return None

    def _asked(self, delivery: Delivery) -> Delivery:
        return delivery.asking(self._clock.now())

    async def _doubt(self, leg: Leg, code: str, log_id: str) -> None:
        is_for_person = leg.publisher.blame(code) is Blame.AUTHORIZATION
        blame = Blame.AUTHORIZATION if is_for_person else Blame.PLATFORM
        doubt = Obstacle(blame=blame, code=code, log_id=log_id)
        await leg.flight.write(lambda each: each.doubted(doubt, self._clock.now()), last=True)


def _as_it_is(delivery: Delivery) -> Delivery:
    return delivery


def seen(delivery: Delivery, look: Look, at: datetime) -> Delivery:
    """Return a delivery that was asked for, after a look at what became of it."""
    if delivery.step is DeliveryStep.PUBLISHED:
        return delivery.followed(look.audience, look.ids, look.permalink, at)
    match look.sight:
        case Sight.PUBLISHED:
            return delivery.published(look.audience, look.ids, look.permalink, at)
        case Sight.PROCESSING:
            return delivery.processing(at)
        case Sight.ABSENT:
            return delivery.absent(at)
        case Sight.GONE:
            return delivery.anew(Obstacle(blame=Blame.PLATFORM, code="gone"), at)
        case Sight.REFUSED:
            obstacle = look.obstacle or Obstacle(blame=Blame.PLATFORM, code="refused")
            return ended(delivery, obstacle, at)
        case Sight.UNKNOWN:
            unknown = Obstacle(blame=Blame.PLATFORM, code="look_unanswered")
            return delivery.uncertain(look.obstacle or unknown, at)
