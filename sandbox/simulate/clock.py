"""Time that only the simulation turns: nothing passes while something is being done."""

from datetime import UTC, datetime, timedelta

from sandbox.clock import TurnableClock

BEGINNING = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
"""A Monday; a fixed moment, so that the same seed gives the same year."""


class StillClock(TurnableClock):
    """Stands still until it is turned."""

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self.offset)

    def turn_to(self, moment: datetime) -> None:
        """Turn on to a moment; one that is over changes nothing."""
        self.advance(max(0.0, (moment - self.now()).total_seconds()))
