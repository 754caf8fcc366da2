"""What happened to links, newest first: what was seen of them, and how people were told and answered."""

from collections.abc import Iterable, Sequence

from core.domain.account import Platform
from core.domain.course import Turn
from core.domain.evidence import Evidence
from core.ports import Work

Event = Evidence | Turn


class History:
    """Reads for people and for support cases; changes nothing."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def of(
        self, workspace: str, *, client_id: str | None, limit: int, platform: Platform | None = None
    ) -> Sequence[Event]:
        """Return what happened in a workspace: to one client, and on one platform, where named."""
        async with self._work.reading() as unit:
            turns = await unit.incidents.course(
                workspace, client_id=client_id, limit=limit, platform=platform
            )
            seen = await unit.evidence.of_workspace(
                workspace, client_id=client_id, limit=limit, platform=platform
            )
            return _newest((*turns, *seen), limit)


def _newest(events: Iterable[Event], limit: int) -> Sequence[Event]:
    """Of the same moment the turns come first: they followed from what was seen."""
    return sorted(events, key=lambda each: each.at, reverse=True)[:limit]
