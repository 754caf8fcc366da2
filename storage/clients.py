"""Clients as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.exc import IntegrityError

from core.domain.account import Platform
from core.domain.alerts import AlertPolicy, QuietHours, Rhythm
from core.domain.client import ApprovalPolicy, Client, Intent, Substitute
from core.domain.connection import Connection
from core.domain.refusals import Refusal, Stale
from storage.tables import clients
from storage.transaction import Transaction, Values

_MINUTE = timedelta(minutes=1)

_ONE = select(clients).where(
    clients.c.workspace == bindparam("workspace"), clients.c.id == bindparam("client_id")
)
_EVERY = select(clients).where(clients.c.id.in_(bindparam("ids", expanding=True)))
"""Of many workspaces: whose each is, is compared in rows."""


class SqlClients:
    """Keeps the ClientRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def get(self, workspace: str, client_id: str) -> Client | None:
        return await self._one(_ONE, workspace=workspace, client_id=client_id)

    async def of_channel(self, workspace: str, channel: str) -> Client | None:
        return await self._one(_of(workspace).where(clients.c.channel == channel))

    async def named(self, workspace: str, name: str) -> Client | None:
        return await self._one(_of(workspace).where(clients.c.folded_name == _folded(name)))

    async def every(self, workspace: str) -> Sequence[Client]:
        found = [_client(row) for row in await self._unit.all(_of(workspace))]
        return sorted(found, key=lambda each: _folded(each.name))

    async def workspaces(self) -> Sequence[str]:
        rows = await self._unit.all(select(clients.c.workspace).distinct())
        return sorted(row["workspace"] for row in rows)

    async def of_connections(self, connections: Sequence[Connection]) -> Mapping[str, Client]:
        owners = {each.id: (each.workspace, each.client_id) for each in connections}
        rows = await self._unit.all(_EVERY, ids=sorted({client_id for _, client_id in owners.values()}))
        found = {(row["workspace"], row["id"]): _client(row) for row in rows}
        return {id_: found[owner] for id_, owner in owners.items() if owner in found}

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

    async def _one(self, statement: Select[Any], **given: Any) -> Client | None:
        row = await self._unit.one(statement, **given)
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
        "remind_hours": client.policy.remind_hours,
        "expire_hours": client.policy.expire_hours,
        "substitutes": [
            {"manager": each.manager, "user": each.user, "until": each.until.isoformat()}
            for each in client.policy.substitutes
        ],
        "time_zone": client.time_zone,
        "version": client.version,
        **_alerts_to_row(client.alerts),
    }


def _alerts_to_row(alerts: AlertPolicy) -> dict[str, Any]:
    """Patience in minutes, 0 for one without end; times of day as ISO says them, "" for none."""
    quiet = alerts.quiet
    return {
        "alert_channel": alerts.channel,
        "alert_days": list(alerts.days),
        "alert_patience": int(alerts.patience / _MINUTE) if alerts.patience is not None else 0,
        "quiet_from": quiet.begins.isoformat("minutes") if quiet else "",
        "quiet_to": quiet.ends.isoformat("minutes") if quiet else "",
        "digest": alerts.digest,
        "digest_hour": alerts.hour,
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
        policy=_policy(row),
        alerts=_alerts_from_row(row),
        time_zone=row["time_zone"],
        version=row["version"],
    )


def _policy(row: Values) -> ApprovalPolicy:
    return ApprovalPolicy(
        needed=row["approvals_needed"],
        self_approval=row["self_approval"],
        outsiders=tuple(row["outsiders"]),
        remind_hours=row["remind_hours"],
        expire_hours=row["expire_hours"],
        substitutes=tuple(
            Substitute(
                manager=each["manager"], user=each["user"], until=datetime.fromisoformat(each["until"])
            )
            for each in row["substitutes"]
        ),
    )


def _alerts_from_row(row: Values) -> AlertPolicy:
    begins, ends = row["quiet_from"], row["quiet_to"]
    return AlertPolicy(
        channel=row["alert_channel"],
        days=tuple(row["alert_days"]),
        patience=row["alert_patience"] * _MINUTE or None,
        quiet=QuietHours(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
        if begins
        else None,
        digest=Rhythm(row["digest"]),
        hour=row["digest_hour"],
    )
