"""What happens when a person comes back from a platform: prove first, store afterwards, in one commit."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.account import Account, Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.credentials import Credentials, Issued, Proof
from core.domain.errors import NeedsPerson, Trouble
from core.domain.evidence import Source
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.invitation import HELD_LIFE, Invitation, InvitationStep, LinkOutcome
from core.domain.observation import Capability, Grant, Observation
from core.domain.refusals import Refusal, Stale
from core.ports import Clock, Providers, UnitOfWork, Work
from core.usecases.record import Seen, record


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """What came of an attempt, for the page and for Slack. `until` is how long a wrong account waits."""

    outcome: LinkOutcome
    client: Client
    platform: Platform
    invitation: Invitation
    account: Account | None = None
    expected: str | None = None
    missing: frozenset[Capability] = frozenset()
    until: datetime | None = None


_STEP_OF: dict[LinkOutcome, InvitationStep] = {
    LinkOutcome.LINKED: InvitationStep.LINKED,
    LinkOutcome.RELINKED: InvitationStep.LINKED,
    LinkOutcome.ADOPTED: InvitationStep.LINKED,
    LinkOutcome.FEWER_PERMISSIONS: InvitationStep.LINKED,
    LinkOutcome.CANCELLED: InvitationStep.CANCELLED,
    LinkOutcome.WRONG_ACCOUNT: InvitationStep.HELD,
    LinkOutcome.TIMED_OUT: InvitationStep.TIMED_OUT,
}


async def settle(
    unit: UnitOfWork,
    invitation: Invitation,
    outcome: LinkOutcome,
    *,
    at: datetime,
    found: Account | None = None,
    missing: frozenset[Capability] = frozenset(),
) -> Invitation:
    """Write an invitation's outcome and the news of it. Raises Stale where somebody settled it first."""
    step = _STEP_OF.get(outcome, InvitationStep.REFUSED)
    moved = invitation.to(step, at=at, outcome=outcome, found=found)
    if step is InvitationStep.HELD:
        moved = replace(moved, expires_at=at + HELD_LIFE)
    saved = await unit.invitations.save(moved)
    account = found or invitation.found
    await unit.facts.add(
        Fact(
            id=new_id("fa"),
            kind=FactKind.INVITATION_SETTLED,
            workspace=invitation.workspace,
            at=at,
            client_id=invitation.client_id,
            subject=invitation.id,
            details={
                "outcome": outcome,
                "platform": invitation.platform,
                "handle": (account.handle or account.name) if account else "",
                "missing": ",".join(sorted(missing)),
            },
        )
    )
    return saved


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

        Raises Trouble; nothing is stored then, and what was issued is let go.
        """
        provider = self._providers[invitation.platform]
        issued = await provider.exchange(code=code, redirect_uri=redirect_uri, now=self._clock.now())
        try:
            proof = await provider.prove(issued.credentials, needs=provider.traits.wanted(client.needs()))
        except NeedsPerson:
            ids = frozenset({issued.account_id} - {""})
            await self._revoke_unused(invitation.platform, issued.credentials, ids)
            raise
        async with self._work.reading() as unit:
            holders = await unit.connections.holding(invitation.platform, proof.account.known_as())
            connection = await unit.connections.get(invitation.workspace, invitation.connection_id)
        if connection is None:
            raise Refusal("page_unknown")
        others = [each for each in holders if each.id != connection.id and each.is_held]
        if any(each.workspace == invitation.workspace for each in others):
            return await self.settled(invitation, client, LinkOutcome.ACCOUNT_IN_USE, account=proof.account)
        if _is_wrong(connection, client, proof.account):
            return await self._hold(invitation, client, issued, proof)
        return await self._keep(invitation, client, issued.credentials, proof)

    async def _keep(
        self, invitation: Invitation, client: Client, credentials: Credentials, proof: Proof
    ) -> LinkResult:
        needs = self._providers[invitation.platform].traits.wanted(client.needs())
        missing = needs - proof.granted
        outcome = LinkOutcome.RELINKED if invitation.relink else LinkOutcome.LINKED
        if missing:
            outcome = LinkOutcome.FEWER_PERMISSIONS
        saved = await self._store(invitation, credentials, proof, outcome, missing=missing)
        return LinkResult(
            outcome=outcome,
            client=client,
            platform=invitation.platform,
            invitation=saved,
            account=proof.account,
            missing=missing,
        )

    async def _store(
        self,
        invitation: Invitation,
        credentials: Credentials,
        proof: Proof,
        outcome: LinkOutcome,
        *,
        missing: frozenset[Capability],
        by: str = "",
    ) -> Invitation:
        now = self._clock.now()
        seen = Observation(grant=Grant.NARROWED if missing else Grant.PRESENT, granted=proof.granted)
        async with self._work.writing() as unit:
            connection = await unit.connections.get(invitation.workspace, invitation.connection_id)
            if connection is None:
                raise Refusal("page_unknown")
            try:
                saved = await settle(unit, invitation, outcome, at=now, found=proof.account, missing=missing)
            except Stale:
                raise Refusal("page_superseded", client="") from None
            await unit.credentials.put(connection.id, credentials)
            await unit.credentials.drop(invitation.id)
            await record(
                unit,
                connection,
                connection.linked(proof.account, credentials, seen, now),
                Seen(
                    source=Source.OAUTH,
                    observation=seen,
                    at=now,
                    now=now,
                    note=outcome,
                    by=by or invitation.person,
                ),
            )
            await unit.commit()
        return saved

    async def _hold(self, invitation: Invitation, client: Client, issued: Issued, proof: Proof) -> LinkResult:
        now = self._clock.now()
        async with self._work.writing() as unit:
            connection = await unit.connections.get(invitation.workspace, invitation.connection_id)
            await unit.credentials.hold(invitation.id, issued.credentials, until=now + HELD_LIFE)
            saved = await settle(unit, invitation, LinkOutcome.WRONG_ACCOUNT, at=now, found=proof.account)
            await unit.commit()
        known = connection.account.handle if connection and connection.account else None
        return LinkResult(
            outcome=LinkOutcome.WRONG_ACCOUNT,
            client=client,
            platform=invitation.platform,
            invitation=saved,
            account=proof.account,
            expected=known or client.expected.get(invitation.platform),
            until=saved.expires_at,
        )

    async def adopt(self, invitation: Invitation, client: Client, *, by: str) -> LinkResult:
        """Keep the account that was held aside, proved once more. Raises Refusal `held_gone`, or Trouble."""
        async with self._work.reading() as unit:
            credentials = await unit.credentials.held(invitation.id)
        if credentials is None:
            raise Refusal("held_gone")
        provider = self._providers[invitation.platform]
        needs = provider.traits.wanted(client.needs())
        proof = await provider.prove(credentials, needs=needs)
        missing = needs - proof.granted
        saved = await self._store(invitation, credentials, proof, LinkOutcome.ADOPTED, missing=missing, by=by)
        await self._expect(client, invitation.platform, proof.account.handle)
        return LinkResult(
            outcome=LinkOutcome.ADOPTED,
            client=client,
            platform=invitation.platform,
            invitation=saved,
            account=proof.account,
            missing=missing,
        )

    async def _expect(self, client: Client, platform: Platform, handle: str | None) -> None:
        if handle is None or client.expected.get(platform) in {None, handle}:
            return
        async with self._work.writing() as unit:
            current = await unit.clients.get(client.workspace, client.id)
            if current is not None:
                await unit.clients.save(replace(current, expected={**current.expected, platform: handle}))
            await unit.commit()

    async def let_go(self, invitation: Invitation) -> None:
        """End what was held aside: revoked at the platform where nobody else uses it, and erased here."""
        async with self._work.reading() as unit:
            credentials = await unit.credentials.held(invitation.id)
        if credentials:
            ids = invitation.found.known_as() if invitation.found else frozenset[str]()
            await self._revoke_unused(invitation.platform, credentials, ids)
        async with self._work.writing() as unit:
            await unit.credentials.drop(invitation.id)
            await unit.commit()

    async def settled(
        self,
        invitation: Invitation,
        client: Client,
        outcome: LinkOutcome,
        *,
        account: Account | None = None,
    ) -> LinkResult:
        """Write an outcome that stores nothing. Raises Refusal `page_superseded` where a newer invitation won."""
        async with self._work.writing() as unit:
            try:
                saved = await settle(unit, invitation, outcome, at=self._clock.now(), found=account)
            except Stale:
                raise Refusal("page_superseded", client=client.name) from None
            await unit.commit()
        return LinkResult(
            outcome=outcome,
            client=client,
            platform=invitation.platform,
            invitation=saved,
            account=account or invitation.found,
            expected=client.expected.get(invitation.platform),
        )

    async def _revoke_unused(self, platform: Platform, credentials: Credentials, ids: frozenset[str]) -> None:
        """A courtesy to the account's owner: whatever the platform answers, our copy goes all the same.

        A platform revokes per account and app, so the same account linked elsewhere would die with it; and
        an account that was never identified could be just that one.
        """
        provider = self._providers[platform]
        if not provider.traits.can_revoke or not ids:
            return
        async with self._work.reading() as unit:
            holders = await unit.connections.holding(platform, ids)
        if any(each.is_held for each in holders):
            return
        with suppress(Trouble):
            await provider.revoke(credentials)


def _is_wrong(connection: Connection, client: Client, found: Account) -> bool:
    """The same account must come back; the first time, the expected handle where one was named."""
    if connection.account is not None:
        return connection.account.id not in found.known_as()
    expected = client.expected.get(connection.platform)
    return expected is not None and found.handle is not None and found.handle.casefold() != expected
