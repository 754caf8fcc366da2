"""When alerts reach people: how far ahead, how patiently, when nobody is rung, and when it is all summed up."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS_AHEAD = (30, 14, 7, 3, 1)
"""How many days before an end people can be told: none longer than the notice that a connection gives (WARN_AHEAD)."""
PATIENCE = timedelta(minutes=30)
MORNING = time(9)
DAY = timedelta(days=1)
_MONDAY = 0


class Rhythm(StrEnum):
    """How often a client's state is summed up in its channel."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The part of a day in which nobody is rung; it may span midnight. Alike ends mean the whole day."""

    begins: time
    ends: time

    @property
    def is_endless(self) -> bool:
        """True where every day is quiet from one end to the other."""
        return self.begins == self.ends

    def holds(self, moment: time) -> bool:
        """True where this time of day is quiet."""
        if self.begins < self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """How a client's people want to hear.

    `channel` is where those on call look, "" where there is none: then they are told directly. `days` are the
    thresholds before an end. `patience` is how long an alert waits for somebody before those on call are rung,
    None for ever. `hour` is when the client's day begins, for digests.
    """

    channel: str = ""
    days: tuple[int, ...] = DAYS_AHEAD
    patience: timedelta | None = PATIENCE
    quiet: QuietHours | None = None
    digest: Rhythm = Rhythm.WEEKLY
    hour: int = MORNING.hour

    @property
    def digest_covers(self) -> timedelta:
        """How much time a digest sums up."""
        return DAY if self.digest is Rhythm.DAILY else 7 * DAY

    def threshold(self, act_by: datetime, at: datetime) -> int | None:
        """Return the nearest threshold that was reached, in days before the end; None before the first."""
        return min((days for days in self.days if act_by - at <= days * DAY), default=None)

    def ring_at(self, moment: datetime, zone: str) -> datetime | None:
        """Return when people may be rung who should be at `moment`: then or after quiet hours, None for never."""
        if self.quiet is None or not self.is_quiet(moment, zone):
            return moment
        if self.quiet.is_endless:
            return None
        local = moment.astimezone(zone_of(zone))
        return _on(local, self.quiet.ends, after=0 if local.time() < self.quiet.ends else 1)

    def is_quiet(self, moment: datetime, zone: str) -> bool:
        """True where nobody is to be rung."""
        return self.quiet is not None and self.quiet.holds(moment.astimezone(zone_of(zone)).time())

    def next_digest(self, after: datetime, zone: str) -> datetime | None:
        """Return the first digest after a moment: at the client's hour, weekly on Mondays; None for never."""
        if self.digest is Rhythm.NEVER:
            return None
        local = after.astimezone(zone_of(zone))
        step = 7 if self.digest is Rhythm.WEEKLY else 1
        first = (_MONDAY - local.weekday()) % 7 if self.digest is Rhythm.WEEKLY else 0
        days = (_on(local, time(self.hour), after=each) for each in (first, first + step, first + 2 * step))
        return next(each for each in days if each > after)


class Snooze(StrEnum):
    """For how long an alert may be put off."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    DAY_BEFORE = "day_before"


def snooze_until(choice: Snooze, at: datetime, zone: str, act_by: datetime | None) -> datetime | None:
    """Return when a snooze chosen at `at` ends; None where this choice makes no sense any more.

    Tomorrow is nine o'clock in the client's zone. A day before the end exists only while it is ahead.
    """
    match choice:
        case Snooze.HOUR:
            return at + timedelta(hours=1)
        case Snooze.TOMORROW:
            return _on(at.astimezone(zone_of(zone)), MORNING, after=1)
        case Snooze.DAY_BEFORE:
            return act_by - DAY if act_by is not None and act_by - DAY > at else None


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone; UTC for a name that the installed zone data doesn't know any more."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _on(local: datetime, moment: time, *, after: int) -> datetime:
    """Return a time of day some days after a local date, as a moment in UTC."""
    day = local.date() + after * DAY
    return datetime.combine(day, moment, tzinfo=local.tzinfo).astimezone(UTC)
