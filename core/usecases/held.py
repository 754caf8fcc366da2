"""An account that came instead of the expected one: sealed aside until a manager adopts it or it is let go."""

from dataclasses import replace

from core.domain.account import Account
from core.domain.client import Client
from core.domain.credentials import Credentials
from core.domain.invitation import Invitation, InvitationStep, LinkOutcome
from core.domain.refusals import Refusal
from core.ports import Clock, Providers, UnitOfWork, Work
from core.usecases.arrival import Arrival, Came, LinkResult, came_to, is_taken, load_connection
from core.usecases.invitations import settle
from core.usecases.record import in_turn


class Held:
    """Decides what becomes of a held account, exactly once, whoever else decides at the same moment."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers, arrival: Arrival) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers
        self._arrival = arrival

    async def adopt(self, invitation: Invitation, client: Client, *, by: str) -> LinkResult:
        """Keep the account that was held aside, proved once more. Raises Refusal `held_gone`, or Trouble."""
        provider = self._providers[invitation.platform]
        async with self._work.reading() as unit:
            credentials = await unit.credentials.held(invitation.id)
            former = await load_connection(unit, invitation)
            former_credentials = await unit.credentials.of(former.id)
        if credentials is None:
            raise Refusal("held_gone")
        proof = await provider.prove(credentials, needs=provider.traits.wanted(client.needs()))
        found = invitation.found or proof.account
        account = replace(proof.account, ids=proof.account.ids | found.known_as())
        came = Came(account=account, granted=proof.granted, credentials=credentials)
        result = await in_turn(self._work, lambda unit: self._adopted(unit, invitation.id, came, by))
        if result.outcome is LinkOutcome.ADOPTED and former.account and former_credentials:
            # What the connection held before belongs to another account, which nobody asked to keep us.
            ids = former.account.known_as()
            await self._arrival.revoke_unused(former.platform, former_credentials, ids)
        return result

    async def _adopted(self, unit: UnitOfWork, invitation_id: str, came: Came, by: str) -> LinkResult:
        now = self._clock.now()
        invitation, client = await _found(unit, invitation_id)
        if not invitation.awaits_decision(now):
            raise Refusal("held_gone")
        invitation = replace(invitation, decided_by=by)
        connection = await load_connection(unit, invitation)
        result = came_to(LinkOutcome.ACCOUNT_IN_USE, invitation, client, connection, account=came.account)
        if await is_taken(unit, connection, came.account):
            await unit.credentials.drop(invitation.id)
            return replace(result, invitation=await settle(unit, invitation, result.outcome, at=now))
        await _expect(unit, client, came.account)
        return await self._arrival.store(unit, result, connection, came, LinkOutcome.ADOPTED, by=by)

    async def let_go(self, invitation: Invitation, *, by: str = "") -> LinkResult:
        """End what was held aside: revoked at the platform where nobody else uses it, and erased here. `by`: who
        decided it, "" where time did.

        The decision is committed first, so that nobody adopts what is being revoked; the rest is done again by the
        scheduler should this process end in between. Raises Refusal `held_gone` where somebody decided otherwise.
        """

        async def decide(unit: UnitOfWork) -> tuple[Invitation, Credentials | None]:
            fresh, _ = await _found(unit, invitation.id)
            if fresh.step is not InvitationStep.HELD:
                raise Refusal("held_gone")
            going = await unit.invitations.save(fresh.letting_go(self._clock.now(), by=by))
            return going, await unit.credentials.held(going.id)

        going, credentials = await in_turn(self._work, decide)
        if credentials and going.found:
            await self._arrival.revoke_unused(going.platform, credentials, going.found.known_as())
        return await in_turn(self._work, lambda unit: self._gone(unit, going.id))

    async def _gone(self, unit: UnitOfWork, invitation_id: str) -> LinkResult:
        invitation, client = await _found(unit, invitation_id)
        outcome = LinkOutcome.WRONG_ACCOUNT_DROPPED
        await unit.credentials.drop(invitation.id)
        if invitation.step is InvitationStep.HELD:  # else another process was as quick
            invitation = await settle(unit, invitation, outcome, at=self._clock.now())
        connection = await load_connection(unit, invitation)
        return came_to(outcome, invitation, client, connection, account=invitation.found)


async def _found(unit: UnitOfWork, invitation_id: str) -> tuple[Invitation, Client]:
    invitation = await unit.invitations.by_id(invitation_id)
    client = await unit.clients.get(invitation.workspace, invitation.client_id) if invitation else None
    if invitation is None or client is None:
        raise Refusal("held_gone")
    return invitation, client


async def _expect(unit: UnitOfWork, client: Client, account: Account) -> None:
    """Once a manager adopted an account, it is the expected one."""
    named = client.expected.get(account.platform)
    if account.handle is not None and named not in {None, account.handle}:
        await unit.clients.save(
            replace(client, expected={**client.expected, account.platform: account.handle})
        )
