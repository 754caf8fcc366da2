"""Connections as rows, and the ids under which platforms speak of their accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from core.domain.account import Account, Platform
from core.domain.connection import Connection
from core.domain.observation import Capability, Credential, Grant, Standing, Visible, Wanted
from core.domain.sides import Sides
from core.domain.silence import TO_ONE, Silence
from core.domain.verdict import Reason, State
from storage.accounts import account_from_json, account_to_json
from storage.tables import SILENT, connection_accounts, connections
from storage.tables import connections as connections_table
from storage.transaction import Transaction, Values, claiming, leasing, unclaimed

_PLATFORMS = list(Platform)


class SqlConnections:
    """Keeps the ConnectionRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit
        self._ids: dict[str, frozenset[str]] = {}

    async def get(self, workspace: str, connection_id: str) -> Connection | None:
        row = await self._unit.one(_ONE, workspace=workspace, connection_id=connection_id)
        return self._read(row) if row else None

    async def of_client(self, workspace: str, client_id: str) -> Sequence[Connection]:
        return await self._all(_OF_CLIENT, workspace=workspace, client_id=client_id)

    async def of_workspace(self, workspace: str) -> Sequence[Connection]:
        return await self._all(_OF_WORKSPACE, workspace=workspace)

    async def holding(self, platform: Platform, account_ids: frozenset[str]) -> Sequence[Connection]:
        known = select(connection_accounts.c.connection_id).where(
            connection_accounts.c.platform == platform, connection_accounts.c.account_id.in_(account_ids)
        )
        return await self._all(select(connections).where(connections.c.id.in_(known)))

    async def save(self, connection: Connection) -> Connection:
        version = await self._unit.save(connections, _row(connection))
        await self._index_account(connection.id, connection.account)
        return replace(connection, version=version)

    async def save_unchanged(
        self, connections: Sequence[Connection], *, released_by: str = ""
    ) -> Sequence[Connection]:
        unchanged = await self._unchanged([each.id for each in connections], released_by)
        kept = [each for each in connections if unchanged.get(each.id) == each.version]
        saved = [replace(each, version=each.version + 1) for each in kept]
        if saved:
            freed = {"lease_owner": None, "lease_until": None} if released_by else {}
            rows = [{**_changed(each), **freed} for each in saved]
            await self._unit.update_every(connections_table, rows)
        return saved

    async def _unchanged(self, ids: Sequence[str], owner: str) -> Mapping[str, int]:
        """Return the versions by id, of rows that nobody can write until this unit is over."""
        rows = await self._unit.all(_OWN_VERSIONS if owner else _VERSIONS, ids=ids, owner=owner)
        return {row["id"]: row["version"] for row in rows}

    async def claim_due(
        self, at: datetime, *, owner: str, until: datetime, limit: int
    ) -> Sequence[Connection]:
        taken = await self._unit.changed(_CLAIM_DUE, now=at, most=limit, owner=owner, until=until)
        return [connection_from_row(row) for row in sorted(taken, key=lambda row: (row["due_at"], row["id"]))]

    async def claim(
        self, connection_id: str, at: datetime, *, owner: str, until: datetime
    ) -> Connection | None:
        taken = await self._unit.changed(
            _CLAIM, connection_id=connection_id, now=at, owner=owner, until=until
        )
        return connection_from_row(taken[0]) if taken else None

    async def release(self, connection_id: str, *, owner: str) -> None:
        own = (connections.c.id == connection_id, connections.c.lease_owner == owner)
        await self._unit.write(update(connections).where(*own).values(lease_owner=None, lease_until=None))

    async def silence(self, platform: Platform, *, most: int) -> Silence:
        """Whether a platform has many silent links an index says; many proved ones are found soon where they are."""
        silent = await self._count(connections.c.platform == platform, SILENT, most=most)
        if silent >= most:
            return Silence(silent=silent)
        proved = (connections.c.platform == platform, connections.c.reason == str(Reason.WORKING))
        return Silence(proved=await self._count(*proved, most=most * TO_ONE), silent=silent)

    async def _count(self, *conditions: ColumnElement[bool], most: int) -> int:
        found = select(connections.c.id).where(*conditions).limit(most).subquery()
        row = await self._unit.one(select(func.count().label("found")).select_from(found))
        return row["found"] if row else 0

    async def _index_account(self, connection_id: str, account: Account | None) -> None:
        """Rewrite the ids only where they changed: most saves change none, as what was read in this unit shows."""
        known = account.known_as() if account else frozenset[str]()
        if self._ids.pop(connection_id, None) == known:
            return
        indexed = connection_accounts.c.connection_id == connection_id
        rows = await self._unit.all(select(connection_accounts.c.account_id).where(indexed))
        if {row["account_id"] for row in rows} == known:
            return
        await self._unit.write(delete(connection_accounts).where(indexed))
        if account is not None:
            row = {"connection_id": connection_id, "platform": account.platform}
            every = [{**row, "account_id": each} for each in sorted(known)]
            await self._unit.write(insert(connection_accounts).values(every))

    async def _all(self, statement: Select[Any], **given: Any) -> Sequence[Connection]:
        found = [self._read(row) for row in await self._unit.all(statement, **given)]
        return sorted(
            found, key=lambda each: (each.client_id, _PLATFORMS.index(each.platform), each.provider)
        )

    def _read(self, row: Values) -> Connection:
        """Return a row's connection. Nobody else can change it unnoticed: a save compares versions."""
        connection = connection_from_row(row)
        self._ids[connection.id] = connection.account.known_as() if connection.account else frozenset()
        return connection


_NOW: BindParameter[datetime] = bindparam("now")
_OF_WORKSPACE = select(connections).where(connections.c.workspace == bindparam("workspace"))
_OF_CLIENT = _OF_WORKSPACE.where(connections.c.client_id == bindparam("client_id"))
_ONE = _OF_WORKSPACE.where(connections.c.id == bindparam("connection_id"))
_CLAIM_DUE = claiming(
    connections,
    select(connections.c.id)
    .where(connections.c.due_at <= _NOW, unclaimed(connections, _NOW))
    .order_by(connections.c.due_at, connections.c.id)
    .limit(bindparam("most", type_=Integer)),
)
_CLAIM = leasing(
    update(connections).where(connections.c.id == bindparam("connection_id"), unclaimed(connections, _NOW)),
    connections,
)
_VERSIONS = (
    select(connections.c.id, connections.c.version)
    .where(connections.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(connections.c.id)
    .with_for_update()
)
_OWN_VERSIONS = _VERSIONS.where(connections.c.lease_owner == bindparam("owner"))
"""Of rows that nobody else can write until the unit is over: on SQLite it is the only writer in any case."""


def _row(connection: Connection) -> dict[str, Any]:
    return {
        "workspace": connection.workspace,
        "client_id": connection.client_id,
        "platform": connection.platform,
        "provider": connection.provider,
        "created_at": connection.created_at,
        **_changed(connection),
    }


def _changed(connection: Connection) -> dict[str, Any]:
    """Return the columns that can become others, and by which id."""
    return {
        "id": connection.id,
        "account": account_to_json(connection.account),
        "state": connection.state,
        "reason": connection.reason,
        "since": connection.since,
        "due_at": connection.due_at,
        "refresh_at": connection.refresh_at,
        "failures": connection.failures,
        "version": connection.version,
        **_sides_to_row(connection.sides),
    }


def _sides_to_row(sides: Sides) -> dict[str, Any]:
    return {
        "credential_side": sides.credential,
        "grant_side": sides.grant,
        "visible_side": sides.visible,
        "account_side": sides.account,
        "wanted_side": sides.wanted,
        "granted": sorted(sides.granted),
        "issued_at": sides.issued_at,
        "access_expires_at": sides.access_expires_at,
        "refresh_expires_at": sides.refresh_expires_at,
        "proved_at": sides.proved_at,
        "seen": {side: at.isoformat() for side, at in sides.seen.items()},
    }


def connection_from_row(row: Values) -> Connection:
    """Return the connection of a row."""
    return Connection(
        id=row["id"],
        workspace=row["workspace"],
        client_id=row["client_id"],
        platform=Platform(row["platform"]),
        provider=row["provider"],
        created_at=row["created_at"],
        account=account_from_json(row["account"]),
        sides=_sides_from_row(row),
        state=State(row["state"]),
        reason=Reason(row["reason"]),
        since=row["since"],
        due_at=row["due_at"],
        refresh_at=row["refresh_at"],
        failures=row["failures"],
        version=row["version"],
    )


def _sides_from_row(row: Values) -> Sides:
    return Sides(
        credential=Credential(row["credential_side"]),
        grant=Grant(row["grant_side"]),
        visible=Visible(row["visible_side"]),
        account=Standing(row["account_side"]),
        wanted=Wanted(row["wanted_side"]),
        granted=frozenset(Capability(each) for each in row["granted"]),
        issued_at=row["issued_at"],
        access_expires_at=row["access_expires_at"],
        refresh_expires_at=row["refresh_expires_at"],
        proved_at=row["proved_at"],
        seen={side: datetime.fromisoformat(at) for side, at in row["seen"].items()},
    )


def ids_on(workspace: str, platform: Platform) -> Select[tuple[str]]:
    """Select the ids of a workspace's connections on one platform."""
    here = (connections.c.workspace == workspace, connections.c.platform == platform)
    return select(connections.c.id).where(*here)
