"""What an account's trouble, or its end, keeps from going out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The posts that wait for a connection: how many, when the first of them is due, and a few, soonest first."""

    count: int = 0
    first_at: datetime | None = None
    soonest: Sequence[Post] = ()
