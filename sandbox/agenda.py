"""What a platform will do later, by the turnable clock: done in time by itself, and before anybody looks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from sandbox.emulator import World

Deed = Callable[[float], None]
"""Gets the moment for which it was planned, a time of the epoch."""


@dataclass(slots=True)
class Agenda:
    """The plans for one thing. `settle` before every look makes the truth independent of who woke first."""

    world: World
    _plans: list[tuple[float, int, Deed]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def plan(self, at: float, deed: Deed) -> None:
        """Do this at that moment; what is due already waits for `settle`."""
        heappush(self._plans, (at, next(self._numbers), deed))
        if at > self.world.clock.timestamp():
            self.world.spawn(self._wake(at))

    def settle(self) -> None:
        """Do everything that is due, in order."""
        now = self.world.clock.timestamp()
        while self._plans and self._plans[0][0] <= now:
            at, _, deed = heappop(self._plans)
            deed(at)

    def clear(self) -> None:
        self._plans.clear()

    async def _wake(self, at: float) -> None:
        await self.world.clock.sleep(at - self.world.clock.timestamp())
        self.settle()
