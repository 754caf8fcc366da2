"""What an incident's message needs to know, read when it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.views.incident_view import Card
from core.domain.alert_plan import Scene
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.incident import Incident
from core.domain.observation import Wanted
from core.domain.symptom import Condition
from core.domain.waiting import Waiting
from core.ports import Clock, Queue, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Draws incidents as they are now."""

    work: Work
    clock: Clock
    queue: Queue

    async def of(self, workspace: str, incident_id: str) -> Card | None:
        """Return an incident with its client, its connection and the posts that wait; None where it is gone."""
        return (await self.of_every(workspace, [incident_id])).get(incident_id)

    async def of_every(self, workspace: str, incident_ids: Sequence[str]) -> Mapping[str, Card]:
        """Return the cards of incidents by their ids, without those that are gone."""
        known: dict[str, tuple[Client | None, Sequence[Connection]]] = {}
        async with self.work.reading() as unit:
            found = [await unit.incidents.get(workspace, each) for each in dict.fromkeys(incident_ids)]
            incidents = [each for each in found if each is not None]
            for client_id in dict.fromkeys(each.client_id for each in incidents):
                pair = await unit.connections.of_client(workspace, client_id)
                known[client_id] = await unit.clients.get(workspace, client_id), pair
        drawn = [(each, *known[each.client_id]) for each in incidents]
        return {each.id: await self._draw(each, client, pair) for each, client, pair in drawn if client}

    async def _draw(self, incident: Incident, client: Client, pair: Sequence[Connection]) -> Card:
        own = next((each for each in pair if each.id == incident.subject), None)
        waiting = await self._stopped(incident, own) if own else Waiting()
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
            soonest=waiting.soonest,
            rings=scene.may_ring(incident),
        )

    async def _stopped(self, incident: Incident, own: Connection) -> Waiting:
        """Return which posts it stops: a link that ends still sends what leaves before that."""
        since = incident.act_by if incident.condition is Condition.ENDING else None
        return await self.queue.waiting(own.workspace, own.id, since=since)
