"""Inviting a person to link: one open invitation per connection, and the newest wins."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.account import Platform
from core.domain.client import Client, Person
from core.domain.connection import Connection
from core.domain.ids import fingerprint, new_id, new_token
from core.domain.invitation import INVITATION_LIFE, Invitation, InvitationStep
from core.domain.refusals import Refusal
from core.domain.secret import Secret
from core.ports import Clock, Providers, UnitOfWork, Work
from core.usecases.clients import known_client
from core.usecases.held import Held
from core.usecases.invitations import supersede
from core.usecases.record import in_turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A new invitation and the clear token of its address, which is stored sealed only.

    `let_go`: an account that waited for a decision was let go for it. `former` are those on other slips that it takes
    the place of.
    """

    platform: Platform
    token: str
    invitation: Invitation
    client: Client
    let_go: bool = False
    former: Sequence[Invitation] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """Who asked for an invitation, when, and where the answer goes."""

    person: str
    channel: str
    at: datetime
    response_url: str | None
    replaceable: bool
    slip: str


class Inviting:
    """Opens invitations."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers, held: Held) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers
        self._held = held

    async def invite(
        self,
        person: Person,
        client_id: str,
        platforms: Sequence[Platform],
        *,
        channel: str,
        response_url: str | None,
        slip: str | None,
    ) -> Sequence[Asked]:
        """Open an invitation per platform. Raises Refusal `unknown_client` or `outsider`."""
        if person.is_outsider:
            raise Refusal("outsider")
        gone = await self._let_held_go(person, client_id, platforms)
        stays = bool(slip and gone)

        async def change(unit: UnitOfWork) -> Sequence[Asked]:
            client = await known_client(unit, person.workspace, client_id)
            where = _Where(
                person=person.user,
                channel=channel,
                at=self._clock.now(),
                response_url=response_url,
                replaceable=slip is not None and not stays,
                slip=new_id("sl") if stays or not slip else slip,
            )
            asked = [await self._ask(unit, client, platform, where) for platform in platforms]
            return [replace(each, let_go=each.platform in gone) for each in asked]

        return await in_turn(self._work, change)

    async def opened(self, person: Person, invitation_id: str, response_url: str) -> None:
        """Note how to reach the private message whose button this person has just pressed, while that matters."""

        async def change(unit: UnitOfWork) -> None:
            found = await unit.invitations.get(person.workspace, invitation_id)
            if found and found.person == person.user and found.step is InvitationStep.OPEN:
                own = replace(found, response_url=Secret(response_url), replaceable=True)
                await unit.invitations.save(own)

        await in_turn(self._work, change)

    async def _let_held_go(
        self, person: Person, client_id: str, platforms: Sequence[Platform]
    ) -> frozenset[Platform]:
        """A wrong account that still waits for a decision is let go before a newer invitation takes its place.

        Returns where that was done.
        """
        async with self._work.reading() as unit:
            waiting = [
                invitation
                for connection in await unit.connections.of_client(person.workspace, client_id)
                if connection.platform in platforms
                for invitation in await unit.invitations.unsettled(person.workspace, connection.id)
                if invitation.step is InvitationStep.HELD
            ]
        gone = set()
        for invitation in waiting:
            with suppress(Refusal):  # somebody else has just decided about it
                await self._held.let_go(invitation, by=person.user)
                gone.add(invitation.platform)
        return frozenset(gone)

    async def _ask(self, unit: UnitOfWork, client: Client, platform: Platform, where: "_Where") -> Asked:
        connection = await self._connection(unit, client, platform)
        older = await supersede(unit, connection, where.at)
        token = new_token()
        invitation = Invitation(
            id=new_id("in"),
            workspace=client.workspace,
            client_id=client.id,
            connection_id=connection.id,
            platform=platform,
            person=where.person,
            channel=where.channel,
            token_hash=fingerprint(token),
            token=Secret(token),
            slip=where.slip,
            created_at=where.at,
            expires_at=where.at + INVITATION_LIFE,
            relink=connection.account is not None,
            response_url=Secret(where.response_url) if where.response_url else None,
            replaceable=where.replaceable,
        )
        saved = await unit.invitations.save(invitation)
        former = [each for each in older if each.slip != where.slip]
        return Asked(platform=platform, token=token, invitation=saved, client=client, former=former)

    async def _connection(self, unit: UnitOfWork, client: Client, platform: Platform) -> Connection:
        for connection in await unit.connections.of_client(client.workspace, client.id):
            if connection.platform is platform:
                return connection
        now = self._clock.now()
        return await unit.connections.save(
            Connection(
                id=new_id("cn"),
                workspace=client.workspace,
                client_id=client.id,
                platform=platform,
                provider=self._providers[platform].traits.provider,
                created_at=now,
                since=now,
            )
        )
