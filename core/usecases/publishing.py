"""Publishing exactly once: what is due is claimed, carried a step further, and written down before the next one."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from core.domain.delivery import BEFORE_ASKED, Delivery, DeliveryStep
from core.domain.ids import new_id
from core.ports import Clock, Work
from core.usecases.flight import Flight
from core.usecases.load import Load
from core.usecases.logbook import Logbook, Lost
from core.usecases.steps import Steps

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
"""Longer than the longest call of an act with its timeouts (130 s) and what a platform then still works on it."""
EXTEND_EVERY = 45.0
"""Seconds after which the lease of a longer act is made to last."""
IN_FLIGHT = 32
WORTH_A_CLAIM = IN_FLIGHT // 4
"""Room that is filled up as soon as it is there, where a claim had to leave something for want of it."""


class Publishing:
    """Works on deliveries beside each other, one of a connection at a time: no account waits for another.

    Any number of processes may do so against one database. `wake` is called whenever there may be news to tell.
    """

    def __init__(self, *, work: Work, clock: Clock, steps: Steps, owner: str) -> None:
        self._work = work
        self._clock = clock
        self._steps = steps
        self._owner = owner
        self._logbook = Logbook(work=work, clock=clock)
        self._draining = False
        self._claiming = asyncio.Lock()
        self._is_more = False
        self._refill: asyncio.Task[None] | None = None
        self._flights: set[asyncio.Task[None]] = set()
        self.wake: Callable[[], None] = _nobody

    @property
    def is_full(self) -> bool:
        """True while no more deliveries can be taken, or none are to be."""
        return self._draining or len(self._flights) >= IN_FLIGHT

    async def send_due(self, at: datetime) -> int:
        """Begin with what is due, as far as there is room, and return how many; they go on beside the caller.

        Callers take turns: each counts the room that those before it have left.
        """
        async with self._claiming:
            room = IN_FLIGHT - len(self._flights)
            taken = [] if self.is_full else await self._claim(at, room=room)
            self._is_more = len(taken) >= room
            for claimed, load in taken:
                flight = asyncio.create_task(self._fly(claimed, load), name=f"delivery {claimed.id}")
                self._flights.add(flight)
                flight.add_done_callback(self._landed)
        return len(taken)

    async def _claim(self, at: datetime, *, room: int) -> Sequence[tuple[Delivery, Load | None]]:
        """Take deliveries with what they are made of; where we are to end meanwhile, they are given back."""
        lease, until = f"{self._owner}/{new_id('ls')}", self._clock.now() + LEASE
        claimed: Sequence[Delivery] = ()
        try:
            async with self._work.writing() as unit:
                claimed = await unit.deliveries.claim_due(at, owner=lease, until=until, limit=room)
                await unit.commit()
            loads = await self._loads(claimed)
        except asyncio.CancelledError:
            await self._give_back(claimed)
            raise
        if self._draining:
            await self._give_back(claimed)
            return []
        return [(each, loads.get(each.id)) for each in claimed]

    async def _give_back(self, claimed: Sequence[Delivery]) -> None:
        """End our leases on what nobody began with."""
        if not claimed:
            return
        async with self._work.writing() as unit:
            for each in claimed:
                await unit.deliveries.release(each)
            await unit.commit()

    async def _loads(self, claimed: Sequence[Delivery]) -> Mapping[str, Load]:
        """Read what all of them need at once. Where one row spoils that, each reads its own."""
        if not claimed:
            return {}
        try:
            return await self._steps.load_every(claimed)
        except Exception:
            log.exception("deliveries could not be loaded at once")
            return {}

    def drain(self) -> None:
        """Begin nothing any more; what is in flight ends after its present act and gives its lease back."""
        self._draining = True

    async def drained(self, seconds: float) -> None:
        """Wait until nothing is in flight, for up to `seconds`; what takes longer is left to whoever comes after us."""
        self.drain()
        under_way = self._flights | ({self._refill} if self._refill else set())
        if under_way:
            await asyncio.wait(under_way, timeout=seconds)
        late = [each for each in under_way if not each.done()]
        for each in late:
            each.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._logbook.closed()

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        if not flight.cancelled() and (failed := flight.exception()) is not None:
            log.error("a delivery could not be written down", exc_info=failed)
        if self._is_more and self._refill is None and len(self._flights) <= IN_FLIGHT - WORTH_A_CLAIM:
            self._refill = asyncio.create_task(self._fill_up(), name="deliveries")
        self.wake()

    async def _fill_up(self) -> None:
        """Take what there was no room for: it doesn't wait for a tick to end, which may be telling news."""
        try:
            await self.send_due(self._clock.now())
        except Exception:
            log.exception("no more deliveries could be taken")
        finally:
            self._refill = None

    async def _fly(self, claimed: Delivery, load: Load | None) -> None:
        flight = Flight(claimed, work=self._work, clock=self._clock, logbook=self._logbook, load=load)
        keeper = asyncio.create_task(self._keep(flight), name=f"lease {claimed.id}")
        try:
            await self._act(flight)
        except asyncio.CancelledError:
            if flight.delivery.step is not DeliveryStep.ASKED:
                await flight.release()
            raise  # where it was asked for, the platform may still be at it: the lease runs out first
        finally:
            keeper.cancel()
        await flight.release()

    async def _act(self, flight: Flight) -> None:
        """Take acts until one has to wait. An act that fails for our own reasons is tried again later."""
        try:
            while await self._steps.act(flight, ends=self._is_draining) and not self._draining:
                self.wake()
        except Lost:
            log.info("a delivery is not ours any more", extra={"delivery": flight.delivery.id})
        except Exception:
            log.exception("an act failed", extra={"delivery": flight.delivery.id})
            if flight.delivery.step in _UNDER_WAY:
                with suppress(Lost):
                    await flight.write(lambda each: each.failed("unexpected", self._clock.now()), last=True)

    def _is_draining(self) -> bool:
        return self._draining

    async def _keep(self, flight: Flight) -> None:
        """Make the lease last while its act does."""
        is_ours = True
        while is_ours:
            await asyncio.sleep(EXTEND_EVERY)
            try:
                is_ours = await flight.extend(self._clock.now() + LEASE)
            except Exception:
                log.exception("a lease could not be extended", extra={"delivery": flight.delivery.id})


_UNDER_WAY = BEFORE_ASKED | {DeliveryStep.ASKED, DeliveryStep.PUBLISHED}


def _nobody() -> None:
    return
