"""What a target allows: rows of a rule each, with where it comes from, joined with what an account itself reports."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from core.domain.media import Kind
from core.domain.verdict import Block


class Severity(StrEnum):
    """What a broken rule means for the post: it can't go out, it may fail, or a person must be asked."""

    BLOCK = "block"
    WARN = "warn"
    QUESTION = "question"


class Confidence(StrEnum):
    """How sure a rule is: read at the platform, read elsewhere, or sources that contradict one another."""

    VERIFIED = "verified"
    UNSURE = "unsure"
    CONTRADICTED = "contradicted"


class Bound(StrEnum):
    """How a value is held against a limit."""

    MIN = "min"
    MAX = "max"
    IN = "in"


SCALES: Mapping[str, Fraction] = {
    unit: Fraction(scale)
    for unit, scale in {
        "": 1,
        "s": 1,
        "min": 60,
        "px": 1,
        "fps": 1,
        "bit": 1,
        ":1": 1,
        "MB": 10**6,
        "MiB": 2**20,
        "GB": 10**9,
        "GiB": 2**30,
        "kbit/s": 10**3,
        "Mbit/s": 10**6,
        "kHz": 10**3,
        "channels": 1,
        "tracks": 1,
        "edit lists": 1,
        "items": 1,
        "characters": 1,
        "UTF-16 units": 1,
        "hashtags": 1,
        "mentions": 1,
        "posts": 1,
    }.items()
}
"""Units that rules may use, in what is measured: seconds, pixels, bytes, bits per second, hertz, or a plain count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One rule. `code` is a subject and a bound, like "video.duration.max".

    `limit` is a number in `unit`, or the names that are allowed. A number may be exceeded by the share `slack`.
    `per_account`: what an account reports of itself stands in for this.
    """

    code: str
    limit: Fraction | tuple[str, ...]
    unit: str
    severity: Severity
    source: str
    seen: date
    confidence: Confidence
    slack: Fraction = Fraction(0)
    per_account: bool = False

    @property
    def subject(self) -> str:
        return self.code.rpartition(".")[0]

    @property
    def bound(self) -> Bound:
        return Bound(self.code.rpartition(".")[2])

    def allows(self, value: Fraction | str) -> bool:
        """True where a measured value keeps the rule."""
        if isinstance(self.limit, tuple):
            return value in self.limit
        if isinstance(value, str):
            return False
        most = self.limit * SCALES[self.unit]
        if self.bound is Bound.MIN:
            return value >= most * (1 - self.slack)
        return value <= most * (1 + self.slack)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLimits:
    """What one account may do at the moment, as its platform said at `seen_at`. None: the platform doesn't say.

    `max_duration` in seconds; `blocked` why the account can't publish at all now; `business` whether its sounds
    must be cleared for commercial use.
    """

    handle: str
    seen_at: datetime
    max_duration: int | None = None
    privacy_options: tuple[str, ...] | None = None
    quota_left: int | None = None
    quota_total: int | None = None
    blocked: Block | None = None
    business: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSet:
    """All rules of one target, like "instagram.reel", for the kinds of media that it takes."""

    target: str
    kinds: frozenset[Kind]
    limits: tuple[Limit, ...]
    account: AccountLimits | None = None

    def of(self, subject: str) -> tuple[Limit, ...]:
        """Return the rules about one subject, in their order."""
        return tuple(each for each in self.limits if each.subject == subject)

    def number(self, code: str) -> Fraction | None:
        """Return the strictest blocking number for a code in measured units, None where there is none."""
        found = [
            each.limit * SCALES[each.unit]
            for each in self.limits
            if each.code == code and each.severity is Severity.BLOCK and isinstance(each.limit, Fraction)
        ]
        if not found:
            return None
        return max(found) if code.endswith(Bound.MIN) else min(found)

    def names(self, code: str) -> tuple[str, ...]:
        """Return the names that a code allows, the preferred one first; empty where any will do."""
        return next(
            (each.limit for each in self.limits if each.code == code and isinstance(each.limit, tuple)), ()
        )

    def joined(self, account: AccountLimits) -> "LimitSet":
        """Return the rules as they are for one account: what it reports of itself stands in for what is general."""
        if account.max_duration is None or not self.of("video.duration"):
            return replace(self, account=account)
        own = Limit(
            code="video.duration.max",
            limit=Fraction(account.max_duration),
            unit="s",
            severity=Severity.BLOCK,
            source=f"@{account.handle}",
            seen=account.seen_at.date(),
            confidence=Confidence.VERIFIED,
        )
        kept = tuple(each for each in self.limits if each.code != own.code or not each.per_account)
        return replace(self, account=account, limits=(*kept, own))
