"""The one reader of time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only reader of time."""

    def now(self) -> datetime:
        """Reads the present moment, aware, in UTC."""
