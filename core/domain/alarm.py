"""When a client is to be looked at next, so that what follows from time alone happens on time."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A client's alarm. `id` is the client's. `due_at` is the next look at its incidents, None for never.

    `digest_at` is the next digest, None until the first look planned one. Whoever has news about the client sets
    `due_at` forward and raises `version`, so that a look that began before cannot put the news off.
    """

    id: str
    workspace: str
    due_at: datetime | None
    digest_at: datetime | None = None
    version: int = 0
