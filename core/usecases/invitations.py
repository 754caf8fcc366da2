"""What becomes of an invitation: settled once, superseded by a newer one, refused where its time is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.account import Account
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.invitation import HELD_LIFE, Invitation, InvitationStep, LinkOutcome
from core.domain.observation import Capability
from core.domain.refusals import Refusal
from core.ports import UnitOfWork

_STEP_OF: dict[LinkOutcome, InvitationStep] = {
    LinkOutcome.LINKED: InvitationStep.LINKED,
    LinkOutcome.RELINKED: InvitationStep.LINKED,
    LinkOutcome.ADOPTED: InvitationStep.LINKED,
    LinkOutcome.FEWER_PERMISSIONS: InvitationStep.LINKED,
    LinkOutcome.CANCELLED: InvitationStep.CANCELLED,
    LinkOutcome.WRONG_ACCOUNT: InvitationStep.HELD,
    LinkOutcome.UNNAMED_ACCOUNT: InvitationStep.HELD,
    LinkOutcome.TIMED_OUT: InvitationStep.TIMED_OUT,
}
"""Where an outcome leaves an invitation; every other one refuses it."""


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
    moved = replace(invitation.to(step, at=at, outcome=outcome, found=found), missing=missing)
    if step is InvitationStep.HELD:
        moved = replace(moved, expires_at=at + HELD_LIFE)
    saved = await unit.invitations.save(moved)
    await tell_outcome(unit, saved, outcome, at=at, missing=missing)
    return saved


async def tell_outcome(
    unit: UnitOfWork,
    invitation: Invitation,
    outcome: LinkOutcome,
    *,
    at: datetime,
    missing: frozenset[Capability] = frozenset(),
) -> None:
    """Write the news of what came of an attempt."""
    account = invitation.found
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
                "handle": (account.handle or "") if account else "",
                "name": account.name if account else "",
                "missing": ",".join(sorted(missing)),
            },
        )
    )


async def supersede(unit: UnitOfWork, connection: Connection, at: datetime) -> Sequence[Invitation]:
    """End what is unsettled for a connection, because a newer invitation takes its place; return it.

    Nothing stays held aside.
    """
    older = await unit.invitations.unsettled(connection.workspace, connection.id)
    for each in older:
        await unit.credentials.drop(each.id)
    return [await unit.invitations.save(each.to(InvitationStep.SUPERSEDED, at=at)) for each in older]


async def withdraw(unit: UnitOfWork, connection: Connection, at: datetime, *, by: str = "") -> None:
    """End what is unsettled for a connection that people no longer want: no older button links it again.

    A wrong account that is held aside is let go by the scheduler, which can revoke it.
    """
    for each in await unit.invitations.unsettled(connection.workspace, connection.id):
        is_held = each.step is InvitationStep.HELD
        await unit.invitations.save(
            each.letting_go(at, by=by) if is_held else each.to(InvitationStep.SUPERSEDED, at=at)
        )


async def still_open(
    unit: UnitOfWork, invitation: Invitation | None, at: datetime
) -> tuple[Invitation, Client]:
    """Return an invitation that still leads somewhere, and its client.

    Raises Refusal `page_unknown`, `page_used`, `page_superseded` or `page_expired`.
    """
    client = await unit.clients.get(invitation.workspace, invitation.client_id) if invitation else None
    if invitation is None or client is None:
        raise Refusal("page_unknown")
    if invitation.is_open(at):
        return invitation, client
    codes = {
        InvitationStep.SUPERSEDED: "page_superseded",
        InvitationStep.OPEN: "page_expired",
        InvitationStep.TIMED_OUT: "page_expired",
    }
    raise Refusal(codes.get(invitation.step, "page_used"), client=client.name)
