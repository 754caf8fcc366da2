"""What a check of `crosslink doctor` says: each looks at one thing and never fails itself."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.settings import Settings


class Verdict(StrEnum):
    """What came of a check. A note is nothing wrong, and good to know."""

    OK = "ok"
    NOTE = "note"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what to do where it isn't well."""

    name: str
    verdict: Verdict
    says: str
    do: str = ""


Checker = Callable[[Settings], Awaitable[Sequence[Check]]]
