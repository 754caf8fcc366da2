"""Which posts a connection's trouble would stop: the deliveries that wait for it."""

from core.domain.delivery import BEFORE_ASKED
from core.ports import Waiting, Work


class DeliveriesQueued:
    """Keeps the Queue port over deliveries. What is approved has one for each place it goes to."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def waiting(self, workspace: str, connection_id: str) -> Waiting:
        """Reads which posts are still to go out over a connection."""
        async with self._work.reading() as unit:
            found = await unit.deliveries.of_connection(workspace, connection_id, steps=BEFORE_ASKED)
        return Waiting(count=len(found), first_at=min((each.leave_at for each in found), default=None))
