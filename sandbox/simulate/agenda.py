"""What will happen in a simulation, in the order in which it will."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime

Act = Callable[[], Awaitable[None]]


class Agenda:
    """Things to come. Those of one moment happen in the order in which they were planned."""

    def __init__(self) -> None:
        self._coming: list[tuple[datetime, int, Act]] = []
        self._planned = 0

    def plan(self, moment: datetime, act: Act) -> None:
        """Have something happen."""
        self._planned += 1
        heapq.heappush(self._coming, (moment, self._planned, act))

    @property
    def next(self) -> datetime | None:
        """When something happens next."""
        return self._coming[0][0] if self._coming else None

    def due(self, now: datetime) -> Act | None:
        """Take out the next thing that happens by now."""
        if not self._coming or self._coming[0][0] > now:
            return None
        return heapq.heappop(self._coming)[2]
