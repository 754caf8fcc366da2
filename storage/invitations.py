"""Invitations and OAuth states as rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from core.domain.account import Platform
from core.domain.invitation import Invitation, InvitationStep, LinkOutcome, OAuthState
from core.domain.observation import Capability
from core.domain.secret import Secret
from storage.accounts import account_from_json, account_to_json
from storage.sealing import INVITATIONS
from storage.tables import UNSETTLED, invitations, oauth_states
from storage.transaction import Transaction, Values


class SqlInvitations:
    """Keeps the InvitationRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def get(self, workspace: str, invitation_id: str) -> Invitation | None:
        own = (invitations.c.workspace == workspace, invitations.c.id == invitation_id)
        return await self._one(select(invitations).where(*own))

    async def by_id(self, invitation_id: str) -> Invitation | None:
        return await self._one(select(invitations).where(invitations.c.id == invitation_id))

    async def by_token(self, token_hash: str) -> Invitation | None:
        return await self._one(select(invitations).where(invitations.c.token_hash == token_hash))

    async def latest(self, workspace: str, connection_id: str) -> Invitation | None:
        newest = (invitations.c.created_at.desc(), invitations.c.seq.desc())
        return await self._one(_of(workspace, connection_id).order_by(*newest).limit(1))

    async def unsettled(self, workspace: str, connection_id: str) -> Sequence[Invitation]:
        return await self._all(_of(workspace, connection_id).where(UNSETTLED))

    async def overdue(self, at: datetime, *, limit: int) -> Sequence[str]:
        over = select(invitations.c.id).where(UNSETTLED, invitations.c.expires_at <= at)
        earliest = over.order_by(invitations.c.expires_at, invitations.c.seq).limit(limit)
        return [row["id"] for row in await self._unit.all(earliest)]

    async def save(self, invitation: Invitation) -> Invitation:
        row = INVITATIONS.seal(self._unit.vault, _row(invitation))
        return replace(invitation, version=await self._unit.save(invitations, row))

    async def add_state(self, state: OAuthState) -> None:
        await self._unit.write(insert(oauth_states).values(_state_row(state)))

    async def state(self, state_hash: str) -> OAuthState | None:
        row = await self._unit.one(select(oauth_states).where(oauth_states.c.state_hash == state_hash))
        return OAuthState(**row) if row else None

    async def spend_state(self, state_hash: str, at: datetime) -> bool:
        unused = (oauth_states.c.state_hash == state_hash, oauth_states.c.used_at.is_(None))
        spent = await self._unit.write(update(oauth_states).where(*unused).values(used_at=at))
        return spent.rowcount == 1

    async def _one(self, statement: Select[Any]) -> Invitation | None:
        row = await self._unit.one(statement)
        return self._opened(row) if row else None

    async def _all(self, statement: Select[Any]) -> Sequence[Invitation]:
        return [self._opened(row) for row in await self._unit.all(statement)]

    def _opened(self, row: Values) -> Invitation:
        return _invitation(INVITATIONS.open(self._unit.vault, row))


def _of(workspace: str, connection_id: str) -> Select[Any]:
    own = (invitations.c.workspace == workspace, invitations.c.connection_id == connection_id)
    return select(invitations).where(*own)


def _row(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "workspace": invitation.workspace,
        "client_id": invitation.client_id,
        "connection_id": invitation.connection_id,
        "platform": invitation.platform,
        "person": invitation.person,
        "channel": invitation.channel,
        "token_hash": invitation.token_hash,
        "token": invitation.token.reveal() if invitation.token else None,
        "slip": invitation.slip,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
        "step": invitation.step,
        "relink": invitation.relink,
        "response_url": invitation.response_url.reveal() if invitation.response_url else None,
        "replaceable": invitation.replaceable,
        "found": account_to_json(invitation.found),
        "outcome": invitation.outcome,
        "missing": sorted(invitation.missing),
        "settled_at": invitation.settled_at,
        "decided_by": invitation.decided_by,
        "news": invitation.news,
        "version": invitation.version,
    }


def _invitation(row: Values) -> Invitation:
    return Invitation(
        id=row["id"],
        workspace=row["workspace"],
        client_id=row["client_id"],
        connection_id=row["connection_id"],
        platform=Platform(row["platform"]),
        person=row["person"],
        channel=row["channel"],
        token_hash=row["token_hash"],
        token=Secret(row["token"]) if row["token"] else None,
        slip=row["slip"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        step=InvitationStep(row["step"]),
        relink=row["relink"],
        response_url=Secret(row["response_url"]) if row["response_url"] else None,
        replaceable=row["replaceable"],
        found=account_from_json(row["found"]),
        outcome=LinkOutcome(row["outcome"]) if row["outcome"] else None,
        missing=frozenset(map(Capability, row["missing"])),
        settled_at=row["settled_at"],
        decided_by=row["decided_by"],
        news=tuple((channel, ts) for channel, ts in row["news"]),
        version=row["version"],
    )


def _state_row(state: OAuthState) -> dict[str, Any]:
    return {
        "state_hash": state.state_hash,
        "invitation_id": state.invitation_id,
        "browser_hash": state.browser_hash,
        "created_at": state.created_at,
        "expires_at": state.expires_at,
        "used_at": state.used_at,
    }
