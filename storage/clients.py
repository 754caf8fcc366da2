"""Clients as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.exc import IntegrityError

from core.domain.account import Platform
from core.domain.client import ApprovalPolicy, Client, Intent
from core.domain.refusals import Refusal, Stale
from storage.tables import clients
from storage.transaction import Transaction, Values


class SqlClients:
    """Keeps the ClientRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def get(self, workspace: str, client_id: str) -> Client | None:
        return await self._one(_of(workspace).where(clients.c.id == client_id))

    async def of_channel(self, workspace: str, channel: str) -> Client | None:
        return await self._one(_of(workspace).where(clients.c.channel == channel))

    async def named(self, workspace: str, name: str) -> Client | None:
        return await self._one(_of(workspace).where(clients.c.folded_name == _folded(name)))

    async def every(self, workspace: str) -> Sequence[Client]:
        found = [_client(row) for row in await self._unit.all(_of(workspace))]
        return sorted(found, key=lambda each: _folded(each.name))

    async def save(self, client: Client) -> Client:
        try:
            async with self._unit.savepoint():
                version = await self._unit.save(clients, _row(client))
        except (IntegrityError, Stale):
            await self._refuse_taken(client)
            raise
        return replace(client, version=version)

    async def _refuse_taken(self, client: Client) -> None:
        same = or_(clients.c.channel == client.channel, clients.c.folded_name == _folded(client.name))
        other = await self._one(_of(client.workspace).where(clients.c.id != client.id, same))
        if other is not None:
            code = "channel_taken" if other.channel == client.channel else "name_taken"
            raise Refusal(code, name=other.name, channel=other.channel) from None

    async def _one(self, statement: Select[Any]) -> Client | None:
        row = await self._unit.one(statement)
        return _client(row) if row else None


def _of(workspace: str) -> Select[Any]:
    return select(clients).where(clients.c.workspace == workspace)


def _folded(name: str) -> str:
    return name.strip().casefold()


def _row(client: Client) -> dict[str, Any]:
    return {
        "id": client.id,
        "workspace": client.workspace,
        "name": client.name,
        "folded_name": _folded(client.name),
        "channel": client.channel,
        "intent": client.intent,
        "created_at": client.created_at,
        "managers": list(client.managers),
        "oncall": list(client.oncall),
        "expected": dict(client.expected),
        "approvals_needed": client.policy.needed,
        "self_approval": client.policy.self_approval,
        "outsiders": list(client.policy.outsiders),
        "time_zone": client.time_zone,
        "version": client.version,
    }


def _client(row: Values) -> Client:
    return Client(
        id=row["id"],
        workspace=row["workspace"],
        name=row["name"],
        channel=row["channel"],
        intent=Intent(row["intent"]),
        created_at=row["created_at"],
        managers=tuple(row["managers"]),
        oncall=tuple(row["oncall"]),
        expected={Platform(platform): handle for platform, handle in row["expected"].items()},
        policy=ApprovalPolicy(
            needed=row["approvals_needed"],
            self_approval=row["self_approval"],
            outsiders=tuple(row["outsiders"]),
        ),
        time_zone=row["time_zone"],
        version=row["version"],
    )
