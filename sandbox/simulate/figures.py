"""What a simulated year amounts to: which links broke, who was told, and when."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

PROBE_INTERVAL = timedelta(hours=6)
"""The promise: what no platform tells is noticed by the next look."""
AILING = "ailing"
"""Why a link does no job of which nothing is known: its platform answers every question about it with a trouble."""
UNPROVED_WITHIN = timedelta(days=7)
"""The promise about such a link, which might be the platform's own bad days: told within a week."""


@dataclass(slots=True, kw_only=True)
class Break:
    """One link that stopped doing its job. `told_at` is the first alert that people saw, `warned` one before it broke.

    `bound` is the last moment at which telling is in time.
    """

    who: str
    why: str
    at: datetime
    bound: datetime
    warned: bool = False
    told_at: datetime | None = None
    repaired_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Figures:
    """The sums. `told_unproved` are those that nobody could prove any more, told in time. `unripe` broke or healed too
    shortly before anybody had to notice; `misses` name what went wrong.
    """

    accounts: int = 0
    days: int = 0
    links_broken: int = 0
    told_before: int = 0
    told_in_time: int = 0
    told_unproved: int = 0
    told_late: int = 0
    silent: int = 0
    unripe: int = 0
    warned: int = 0
    false_alarms: int = 0
    duplicate_alerts: int = 0
    recoveries: int = 0
    relinks: int = 0
    refresh_calls: int = 0
    probe_calls: int = 0
    ticks: int = 0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    misses: list[str] = field(default_factory=list)

    def count(self, broken: Iterable[Break], until: datetime) -> None:
        """Add what became of every broken link by the end of the run."""
        for each in broken:
            self.links_broken += 1
            setattr(self, kind := _kind(each, until), getattr(self, kind) + 1)
            if kind in {"silent", "told_late"}:
                told = f"told {each.told_at:%F %R}" if each.told_at else "never told"
                self.misses.append(f"{kind}: {each.who} {each.why} {each.at:%F %R}, {told}")

    def to_json(self, minutes: float) -> dict[str, Any]:
        """Everything, with the rates that follow."""
        account_days = self.accounts * self.days
        return {
            **asdict(self),
            "probe_interval_hours": PROBE_INTERVAL / timedelta(hours=1),
            "minutes": round(minutes, 2),
            "account_days_per_second": _rate(account_days, minutes * 60),
            "account_days_per_cpu_second": _rate(account_days, self.cpu_seconds),
        }

    @property
    def is_fine(self) -> bool:
        """True where nobody was surprised and nobody cried wolf."""
        return not (self.silent or self.told_late or self.false_alarms or self.duplicate_alerts)


def together(parts: Iterable[Figures]) -> Figures:
    """Return the sums of shards that ran beside each other."""
    every = list(parts)
    total = Figures()
    for each in fields(Figures):
        values = [getattr(part, each.name) for part in every]
        joined = (
            [miss for value in values for miss in value] if each.name == "misses" else round(sum(values), 1)
        )
        setattr(total, each.name, joined)
    total.days = max((part.days for part in every), default=0)
    return total


def _rate(amount: int, seconds: float) -> float:
    return round(amount / seconds, 1) if seconds else 0.0


def _kind(each: Break, until: datetime) -> str:
    if each.warned:
        return "told_before"
    if each.told_at is not None:
        in_time = "told_unproved" if each.why == AILING else "told_in_time"
        return in_time if each.told_at <= each.bound else "told_late"
    return "unripe" if min(each.repaired_at or until, until) <= each.bound else "silent"
