"""What happens when a person comes back from a platform: prove first, store afterwards, in one commit."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from core.domain.account import Account, Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.credentials import Credentials, Issued, Proof
from core.domain.errors import Final, NeedsPerson
from core.domain.evidence import Source
from core.domain.invitation import Invitation, LinkOutcome
from core.domain.observation import Capability, Grant, Observation
from core.ports import Clock, Providers, UnitOfWork, Work
from core.usecases.invitations import settle, still_open, tell_outcome
from core.usecases.record import Seen, in_turn, record

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """What came of an attempt, for the page and for Slack. `until` is how long a wrong account waits."""

    outcome: LinkOutcome
    client: Client
    invitation: Invitation
    account: Account | None = None
    expected: str | None = None
    missing: frozenset[Capability] = frozenset()
    until: datetime | None = None

    @property
    def platform(self) -> Platform:
        """The one that the person was sent to."""
        return self.invitation.platform


class Identity(Enum):
    """What the account that came is to the one that should: UNTOLD where the platform named no handle to compare."""

    RIGHT = auto()
    WRONG = auto()
    UNTOLD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """An account that a person brought: who it is, what it allows, and the credentials that prove it."""

    account: Account
    granted: frozenset[Capability]
    credentials: Credentials

    def missing(self, needs: frozenset[Capability]) -> frozenset[Capability]:
        """Return what is needed and was not granted."""
        return needs - self.granted


class Arrival:
    """Takes in what a platform gave, and decides whether it is kept, held aside or let go."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers

    async def take_in(
        self, invitation: Invitation, client: Client, *, code: str, redirect_uri: str
    ) -> LinkResult:
        """Exchange the code, prove identity, permissions and one harmless read, then store or hold aside.

        Raises Trouble; nothing is stored then. Raises Refusal `page_…` where the invitation ended meanwhile: what
        was issued is then forgotten, not revoked, because a newer attempt may be storing the very same grant.
        """
        provider = self._providers[invitation.platform]
        issued = await provider.exchange(code=code, redirect_uri=redirect_uri, now=self._clock.now())
        try:
            proof = await provider.prove(issued.credentials, needs=provider.traits.wanted(client.needs()))
        except (NeedsPerson, Final):
            await self.revoke_unused(
                invitation.platform, issued.credentials, frozenset({issued.account_id} - {""})
            )
            raise
        came = _came(issued, proof)
        result = await in_turn(self._work, lambda unit: self._decide(unit, invitation.id, came))
        if result.outcome is LinkOutcome.TOO_FEW_PERMISSIONS:
            await self.revoke_unused(result.platform, came.credentials, came.account.known_as())
        return result

    async def _decide(self, unit: UnitOfWork, invitation_id: str, came: Came) -> LinkResult:
        now = self._clock.now()
        invitation, client = await still_open(unit, await unit.invitations.by_id(invitation_id), now)
        connection = await load_connection(unit, invitation)
        result = came_to(LinkOutcome.ACCOUNT_IN_USE, invitation, client, connection, account=came.account)
        if await is_taken(unit, connection, came.account):
            saved = await settle(unit, invitation, result.outcome, at=now, found=came.account)
            return replace(result, invitation=saved)
        match _identity(connection, client, came.account):
            case Identity.RIGHT:
                return await self._keep(unit, result, connection, came)
            case Identity.WRONG:
                return await self._hold(unit, result, came, LinkOutcome.WRONG_ACCOUNT)
            case Identity.UNTOLD:
                return await self._doubt(unit, result, came)

    async def _doubt(self, unit: UnitOfWork, result: LinkResult, came: Came) -> LinkResult:
        """Nobody knows whether it is the expected account. Where permissions are missing, too, nothing is kept:
        coming back with all of them is better than a manager's guess. Else a manager is the only one to ask.
        """
        missing = came.missing(self._needs(result.client, result.platform))
        if not missing:
            return await self._hold(unit, result, came, LinkOutcome.UNNAMED_ACCOUNT)
        outcome, now = LinkOutcome.TOO_FEW_PERMISSIONS, self._clock.now()
        saved = await settle(unit, result.invitation, outcome, at=now, found=came.account, missing=missing)
        return replace(result, outcome=outcome, invitation=saved, missing=missing)

    async def _hold(
        self, unit: UnitOfWork, result: LinkResult, came: Came, outcome: LinkOutcome
    ) -> LinkResult:
        await unit.credentials.hold(result.invitation.id, came.credentials)
        now = self._clock.now()
        saved = await settle(unit, result.invitation, outcome, at=now, found=came.account)
        return replace(result, outcome=outcome, invitation=saved, until=saved.expires_at)

    async def _keep(
        self, unit: UnitOfWork, result: LinkResult, connection: Connection, came: Came
    ) -> LinkResult:
        outcome = LinkOutcome.RELINKED if result.invitation.relink else LinkOutcome.LINKED
        if came.missing(self._needs(result.client, result.platform)):
            outcome = LinkOutcome.FEWER_PERMISSIONS
        return await self.store(unit, result, connection, came, outcome, by=result.invitation.person)

    async def store(
        self,
        unit: UnitOfWork,
        result: LinkResult,
        connection: Connection,
        came: Came,
        outcome: LinkOutcome,
        *,
        by: str,
    ) -> LinkResult:
        """Settle the invitation, keep the credentials, and write the link down: all in this unit."""
        now = self._clock.now()
        missing = came.missing(self._needs(result.client, result.platform))
        seen = Observation(grant=Grant.NARROWED if missing else Grant.PRESENT, granted=came.granted)
        saved = await settle(unit, result.invitation, outcome, at=now, found=came.account, missing=missing)
        await unit.credentials.put(connection.id, came.credentials)
        await unit.credentials.drop(saved.id)
        proof = Seen(source=Source.OAUTH, observation=seen, at=now, now=now, note=outcome, by=by)
        account = _named(came.account, connection)
        await record(unit, connection, connection.linked(account, came.credentials, seen, now), proof)
        return replace(result, outcome=outcome, invitation=saved, missing=missing)

    def _needs(self, client: Client, platform: Platform) -> frozenset[Capability]:
        return self._providers[platform].traits.wanted(client.needs())

    async def settled(self, invitation: Invitation, outcome: LinkOutcome) -> LinkResult:
        """Write an outcome that stores nothing. Raises Refusal `page_…` where the invitation ended meanwhile."""

        async def change(unit: UnitOfWork) -> LinkResult:
            now = self._clock.now()
            fresh, client = await still_open(unit, await unit.invitations.by_id(invitation.id), now)
            if outcome is LinkOutcome.PLATFORM_DOWN:
                await tell_outcome(unit, fresh, outcome, at=now)  # it stays open: the same button works again
            else:
                fresh = await settle(unit, fresh, outcome, at=now)
            connection = await load_connection(unit, fresh)
            return came_to(outcome, fresh, client, connection)

        return await in_turn(self._work, change)

    async def revoke_unused(self, platform: Platform, credentials: Credentials, ids: frozenset[str]) -> None:
        """A courtesy to the account's owner: whatever the platform answers, our copy goes all the same.

        A platform revokes per account and app, so the same account linked elsewhere would die with it; and
        an account that was never identified could be just that one.
        """
        provider = self._providers[platform]
        if not provider.traits.can_revoke or not ids:
            return
        async with self._work.reading() as unit:
            holders = await unit.connections.holding(platform, ids)
        if any(each.is_in_use for each in holders):
            return
        try:
            await provider.revoke(credentials)
        except Exception as failed:  # noqa: BLE001 - nothing may keep us from erasing our copy
            log.info("a courtesy was refused", extra={"platform": platform, "kind": type(failed).__name__})


async def load_connection(unit: UnitOfWork, invitation: Invitation) -> Connection:
    """Return the connection that an invitation is for: the foreign key says that it is there."""
    connection = await unit.connections.get(invitation.workspace, invitation.connection_id)
    assert connection is not None
    return connection


def came_to(
    outcome: LinkOutcome,
    invitation: Invitation,
    client: Client,
    connection: Connection,
    *,
    account: Account | None = None,
) -> LinkResult:
    """Return what came of an attempt, beside which account should have come."""
    expected = expected_handle(connection, client)
    return LinkResult(
        outcome=outcome, client=client, invitation=invitation, account=account, expected=expected
    )


async def is_taken(unit: UnitOfWork, connection: Connection, account: Account) -> bool:
    """True where another client of the same workspace has this account linked."""
    holders = await unit.connections.holding(account.platform, account.known_as())
    return any(
        each.is_in_use and each.workspace == connection.workspace and each.id != connection.id
        for each in holders
    )


def expected_handle(connection: Connection, client: Client) -> str | None:
    """Return the handle that should come: the known account's, or the one people named beforehand."""
    known = connection.account.handle if connection.account else None
    return known or client.expected.get(connection.platform)


def _came(issued: Issued, proof: Proof) -> Came:
    """The token endpoint may name the account by an id of its own, and the platform's messages by any of them."""
    ids = proof.account.ids | ({issued.account_id} - {""})
    return Came(
        account=replace(proof.account, ids=ids), granted=proof.granted, credentials=issued.credentials
    )


def _identity(connection: Connection, client: Client, found: Account) -> Identity:
    """The same account must come back: its id says so. The first time, the expected handle where one was named."""
    if connection.account is not None:
        return Identity.RIGHT if connection.account.same_as(found) else Identity.WRONG
    expected = client.expected.get(connection.platform)
    if expected is None:
        return Identity.RIGHT
    if found.handle is None:
        return Identity.UNTOLD
    return Identity.RIGHT if found.handle.casefold() == expected.casefold() else Identity.WRONG


def _named(found: Account, connection: Connection) -> Account:
    """The same account keeps its known handle where what was granted now doesn't show it."""
    known = connection.account
    is_same = known is not None and known.same_as(found)
    return replace(found, handle=known.handle) if known and is_same and found.handle is None else found
