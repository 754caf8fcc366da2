"""Sliding windows by the turnable clock: how the platforms count requests."""

from collections import deque

from sandbox.clock import TurnableClock

CROWD = 1_000
"""Keys after which the quiet ones are forgotten: a key may be a token, and those never come back."""


class SlidingWindow:
    """At most `limit` requests per key in any `seconds`; refused ones don't count."""

    def __init__(self, clock: TurnableClock, *, limit: int, seconds: float) -> None:
        self._clock = clock
        self.limit = limit
        self.seconds = seconds
        self._seen: dict[str, deque[float]] = {}
        self._crowd = CROWD

    def used(self, key: str) -> int:
        """Requests of `key` that still count."""
        seen, horizon = self._seen.get(key, deque[float]()), self._clock.timestamp() - self.seconds
        while seen and seen[0] <= horizon:
            seen.popleft()
        return len(seen)

    def admit(self, key: str, limit: int | None = None) -> bool:
        """Count one request of `key`; False when the window is full. `limit` replaces the usual one."""
        if self.used(key) >= (self.limit if limit is None else limit):
            return False
        self._seen.setdefault(key, deque()).append(self._clock.timestamp())
        if len(self._seen) > self._crowd:
            self._seen = {each: seen for each, seen in self._seen.items() if self.used(each)}
            self._crowd = max(CROWD, 2 * len(self._seen))
        return True

    def wait(self, key: str) -> float:
        """Seconds until the oldest counted request of `key` leaves the window; 0 when nothing counts."""
        if not self.used(key):
            return 0.0
        return max(0.0, self._seen[key][0] + self.seconds - self._clock.timestamp())
