"""Every request that the emulators got. It holds no token: no query, no body, no secret path part."""

from collections import deque
from collections.abc import Container
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `status` is 0 when nobody was answered; `outcome` is "ok" or the platform's error code."""

    at: datetime
    took_ms: float
    emulator: str
    operation: str
    method: str
    path: str
    status: int
    outcome: str
    fault: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


class Journal:
    """A bounded ring of entries, oldest first; `count` says how many there ever were."""

    def __init__(self, secrets: Container[str] = ()) -> None:
        self._secrets = secrets
        self._ring: deque[Entry] = deque(maxlen=KEPT)
        self.count = 0

    def record(self, entry: Entry) -> None:
        self._ring.append(entry)
        self.count += 1

    def entries(self, operation: str = "", last: int = KEPT) -> list[Entry]:
        """The `last` entries whose operation begins with `operation`."""
        return [entry for entry in self._ring if entry.operation.startswith(operation)][-last:]

    def clear(self) -> None:
        self._ring.clear()

    def shown(self, path: str) -> str:
        """The path with every secret part (a response URL, an upload URL) blotted out."""
        return "/".join("•••" if part in self._secrets else part for part in path.split("/"))
