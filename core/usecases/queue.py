"""Which posts a connection's trouble would stop: the deliveries that wait for it."""

from collections.abc import Sequence
from datetime import datetime

from core.domain.connection import Connection
from core.domain.delivery import BEFORE_ASKED, Delivery
from core.domain.waiting import Waiting
from core.ports import UnitOfWork, Work

NAMED = 3
"""Posts of a queue that people are shown by name."""


class DeliveriesQueued:
    """Keeps the Queue port over deliveries. What is approved has one for each place it goes to."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def waiting(self, workspace: str, connection_id: str, *, since: datetime | None = None) -> Waiting:
        """Reads which posts are still to go out over a connection; with `since` those that leave then or later."""
        async with self._work.reading() as unit:
            return await waiting_for(unit, workspace, connection_id, since=since)


async def waiting_for(
    unit: UnitOfWork, workspace: str, connection_id: str, *, since: datetime | None = None
) -> Waiting:
    """Return which posts are still to go out over a connection; with `since` those that leave then or later."""
    every = await _stopped(unit, workspace, connection_id)
    found = [each for each in every if since is None or each.leave_at >= since]
    read = [await unit.posts.get(workspace, each.post_id) for each in found[:NAMED]]
    return Waiting(
        count=len(found),
        first_at=min((each.leave_at for each in found), default=None),
        soonest=[post for post in read if post is not None],
    )


async def awaited(unit: UnitOfWork, connections: Sequence[Connection]) -> frozenset[str]:
    """Return for which of these connections posts wait."""
    return frozenset([each.id for each in connections if await _stopped(unit, each.workspace, each.id)])


async def _stopped(unit: UnitOfWork, workspace: str, connection_id: str) -> Sequence[Delivery]:
    """What is still to go out. What was asked for may be out already: nothing stops it any more."""
    return await unit.deliveries.of_connection(workspace, connection_id, steps=BEFORE_ASKED)
