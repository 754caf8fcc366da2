"""What one act of a delivery is: prepare, upload, ask, look. Each is written down before the next begins."""

import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from core.domain.delivery import BEFORE_ASKED, Blame, Delivery, DeliveryStep, Obstacle, Ticket
from core.domain.errors import Passing, Trouble
from core.domain.refusals import Refusal
from core.ports import Act, Clock, Publishers, Sight, UnitOfWork
from core.usecases.asking import Asking, seen
from core.usecases.delivery_news import PACE
from core.usecases.departure import QUOTA_PAUSE, Departure, standing, unseeable
from core.usecases.flight import Change, Flight
from core.usecases.leg import Leg
from core.usecases.load import Load
from core.usecases.logbook import Lost
from core.usecases.setbacks import Setbacks, handed_over
from core.usecases.watching import Watching

log = logging.getLogger(__name__)

KEPT_EVERY = timedelta(seconds=1)
"""How often an upload's progress is written down: after a crash, the platform says where it really is."""
_GONE = "media_gone"
_QUOTA = Obstacle(blame=Blame.LIMIT, code="quota")


class Steps:
    """Takes deliveries on, one act at a time. The caller has the lease.

    `are_others`: other machines may work on the same deliveries, and hold files that this one doesn't.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        publishers: Publishers,
        watching: Watching,
        departure: Departure,
        are_others: bool = False,
    ) -> None:
        self._clock = clock
        self._publishers = publishers
        self._watching = watching
        self._departure = departure
        self._are_others = are_others
        self._setbacks = Setbacks(clock=clock)
        self._asking = Asking(clock=clock, departure=departure, setbacks=self._setbacks)

    async def load_every(self, claimed: Sequence[Delivery]) -> Mapping[str, Load]:
        """Reads what the first acts of claimed deliveries need, by their ids."""
        return await self._departure.load_every(claimed)

    async def act(self, flight: Flight, *, ends: Callable[[], bool]) -> bool:
        """Take the next act; True where another may follow at once. `ends` says that this process is about to.

        Raises Lost where the delivery is not ours any more.
        """
        delivery, now = flight.delivery, self._clock.now()
        load = await self._loaded(flight)
        change = standing(load, now) if delivery.step in BEFORE_ASKED else unseeable(load, now)
        if change is not None:
            await flight.decide(partial(_as_loaded, load=load, change=change, at=now), last=True)
            return False
        if load.needs_renewal(now):
            return await self._renewed(flight, load)
        leg = Leg(
            flight=flight,
            load=load,
            cargo=self._departure.cargo(load),
            publisher=self._publishers[delivery.platform],
        )
        return await self._take(leg, ends)

    async def _loaded(self, flight: Flight) -> Load:
        """Return what it is made of, read again only where somebody changed that since."""
        known = flight.load
        if known is None:
            known = await self._departure.load(flight.delivery)
        if known is None:
            raise Lost
        flight.load = replace(known, delivery=flight.delivery)
        return flight.load

    async def _take(self, leg: Leg, ends: Callable[[], bool]) -> bool:
        try:
            match leg.delivery.step:
                case DeliveryStep.QUEUED:
                    return await self._prepare(leg, ends)
                case DeliveryStep.PREPARED:
                    return await self._upload(leg, ends)
                case DeliveryStep.UPLOADED:
                    return await self._has_turn(leg, Act.ASK) and await self._asking.ask(leg)
                case _:
                    return await self._look(leg)
        except Trouble as trouble:
            await self._setbacks.met(leg.flight, leg.load, leg.publisher, trouble)
        except Refusal as refusal:
            await leg.flight.write(partial(self._without_file, code=refusal.code), last=True)
        return False

    def _without_file(self, delivery: Delivery, *, code: str) -> Delivery:
        """Return what follows where the files can't be read here: another machine may have them."""
        now = self._clock.now()
        if code == _GONE and self._are_others:
            return handed_over(delivery, now)
        return delivery.refused(Obstacle(blame=Blame.CONTENT, code=code), now)

    async def _renewed(self, flight: Flight, load: Load) -> bool:
        """Have the token renewed as a step of its own, and go on in seconds where somebody else is at it."""
        connection = load.connection
        await self._watching.look(connection.workspace, connection.id)
        fresh = await self._departure.load(flight.delivery)
        flight.load = fresh
        if fresh is not None and fresh.credentials is not None and not fresh.needs_renewal(self._clock.now()):
            return True
        await flight.write(lambda each: each.failed("renewal_pending", self._clock.now()), last=True)
        return False

    async def _prepare(self, leg: Leg, ends: Callable[[], bool]) -> bool:
        change = await self._departure.against(leg.load)
        if change is None and not await self._has_turn(leg, Act.ALLOWANCE, Act.PREPARE):
            return False
        if change is None and await _is_full(leg):
            change = self._full
        if change is not None:
            at = self._clock.now()
            await leg.flight.decide(partial(_as_loaded, load=leg.load, change=change, at=at), last=True)
            return False
        ticket = await leg.publisher.prepare(leg.load.held, leg.load.account, leg.cargo)
        arrived = partial(Delivery.prepared, ticket=ticket, at=self._clock.now())
        if ticket.is_ready:
            return await self._asking.at_once(leg, arrived, ends)
        await leg.flight.write(arrived)
        return True

    async def _upload(self, leg: Leg, ends: Callable[[], bool]) -> bool:
        if not await self._has_turn(leg, Act.UPLOAD):
            return False
        load, ready = leg.load, None
        with ExitStack() as stack:
            file = self._departure.file(load, stack)
            brought = leg.publisher.upload(load.held, load.account, leg.cargo, leg.delivery.ticket, file)
            async with aclosing(brought), aclosing(self._worth_keeping(brought, ends)) as tickets:
                async for ticket in tickets:
                    if ticket.is_ready:
                        ready = ticket
                        break
                    await leg.flight.write(partial(Delivery.carried, ticket=ticket, at=self._clock.now()))
                    if ends():
                        break
        if ready is not None:
            arrived = partial(Delivery.carried, ticket=ready, at=self._clock.now())
            return await self._asking.at_once(leg, arrived, ends)
        if not ends():
            await leg.flight.write(lambda each: each.unready(self._clock.now()), last=True)
        return False

    async def _worth_keeping(
        self, tickets: AsyncGenerator[Ticket, None], ends: Callable[[], bool]
    ) -> AsyncGenerator[Ticket, None]:
        """Pass on one of the tickets in a while, and the last one in any case."""
        kept_at, last = self._clock.now(), None
        try:
            async for ticket in tickets:
                last = ticket
                if ticket.is_ready or ends() or self._clock.now() - kept_at >= KEPT_EVERY:
                    yield ticket
                    kept_at, last = self._clock.now(), None
        except Trouble:
            if last is not None:
                yield last
            raise
        if last is not None:
            yield last

    async def _look(self, leg: Leg) -> bool:
        if not await self._has_turn(leg, Act.LOOK):
            return False
        load, asked_at = leg.load, leg.delivery.asked_at
        look = await leg.publisher.look(load.held, load.account, leg.cargo, leg.delivery.ticket)
        is_relinked = asked_at is not None and load.held.issued_at > asked_at

        def change(each: Delivery) -> Delivery:
            now = self._clock.now()
            if not is_relinked:
                return seen(each, look, now)
            plain = replace(each, obstacle=None)
            refusal = look.obstacle if look.sight is Sight.REFUSED else None
            if refusal is not None and refusal.blame is Blame.AUTHORIZATION:
                # It was about the grant before: whoever relinks has waited enough.
                return plain.anew(refusal, now)
            return seen(plain, look, now)

        await leg.flight.write(change, last=True)
        return False

    async def _has_turn(self, leg: Leg, *acts: Act) -> bool:
        """Count the calls against their account's limits, or put the delivery off until there is room for all."""
        paces = [pace for act in acts for pace in leg.publisher.paces(act, leg.cargo)]
        if not paces:
            return True
        account = leg.load.account
        until = await leg.flight.spend(f"{account.platform}:{account.id}", paces)
        if until is None:
            return True
        if leg.delivery.step in BEFORE_ASKED:
            await leg.flight.write(lambda each: each.paused(until, PACE), last=True)
        else:
            await leg.flight.write(lambda each: each.later(until), last=True)
        return False

    def _full(self, delivery: Delivery) -> Delivery:
        now = self._clock.now()
        return delivery.anew(_QUOTA, now, until=now + QUOTA_PAUSE)


async def _as_loaded(
    unit: UnitOfWork, delivery: Delivery, *, load: Load, change: Change, at: datetime
) -> Delivery:
    """Return it changed; not yet waiting for a person where one has done something about the connection meanwhile."""
    after = change(delivery)
    if not after.waits:
        return after
    connection = await unit.connections.get(delivery.workspace, delivery.connection_id)
    is_same = connection is not None and connection.version == load.connection.version
    return after if is_same else delivery.later(at)


async def _is_full(leg: Leg) -> bool:
    """True where the account has no posts left. Where it can't be asked, the platform says so itself in time."""
    try:
        allowance = await leg.publisher.allowance(leg.load.held, leg.load.account)
    except Passing as passing:
        log.info("an allowance is unknown", extra={"delivery": leg.delivery.id, "code": passing.code})
        return False
    return allowance.left is not None and allowance.left <= 0
