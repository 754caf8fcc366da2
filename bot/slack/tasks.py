"""What still runs after its request was answered: kept, bounded, and finished before the process ends."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

Work = Callable[[], Coroutine[Any, Any, None]]

_log = structlog.get_logger(__name__)


class Tasks:
    """Runs work behind acks. At most `together` at once; more than `waiting` in all is refused.

    A task's own errors are its caller's business: what escapes is logged, never lost.
    """

    def __init__(self, *, together: int = 32, waiting: int = 1000) -> None:
        self._gate = asyncio.Semaphore(together)
        self._waiting = waiting
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._running)

    @property
    def is_full(self) -> bool:
        """True where more work would only make people wait for nothing, or while we are closing."""
        return self._closed or len(self._running) >= self._waiting

    def spawn(self, work: Work, *, name: str) -> None:
        """Begin `work` soon. Whoever calls has asked `is_full` before."""
        task = asyncio.create_task(self._gated(work), name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, seconds: float) -> None:
        """Let everything finish, up to `seconds`; then cancel what is left."""
        self._closed = True
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=seconds)
        for task in late:
            _log.warning("work cancelled at shutdown", task=task.get_name())
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until nothing is running, without closing: for tests and the demo's steps."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def _gated(self, work: Work) -> None:
        async with self._gate:
            await work()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("work behind an ack failed", task=task.get_name(), exc_info=error)
