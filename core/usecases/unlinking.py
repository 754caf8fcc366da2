"""Unlinking: a two-sided act that is finished only when it is proved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain.account import Platform
from core.domain.client import Client, Person
from core.domain.connection import Connection
from core.domain.evidence import Source
from core.domain.fact import FactKind
from core.domain.observation import Credential, Grant, Observation, Wanted
from core.domain.refusals import Refusal
from core.domain.verdict import State
from core.domain.waiting import Waiting
from core.ports import Clock, Directory, Providers, UnitOfWork, Work
from core.usecases.clients import known_client, require_manager
from core.usecases.invitations import withdraw
from core.usecases.queue import waiting_for
from core.usecases.record import Seen, close, in_turn, record, tell
from core.usecases.watching import Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkPlan:
    """What an unlink will do, before anybody confirms it. `posts` are those that won't go out, by platform."""

    client: Client
    connections: Sequence[Connection]
    can_revoke: Mapping[Platform, bool]
    manage_url: Mapping[Platform, str]
    posts: Mapping[Platform, Waiting] = field(default_factory=dict)


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
            client = await known_client(unit, person.workspace, client_id)
            connections = await unit.connections.of_client(person.workspace, client_id)
            linked = [each for each in connections if platform in {None, each.platform} and _is_linked(each)]
            posts = {each.platform: await waiting_for(unit, person.workspace, each.id) for each in linked}
        await require_manager(self._directory, person, client)
        if not linked:
            raise Refusal("nothing_to_unlink", client=client.name)
        traits = {each.platform: self._providers[each.platform].traits for each in linked}
        return UnlinkPlan(
            client=client,
            connections=linked,
            can_revoke={each: trait.can_revoke for each, trait in traits.items()},
            manage_url={each: trait.manage_url for each, trait in traits.items()},
            posts=posts,
        )

    async def ask(
        self, person: Person, client_id: str, platforms: Sequence[Platform]
    ) -> Sequence[Connection]:
        """Unlink: from here on nothing is published, and the platforms are asked to let go.

        Returns the connections as they are after the first attempt. Asking again looks again and tells nobody twice.
        Raises Refusal as `plan` does.
        """
        async with self._work.reading() as unit:
            client = await known_client(unit, person.workspace, client_id)
        await require_manager(self._directory, person, client)

        async def change(unit: UnitOfWork) -> Sequence[str]:
            connections = await unit.connections.of_client(person.workspace, client_id)
            asked = [each for each in connections if each.platform in platforms and _is_linked(each)]
            for connection in asked:
                await self._want_gone(unit, connection, person)
            return [each.id for each in asked]

        asked = await in_turn(self._work, change)
        if not asked:
            raise Refusal("nothing_to_unlink", client=client.name)
        return [await self._watching.look(person.workspace, each) for each in asked]

    async def prove(self, person: Person, connection_id: str) -> Connection:
        """Look again whether the platform has let go: a person says they removed the app there.

        Where nothing we hold can ask any more, their word is what ends it, and is written down as theirs.
        Raises Refusal `unknown_connection` or `outsider`.
        """
        if person.is_outsider:
            raise Refusal("outsider")
        seen = await self._watching.look(person.workspace, connection_id)
        return await self._on_their_word(person, seen) if self._is_unprovable(seen) else seen

    async def _on_their_word(self, person: Person, seen: Connection) -> Connection:
        async def change(unit: UnitOfWork) -> Connection:
            now = self._clock.now()
            fresh = await unit.connections.get(seen.workspace, seen.id)
            if fresh is None or not self._is_unprovable(fresh):
                return fresh or seen
            word = Seen(
                source=Source.PERSON,
                observation=Observation(grant=Grant.UNKNOWN),
                at=now,
                now=now,
                note="persons_word",
                by=person.user,
            )
            return await close(unit, fresh, word)

        return await in_turn(self._work, change)

    def _is_unprovable(self, connection: Connection) -> bool:
        sides = connection.sides
        is_unproved = sides.wanted is Wanted.UNLINKED and connection.state is State.PARTIALLY_REVOKED
        spent = {Credential.NONE, Credential.EXPIRED}
        return is_unproved and sides.credential_at(self._clock.now()) in spent

    async def _want_gone(self, unit: UnitOfWork, connection: Connection, person: Person) -> None:
        now = self._clock.now()
        await withdraw(unit, connection, now, by=person.user)
        if connection.sides.wanted is Wanted.UNLINKED:
            return
        seen = Observation(wanted=Wanted.UNLINKED)
        after = replace(connection.observed(seen, at=now, now=now), due_at=now)
        by = {"by": person.user}
        wish = Seen(source=Source.PERSON, observation=seen, at=now, now=now, note="unlink", **by)
        await record(unit, connection, after, wish)
        await tell(unit, FactKind.UNLINK_ASKED, after, now, **by)


def _is_linked(connection: Connection) -> bool:
    """True where an unlink has something to do, begun or not."""
    return connection.state not in {State.CLOSED, State.PENDING, State.REVOKED}
