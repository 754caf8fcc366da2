"""What an incident's message needs to know, read when it is drawn."""

from dataclasses import dataclass

from bot.views.incident_view import Card
from core.domain.alert_plan import Scene
from core.domain.observation import Wanted
from core.ports import Clock, Queue, Waiting, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Draws incidents as they are now."""

    work: Work
    clock: Clock
    queue: Queue

    async def of(self, workspace: str, incident_id: str) -> Card | None:
        """Return an incident with its client, its connection and the posts that wait; None where it is gone."""
        async with self.work.reading() as unit:
            incident = await unit.incidents.get(workspace, incident_id)
            client = await unit.clients.get(workspace, incident.client_id) if incident else None
            if incident is None or client is None:
                return None
            pair = await unit.connections.of_client(workspace, client.id)
        own = next((each for each in pair if each.id == incident.subject), None)
        waiting = await self.queue.waiting(workspace, own.id) if own else Waiting()
        at = self.clock.now()
        scene = Scene(
            client=client,
            connections=pair,
            incidents=(incident,),
            at=at,
            awaited=frozenset({incident.subject}) if waiting.count else frozenset(),
        )
        gone = next((each.platform for each in pair if each.sides.wanted is Wanted.UNLINKED), None)
        return Card(
            client=client,
            incident=incident,
            at=at,
            connection=own,
            ended=gone,
            posts=waiting.count,
            first_post=waiting.first_at,
            rings=scene.may_ring(incident),
        )
