"""Time that people turn: the real clock plus an offset that only grows."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta


class TurnableClock:
    """The one clock of the emulators, and of the bot when both run together."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._turned = asyncio.Event()
        self._subscribers: list[Callable[[], None]] = []

    @property
    def offset(self) -> float:
        """Seconds by which people turned this clock ahead of the real one."""
        return self._offset.total_seconds()

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def timestamp(self) -> float:
        """Now in seconds of the Unix epoch."""
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Turn time forward, wake what sleeps on this clock, then call the subscribers in order.

        Raises ValueError for a negative number: tokens that expired don't come back.
        """
        if seconds < 0:
            raise ValueError("Time only turns forward.")
        self._offset += timedelta(seconds=seconds)
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()
        for callback in tuple(self._subscribers):
            callback()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback()` called after every turn; the answer unsubscribes it."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def sleep(self, seconds: float) -> None:
        """Wait until this clock shows `seconds` more, whether they pass by themselves or are turned."""
        due = self.timestamp() + seconds
        while (left := due - self.timestamp()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):  # wait_for would lose a cancellation that comes with a turn
                    await self._turned.wait()
