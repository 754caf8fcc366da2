"""The real clock: the one place of the bot that reads time."""

from datetime import UTC, datetime


class SystemClock:
    """Keeps the Clock port with the machine's clock."""

    def now(self) -> datetime:
        """Reads the present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is what the Clock port stands for
