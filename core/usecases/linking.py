"""Linking and relinking: from the button in Slack over the platform's page to stored, proved credentials."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from core.domain.account import Platform
from core.domain.client import Client, Person
from core.domain.errors import AccountHeld, AccountUnfit, Passing, Trouble, Unconfirmed
from core.domain.ids import fingerprint, new_token
from core.domain.invitation import (
    ARRIVAL_TAKES,
    STATE_LIFE,
    Invitation,
    InvitationStep,
    LinkOutcome,
    OAuthState,
)
from core.domain.refusals import Refusal
from core.ports import Clock, Directory, Permission, Providers, UnitOfWork, Work
from core.usecases.arrival import Arrival, LinkResult, expected_handle, load_connection
from core.usecases.clients import known_client, not_allowed, require_manager
from core.usecases.held import Held
from core.usecases.invitations import settle, still_open
from core.usecases.inviting import Asked, Inviting
from core.usecases.record import in_turn
from core.usecases.slips import Entry, on_slip

log = logging.getLogger(__name__)

OVERDUE_AT_ONCE = 100
_CAME_BACK = {
    "access_denied": LinkOutcome.CANCELLED,
    "server_error": LinkOutcome.PLATFORM_DOWN,
    "temporarily_unavailable": LinkOutcome.PLATFORM_DOWN,
}
"""What a callback's `error` amounts to; any other is a refusal."""


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
        self._held = Held(work=work, clock=clock, providers=providers, arrival=self._arrival)
        self._inviting = Inviting(work=work, clock=clock, providers=providers, held=self._held)

    async def invite(
        self,
        person: Person,
        client_id: str,
        platforms: Sequence[Platform],
        *,
        channel: str,
        response_url: str | None = None,
        slip: str | None = None,
    ) -> Sequence[Asked]:
        """Open an invitation per platform for this person; the newest one of a connection wins.

        `response_url` answers privately. With `slip` it stands for the very message that will hold the buttons: a
        new one where it is "", else the slip in whose place they come. That one stays where an account that waits on
        it is let go for them, and says by itself what became of it. Raises Refusal `unknown_client` or `outsider`.
        """
        return await self._inviting.invite(
            person,
            client_id,
            platforms,
            channel=channel,
            response_url=response_url,
            slip=slip,
        )

    async def slip(self, invitation: Invitation) -> Sequence[Entry]:
        """Return what the private message that holds this invitation shows by now."""
        async with self._work.reading() as unit:
            client = await known_client(unit, invitation.workspace, invitation.client_id)
            fresh = await unit.invitations.get(invitation.workspace, invitation.id)
            return await on_slip(unit, client, fresh or invitation)

    async def opened(self, person: Person, invitation_id: str, response_url: str) -> None:
        """Note the address that replaces the private message whose button was pressed; nothing where it is over."""
        await self._inviting.opened(person, invitation_id, response_url)

    async def page(self, token: str) -> ConnectPage:
        """Return what the connect page says; looking burns nothing.

        Raises Refusal `page_unknown`, `page_used`, `page_superseded`, `page_expired`.
        """
        async with self._work.reading() as unit:
            invitation, client = await self._open(unit, token)
            connection = await load_connection(unit, invitation)
        traits = self._providers[invitation.platform].traits
        wanted = traits.wanted(client.needs())
        return ConnectPage(
            client=client,
            platform=invitation.platform,
            relink=invitation.relink,
            expected=expected_handle(connection, client),
            permissions=tuple(each for each in traits.permissions if each.capability in wanted),
            sign_in_url=traits.sign_in_url,
            expires_at=invitation.expires_at,
        )

    async def begin(self, token: str, browser: str) -> str:
        """Return the platform's consent page for this invitation, bound to this browser for ten minutes.

        `browser` is the clear value of the cookie that only this browser has. The invitation lasts until this
        attempt is over. Raises Refusal `other_browser` without a browser, or as `page` does.
        """
        if not browser:
            raise Refusal("other_browser")
        state = new_token()

        async def change(unit: UnitOfWork) -> tuple[Invitation, Client]:
            now = self._clock.now()
            invitation, client = await self._open(unit, token)
            attempt = OAuthState(
                state_hash=fingerprint(state),
                invitation_id=invitation.id,
                browser_hash=fingerprint(browser),
                created_at=now,
                expires_at=now + STATE_LIFE,
            )
            await unit.invitations.add_state(attempt)
            lasting = invitation.outlasting(attempt.expires_at + ARRIVAL_TAKES)
            if lasting != invitation:
                await unit.invitations.save(lasting)
            return invitation, client

        invitation, client = await in_turn(self._work, change)
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
            outcome = _CAME_BACK.get(query.get("error", ""), LinkOutcome.PLATFORM_REFUSED)
            return await self._arrival.settled(invitation, outcome)
        try:
            return await self._arrival.take_in(
                invitation, client, code=query["code"], redirect_uri=self._redirect_uri(platform)
            )
        except Trouble as trouble:
            log.info("an attempt failed", extra={"platform": platform, "code": trouble.code})
            return await self._arrival.settled(invitation, _outcome_of(trouble))

    async def _spend(self, platform: Platform, state: str, browser: str) -> tuple[Invitation, Client]:
        """Use a state up, once and only in the browser that began; then see whether its attempt still counts."""
        if not state:
            raise Refusal("state_missing")
        now = self._clock.now()

        async def change(unit: UnitOfWork) -> OAuthState:
            known = await unit.invitations.state(fingerprint(state))
            invitation = await unit.invitations.by_id(known.invitation_id) if known else None
            if known is None or invitation is None or invitation.platform is not platform:
                raise Refusal("state_unknown")
            if not browser or known.browser_hash != fingerprint(browser):
                raise Refusal("other_browser")
            if not await unit.invitations.spend_state(known.state_hash, now):
                raise Refusal("state_used")
            return known

        spent = await in_turn(self._work, change)
        if now >= spent.expires_at:
            raise Refusal("state_expired")
        async with self._work.reading() as unit:
            return await still_open(unit, await unit.invitations.by_id(spent.invitation_id), now)

    async def adopt(self, person: Person, invitation_id: str) -> LinkResult:
        """Link the wrong account after all, because a manager says it is the right one.

        Raises Refusal `not_allowed` or `held_gone`, or Trouble where the platform does not answer for it.
        """
        invitation, client = await self._waiting(person, invitation_id)
        await require_manager(self._directory, person, client)
        return await self._held.adopt(invitation, client, by=person.user)

    async def decline(self, person: Person, invitation_id: str) -> LinkResult:
        """Let the wrong account go: revoked at the platform, erased here. Raises Refusal `not_allowed`, `held_gone`."""
        invitation, client = await self._waiting(person, invitation_id)
        if person.user != invitation.person:
            await require_manager(self._directory, person, client)
        return await self._held.let_go(invitation, by=person.user)

    async def _waiting(self, person: Person, invitation_id: str) -> tuple[Invitation, Client]:
        async with self._work.reading() as unit:
            invitation = await unit.invitations.get(person.workspace, invitation_id)
            client = await unit.clients.get(person.workspace, invitation.client_id) if invitation else None
        if invitation is None or client is None:
            raise Refusal("held_gone")
        if person.is_outsider:
            raise not_allowed(client)
        if not invitation.awaits_decision(self._clock.now()):
            raise Refusal("held_gone")
        return invitation, client

    async def settle_overdue(self, at: datetime) -> None:
        """Settle what nobody finished in time: invitations time out, wrong accounts are let go.

        One that can't be settled stops no other; the first such error is raised at the end.
        """
        async with self._work.reading() as unit:
            overdue = await unit.invitations.overdue(at, limit=OVERDUE_AT_ONCE)
        failures: list[Exception] = []
        for invitation_id in overdue:
            try:
                await self._settle(invitation_id, at)
            except Exception as failed:
                log.exception("an invitation could not be settled", extra={"invitation": invitation_id})
                failures.append(failed)
        if failures:
            raise failures[0]

    async def _settle(self, invitation_id: str, at: datetime) -> None:
        async def time_out(unit: UnitOfWork) -> Invitation | None:
            fresh = await unit.invitations.by_id(invitation_id)
            if fresh is None or fresh.expires_at > at:
                return None
            if fresh.step is InvitationStep.OPEN:
                await settle(unit, fresh, LinkOutcome.TIMED_OUT, at=at)
            return fresh

        overdue = await in_turn(self._work, time_out)
        if overdue is not None and overdue.step is InvitationStep.HELD:
            with suppress(Refusal):  # adopted or declined meanwhile
                await self._held.let_go(overdue)

    async def _open(self, unit: UnitOfWork, token: str) -> tuple[Invitation, Client]:
        invitation = await unit.invitations.by_token(fingerprint(token))
        return await still_open(unit, invitation, self._clock.now())


def _outcome_of(trouble: Trouble) -> LinkOutcome:
    match trouble:
        case Passing() | Unconfirmed():
            return LinkOutcome.PLATFORM_DOWN
        case AccountUnfit():
            return LinkOutcome.NOT_PROFESSIONAL
        case AccountHeld():
            return LinkOutcome.ACCOUNT_HELD
        case _:
            return LinkOutcome.PLATFORM_REFUSED
