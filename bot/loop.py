"""The loop around the scheduler: APScheduler knocks by the clock, others when something happened; each knock ticks.

A knock during a tick has its news told beside it: what a platform just sent waits for no other platform.

What is due lives in tables. APScheduler keeps nothing: it only triggers, in this process, so that any number of
processes may do the same against one database.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.metrics import Metrics
from core.ports import Clock

_log = structlog.get_logger(__name__)
POLL = 1.0
"""Seconds between looks at most: other processes write too, and a turned clock knocks at nobody's door."""
BREATH = 0.02
"""Seconds between two ticks at least, so that a full table doesn't starve the requests."""
LATE = 900.0
"""Seconds without a finished tick after which this process is called ill: longer than the leases of all that a tick
waits for, because whoever is ill is started again."""

QUIET_HOUR = 3
"""When what is no longer needed is cleared away, in UTC; minutes of its own for each process."""
SPREAD = 1800

Tick = Callable[[datetime], Awaitable[datetime | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a process does by the clock: ticks, and once a day `tidy`. `drain` is called when it is about to end.

    `news` is the part of a tick that asks no platform; it may run beside one.
    """

    tick: Tick
    news: Tick
    drain: Callable[[], None]
    tidy: Callable[[], Awaitable[object]]


class Loop:
    """Ticks until stopped. A tick that fails is logged and tried again after the poll interval."""

    def __init__(self, *, duty: Duty, clock: Clock, metrics: Metrics) -> None:
        self._duty = duty
        self._clock = clock
        self._metrics = metrics
        self._knock = asyncio.Event()
        self._is_wanted = False
        self._task: asyncio.Task[None] | None = None
        self._finished_at = 0.0
        self._triggers: Any = None

    def wake(self) -> None:
        """Tell what is new at once, and tick as soon as the present tick is over."""
        self._is_wanted = True
        self._knock.set()

    def start(self) -> None:
        """Begin ticking."""
        self._triggers = AsyncIOScheduler(timezone=UTC)
        every = IntervalTrigger(seconds=POLL, timezone=UTC)
        self._triggers.add_job(self.wake, every, coalesce=True, misfire_grace_time=None)
        nightly = CronTrigger(hour=QUIET_HOUR, jitter=SPREAD, timezone=UTC)
        self._triggers.add_job(self._tidy, nightly, coalesce=True, misfire_grace_time=None)
        self._triggers.start()
        self._finished_at = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._run(), name="scheduler")

    async def stop(self, seconds: float) -> None:
        """Begin nothing new, let the present tick finish for up to `seconds`, give back what it holds, and end."""
        task, self._task = self._task, None
        if task is None:
            return
        self._triggers.shutdown(wait=False)
        self._duty.drain()
        self._knock.set()
        _, late = await asyncio.wait({task}, timeout=seconds)
        for each in late:
            each.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    @property
    def problem(self) -> str | None:
        """A sentence where the ticks have stopped coming."""
        late = asyncio.get_running_loop().time() - self._finished_at
        return f"The scheduler finished its last tick {late:.0f} seconds ago." if late > LATE else None

    async def _tidy(self) -> None:
        try:
            await self._duty.tidy()
        except Exception:  # noqa: BLE001 - tomorrow is soon enough
            _log.exception("clearing away failed")

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._task is not None:
            self._is_wanted = False
            self._knock.clear()
            pause = await self._beside_news()
            await asyncio.sleep(BREATH)
            sooner = loop.call_later(0 if self._is_wanted else pause, self._knock.set)
            await self._knock.wait()
            sooner.cancel()

    async def _beside_news(self) -> float:
        """Tick; at each knock until that is over, tell what is new."""
        async with asyncio.TaskGroup() as group:
            tick = group.create_task(self._once(), name="tick")
            tick.add_done_callback(lambda _: self._knock.set())
            while not tick.done():
                await self._knock.wait()
                self._knock.clear()
                if not tick.done():
                    await self._news()
        return tick.result()

    async def _news(self) -> None:
        """Tell what is new, and what that makes new."""
        try:
            while self._task is not None:
                due = await self._duty.news(self._clock.now())
                if due is None or due > self._clock.now():
                    break
        except Exception:  # noqa: BLE001 - the next tick tells it
            _log.exception("telling news failed")

    async def _once(self) -> float:
        now, began = self._clock.now(), asyncio.get_running_loop().time()
        try:
            due = await self._duty.tick(now)
        except Exception:  # noqa: BLE001 - the loop must outlive whatever a tick runs into
            _log.exception("tick failed")
            self._finished("failed", began)
            return POLL
        self._finished("done", began)
        wait = POLL if due is None else (due - self._clock.now()).total_seconds()
        return max(0.0, min(POLL, wait))

    def _finished(self, outcome: str, began: float) -> None:
        self._finished_at = asyncio.get_running_loop().time()
        self._metrics.ticks.labels(outcome).inc()
        self._metrics.tick.observe(self._finished_at - began)
