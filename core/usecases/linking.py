"""Linking and relinking: from the button in Slack over the platform's page to stored, proved credentials."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.account import Platform
from core.domain.client import Client, Person
from core.domain.connection import Connection
from core.domain.errors import AccountHeld, AccountUnfit, Passing, Trouble, Unconfirmed
from core.domain.ids import fingerprint, new_id, new_token
from core.domain.invitation import (
    INVITATION_LIFE,
    STATE_LIFE,
    Invitation,
    InvitationStep,
    LinkOutcome,
    OAuthState,
)
from core.domain.refusals import Refusal, Stale
from core.domain.secret import Secret
from core.ports import Clock, Directory, Permission, Providers, UnitOfWork, Work
from core.usecases.arrival import Arrival, LinkResult, settle
from core.usecases.clients import require_manager

OVERDUE_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A new invitation and the clear token of its address, which is never stored."""

    platform: Platform
    token: str
    invitation: Invitation
    client: Client


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectPage:
    """What the connect page says before anything happens."""

    client: Client
    platform: Platform
    relink: bool
    expected: str | None
    permissions: tuple[Permission, ...]
    sign_in_url: str
    expires_at: datetime


class Linking:
    """Invites a person, leads them to the platform, and takes in what comes back."""

    def __init__(
        self,
        *,
        work: Work,
        clock: Clock,
        providers: Providers,
        directory: Directory,
        redirect_uri: Callable[[Platform], str],
    ) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers
        self._directory = directory
        self._redirect_uri = redirect_uri
        self._arrival = Arrival(work=work, clock=clock, providers=providers)

    async def invite(
        self,
        person: Person,
        client_id: str,
        platforms: Sequence[Platform],
        *,
        channel: str,
        response_url: str | None = None,
    ) -> Sequence[Asked]:
        """Open an invitation per platform for this person; the newest one of a connection wins.

        Raises Refusal `unknown_client` or `outsider`.
        """
        if person.is_outsider:
            raise Refusal("outsider")
        for platform in platforms:
            await self._let_older_go(person.workspace, client_id, platform)
        async with self._work.writing() as unit:
            client = await unit.clients.get(person.workspace, client_id)
            if client is None:
                raise Refusal("unknown_client", typed="", known="")
            asked = [
                await self._ask(unit, client, platform, person, channel=channel, response_url=response_url)
                for platform in platforms
            ]
            await unit.commit()
        return asked

    async def _let_older_go(self, workspace: str, client_id: str, platform: Platform) -> None:
        """A wrong account that still waits for a decision is let go before a newer invitation takes its place."""
        async with self._work.reading() as unit:
            connections = await unit.connections.of_client(workspace, client_id)
            waiting = [
                invitation
                for connection in connections
                if connection.platform is platform
                for invitation in await unit.invitations.unsettled(connection.id)
                if invitation.step is InvitationStep.HELD
            ]
        for invitation in waiting:
            await self._arrival.let_go(invitation)

    async def _ask(
        self,
        unit: UnitOfWork,
        client: Client,
        platform: Platform,
        person: Person,
        *,
        channel: str,
        response_url: str | None,
    ) -> Asked:
        now = self._clock.now()
        connection = await self._connection(unit, client, platform)
        for older in await unit.invitations.unsettled(connection.id):
            await unit.invitations.save(older.to(InvitationStep.SUPERSEDED, at=now))
        token = new_token()
        invitation = await unit.invitations.save(
            Invitation(
                id=new_id("in"),
                workspace=client.workspace,
                client_id=client.id,
                connection_id=connection.id,
                platform=platform,
                person=person.user,
                channel=channel,
                token_hash=fingerprint(token),
                created_at=now,
                expires_at=now + INVITATION_LIFE,
                relink=connection.account is not None,
                response_url=Secret(response_url) if response_url else None,
            )
        )
        return Asked(platform=platform, token=token, invitation=invitation, client=client)

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

    async def page(self, token: str) -> ConnectPage:
        """Return what the connect page says; looking burns nothing.

        Raises Refusal `page_unknown`, `page_used`, `page_superseded`, `page_expired`.
        """
        async with self._work.reading() as unit:
            invitation, client = await self._open(unit, token)
            connection = await unit.connections.get(client.workspace, invitation.connection_id)
        traits = self._providers[invitation.platform].traits
        wanted = traits.wanted(client.needs())
        known = connection.account.handle if connection and connection.account else None
        return ConnectPage(
            client=client,
            platform=invitation.platform,
            relink=invitation.relink,
            expected=known or client.expected.get(invitation.platform),
            permissions=tuple(each for each in traits.permissions if each.capability in wanted),
            sign_in_url=traits.sign_in_url,
            expires_at=invitation.expires_at,
        )

    async def begin(self, token: str, browser: str) -> str:
        """Return the platform's consent page for this invitation, bound to this browser for ten minutes.

        `browser` is the clear value of the cookie that only this browser has. Raises as `page` does.
        """
        now = self._clock.now()
        state = new_token()
        async with self._work.writing() as unit:
            invitation, client = await self._open(unit, token)
            await unit.invitations.add_state(
                OAuthState(
                    state_hash=fingerprint(state),
                    invitation_id=invitation.id,
                    browser_hash=fingerprint(browser),
                    created_at=now,
                    expires_at=now + STATE_LIFE,
                )
            )
            await unit.commit()
        provider = self._providers[invitation.platform]
        return provider.authorize_url(
            state=state,
            redirect_uri=self._redirect_uri(invitation.platform),
            needs=provider.traits.wanted(client.needs()),
        )

    async def complete(self, platform: Platform, query: Mapping[str, str], browser: str) -> LinkResult:
        """Take in the platform's callback and say what came of it.

        `query` is the callback's. Raises Refusal `state_missing`, `state_unknown`, `state_used`, `state_expired`,
        `other_browser`, or as `page` does. A platform that is down leaves the invitation open.
        """
        invitation, client = await self._spend(platform, query.get("state", ""), browser)
        if "error" in query or not query.get("code"):
            cancelled = query.get("error") == "access_denied"
            outcome = LinkOutcome.CANCELLED if cancelled else LinkOutcome.PLATFORM_REFUSED
            return await self._arrival.settled(invitation, client, outcome)
        try:
            return await self._arrival.take_in(
                invitation, client, code=query["code"], redirect_uri=self._redirect_uri(platform)
            )
        except (Passing, Unconfirmed):
            return LinkResult(
                outcome=LinkOutcome.PLATFORM_DOWN, client=client, platform=platform, invitation=invitation
            )
        except AccountUnfit:
            return await self._arrival.settled(invitation, client, LinkOutcome.NOT_PROFESSIONAL)
        except AccountHeld:
            return await self._arrival.settled(invitation, client, LinkOutcome.ACCOUNT_HELD)
        except Trouble:
            return await self._arrival.settled(invitation, client, LinkOutcome.PLATFORM_REFUSED)

    async def _spend(self, platform: Platform, state: str, browser: str) -> tuple[Invitation, Client]:
        if not state:
            raise Refusal("state_missing")
        now = self._clock.now()
        async with self._work.writing() as unit:
            known = await unit.invitations.state(fingerprint(state))
            invitation = known and await unit.invitations.by_id(known.invitation_id)
            if known is None or not isinstance(invitation, Invitation) or invitation.platform is not platform:
                raise Refusal("state_unknown")
            if known.browser_hash != fingerprint(browser):
                raise Refusal("other_browser")
            if not await unit.invitations.spend_state(known.state_hash, now):
                raise Refusal("state_used")
            await unit.commit()
        if now >= known.expires_at:
            raise Refusal("state_expired")
        async with self._work.reading() as unit:
            return await self._checked(unit, invitation, now)

    async def adopt(self, person: Person, invitation_id: str) -> LinkResult:
        """Link the wrong account after all, because a manager says it is the right one.

        Raises Refusal `not_allowed` or `held_gone`.
        """
        invitation, client = await self._waiting(person, invitation_id)
        await require_manager(self._directory, person, client)
        return await self._arrival.adopt(invitation, client, by=person.user)

    async def decline(self, person: Person, invitation_id: str) -> LinkResult:
        """Let the wrong account go: revoked at the platform, erased here. Raises Refusal `not_allowed`, `held_gone`."""
        invitation, client = await self._waiting(person, invitation_id)
        if person.user != invitation.person:
            await require_manager(self._directory, person, client)
        await self._arrival.let_go(invitation)
        return await self._arrival.settled(invitation, client, LinkOutcome.WRONG_ACCOUNT_DROPPED)

    async def _waiting(self, person: Person, invitation_id: str) -> tuple[Invitation, Client]:
        async with self._work.reading() as unit:
            invitation = await unit.invitations.get(person.workspace, invitation_id)
            client = await unit.clients.get(person.workspace, invitation.client_id) if invitation else None
        if invitation is None or client is None:
            raise Refusal("held_gone")
        if person.is_outsider:
            raise Refusal("not_allowed", client=client.name, managers=" ".join(client.managers))
        if invitation.step is not InvitationStep.HELD or self._clock.now() >= invitation.expires_at:
            raise Refusal("held_gone")
        return invitation, client

    async def settle_overdue(self, at: datetime) -> None:
        """Settle what nobody finished in time: invitations time out, wrong accounts are let go."""
        async with self._work.reading() as unit:
            overdue = await unit.invitations.overdue(at, limit=OVERDUE_AT_ONCE)
        for invitation in overdue:
            if invitation.step is InvitationStep.HELD:
                await self._arrival.let_go(invitation)
            async with self._work.writing() as unit:
                try:
                    await settle(unit, invitation, _overdue_outcome(invitation), at=at)
                except Stale:
                    continue
                await unit.commit()

    async def _open(self, unit: UnitOfWork, token: str) -> tuple[Invitation, Client]:
        invitation = await unit.invitations.by_token(fingerprint(token))
        if invitation is None:
            raise Refusal("page_unknown")
        return await self._checked(unit, invitation, self._clock.now())

    async def _checked(
        self, unit: UnitOfWork, invitation: Invitation, now: datetime
    ) -> tuple[Invitation, Client]:
        client = await unit.clients.get(invitation.workspace, invitation.client_id)
        if client is None:
            raise Refusal("page_unknown")
        if invitation.step is InvitationStep.SUPERSEDED:
            raise Refusal("page_superseded", client=client.name)
        if invitation.step is InvitationStep.TIMED_OUT or (
            invitation.step is InvitationStep.OPEN and now >= invitation.expires_at
        ):
            raise Refusal("page_expired", client=client.name)
        if invitation.step is not InvitationStep.OPEN:
            raise Refusal("page_used", client=client.name)
        return invitation, client


def _overdue_outcome(invitation: Invitation) -> LinkOutcome:
    held = invitation.step is InvitationStep.HELD
    return LinkOutcome.WRONG_ACCOUNT_DROPPED if held else LinkOutcome.TIMED_OUT
