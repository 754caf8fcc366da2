"""Unlinking: a two-sided act that is finished only when it is proved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.account import Platform
from core.domain.client import Client, Person
from core.domain.connection import Connection
from core.domain.evidence import Source
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.observation import Observation, Wanted
from core.domain.refusals import Refusal
from core.domain.verdict import State
from core.ports import Clock, Directory, Providers, UnitOfWork, Work
from core.usecases.clients import require_manager
from core.usecases.record import Seen, record
from core.usecases.watching import Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkPlan:
    """What an unlink will do, before anybody confirms it."""

    client: Client
    connections: Sequence[Connection]
    can_revoke: Mapping[Platform, bool]
    manage_url: Mapping[Platform, str]


class Unlinking:
    """Shows what will happen, does it, and proves it."""

    def __init__(
        self, *, work: Work, clock: Clock, providers: Providers, directory: Directory, watching: Watching
    ) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers
        self._directory = directory
        self._watching = watching

    async def plan(self, person: Person, client_id: str, platform: Platform | None) -> UnlinkPlan:
        """Return what there is to unlink. Raises Refusal `not_allowed`, `unknown_client`, `nothing_to_unlink`."""
        async with self._work.reading() as unit:
            client = await self._client(unit, person, client_id)
            connections = await unit.connections.of_client(person.workspace, client_id)
        await require_manager(self._directory, person, client)
        linked = [
            each
            for each in connections
            if platform in {None, each.platform}
            and each.state not in {State.CLOSED, State.PENDING, State.REVOKED}
        ]
        if not linked:
            raise Refusal("nothing_to_unlink", client=client.name)
        traits = {each.platform: self._providers[each.platform].traits for each in linked}
        return UnlinkPlan(
            client=client,
            connections=linked,
            can_revoke={each: trait.can_revoke for each, trait in traits.items()},
            manage_url={each: trait.manage_url for each, trait in traits.items()},
        )

    async def ask(
        self, person: Person, client_id: str, platforms: Sequence[Platform]
    ) -> Sequence[Connection]:
        """Unlink: from here on nothing is published, and the platforms are asked to let go.

        Returns the connections as they are after the first attempt. Raises Refusal as `plan` does.
        """
        async with self._work.reading() as unit:
            client = await self._client(unit, person, client_id)
        await require_manager(self._directory, person, client)
        async with self._work.writing() as unit:
            connections = await unit.connections.of_client(person.workspace, client_id)
            asked = [
                await self._want_gone(unit, connection, person)
                for connection in connections
                if connection.platform in platforms
            ]
            await unit.commit()
        if not asked:
            raise Refusal("nothing_to_unlink", client=client.name)
        return [await self._watching.look(person.workspace, each.id) for each in asked]

    async def prove(self, person: Person, connection_id: str) -> Connection:
        """Look again whether the platform has let go: a person says they removed the app there.

        Raises Refusal `unknown_connection` or `not_allowed`.
        """
        async with self._work.reading() as unit:
            connection = await unit.connections.get(person.workspace, connection_id)
            if connection is None:
                raise Refusal("unknown_connection")
        if person.is_outsider:
            raise Refusal("outsider")
        return await self._watching.look(person.workspace, connection_id)

    async def _want_gone(self, unit: UnitOfWork, connection: Connection, person: Person) -> Connection:
        now = self._clock.now()
        seen = Observation(wanted=Wanted.UNLINKED)
        after = replace(connection.observed(seen, at=now, now=now), due_at=now)
        saved = await record(
            unit,
            connection,
            after,
            Seen(source=Source.PERSON, observation=seen, at=now, now=now, note="unlink", by=person.user),
        )
        await unit.facts.add(
            Fact(
                id=new_id("fa"),
                kind=FactKind.UNLINK_ASKED,
                workspace=person.workspace,
                at=now,
                client_id=connection.client_id,
                subject=connection.id,
                details={"by": person.user},
            )
        )
        return saved

    @staticmethod
    async def _client(unit: UnitOfWork, person: Person, client_id: str) -> Client:
        client = await unit.clients.get(person.workspace, client_id)
        if client is None:
            raise Refusal("unknown_client", typed="", known="")
        return client
