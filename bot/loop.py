"""The loop around the scheduler: tick, then wait for the next due moment or for a knock."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.metrics import Metrics
from core.ports import Clock

_log = structlog.get_logger(__name__)
POLL = 1.0
"""Seconds between looks at most: other processes write too, and a turned clock knocks at nobody's door."""
BREATH = 0.02
"""Seconds between two ticks at least, so that a full table doesn't starve the requests."""
LATE = 30.0
"""Seconds without a finished tick after which this process is called ill."""

Tick = Callable[[datetime], Awaitable[datetime | None]]


class Loop:
    """Ticks until stopped. A tick that fails is logged and tried again after the poll interval."""

    def __init__(self, *, tick: Tick, clock: Clock, metrics: Metrics) -> None:
        self._tick = tick
        self._clock = clock
        self._metrics = metrics
        self._knock = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._finished_at: float | None = None

    def wake(self) -> None:
        """Tick as soon as the present tick is over."""
        self._knock.set()

    def start(self) -> None:
        """Begin ticking."""
        self._task = asyncio.create_task(self._run(), name="scheduler")

    async def stop(self, seconds: float) -> None:
        """Let the present tick finish, up to `seconds`, then end."""
        task, self._task = self._task, None
        if task is None:
            return
        self._knock.set()
        _, late = await asyncio.wait({task}, timeout=seconds)
        for each in late:
            each.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    @property
    def problem(self) -> str | None:
        """A sentence where the ticks have stopped coming."""
        if self._finished_at is None:
            return "The scheduler hasn't finished its first tick yet."
        late = asyncio.get_running_loop().time() - self._finished_at
        return f"The scheduler finished its last tick {late:.0f} seconds ago." if late > LATE else None

    async def _run(self) -> None:
        while self._task is not None:
            self._knock.clear()
            pause = await self._once()
            try:
                await asyncio.sleep(BREATH)
                async with asyncio.timeout(pause):
                    await self._knock.wait()
            except TimeoutError:
                continue

    async def _once(self) -> float:
        now = self._clock.now()
        try:
            due = await self._tick(now)
        except Exception:  # noqa: BLE001 - the loop must outlive whatever a tick runs into
            _log.exception("tick failed")
            self._metrics.ticks.labels("failed").inc()
            return POLL
        self._metrics.ticks.labels("done").inc()
        self._finished_at = asyncio.get_running_loop().time()
        wait = POLL if due is None else (due - self._clock.now()).total_seconds()
        return max(0.0, min(POLL, wait))
