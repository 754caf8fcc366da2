"""Credentials as sealed rows."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, select

from core.domain.credentials import Credentials
from core.domain.secret import Secret
from storage.sealing import CREDENTIALS, HELD
from storage.tables import credentials as current
from storage.tables import held_credentials
from storage.transaction import Transaction, Values

_OF = select(current).where(current.c.connection_id == bindparam("connection_id"))
_OF_EVERY = select(current).where(current.c.connection_id.in_(bindparam("ids", expanding=True)))


class SqlCredentials:
    """Keeps the CredentialRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def of(self, connection_id: str) -> Credentials | None:
        row = await self._unit.one(_OF, connection_id=connection_id)
        return _credentials(CREDENTIALS.open(self._unit.vault, row)) if row else None

    async def of_every(self, connection_ids: Collection[str]) -> Mapping[str, Credentials]:
        rows = await self._unit.all(_OF_EVERY, ids=list(connection_ids))
        return {row["connection_id"]: _credentials(CREDENTIALS.open(self._unit.vault, row)) for row in rows}

    async def put(self, connection_id: str, credentials: Credentials) -> None:
        clear = {"connection_id": connection_id, **_row(credentials)}
        await self._unit.put(current, CREDENTIALS.seal(self._unit.vault, clear))

    async def put_every(self, issued: Mapping[str, Credentials]) -> None:
        clear = [{"connection_id": id_, **_row(each)} for id_, each in issued.items()]
        await self._unit.put_every(current, [CREDENTIALS.seal(self._unit.vault, row) for row in clear])

    async def erase(self, connection_id: str) -> None:
        await self._unit.write(delete(current).where(current.c.connection_id == connection_id))

    async def hold(self, invitation_id: str, credentials: Credentials) -> None:
        clear = {"invitation_id": invitation_id, **_row(credentials)}
        await self._unit.put(held_credentials, HELD.seal(self._unit.vault, clear))

    async def held(self, invitation_id: str) -> Credentials | None:
        held = held_credentials.c.invitation_id == invitation_id
        row = await self._unit.one(select(held_credentials).where(held))
        return _credentials(HELD.open(self._unit.vault, row)) if row else None

    async def drop(self, invitation_id: str) -> None:
        held = held_credentials.c.invitation_id == invitation_id
        await self._unit.write(delete(held_credentials).where(held))


def _row(credentials: Credentials) -> dict[str, Any]:
    return {
        "access": credentials.access.reveal(),
        "refresh": credentials.refresh.reveal() if credentials.refresh else None,
        "issued_at": credentials.issued_at,
        "access_expires_at": credentials.access_expires_at,
        "refresh_expires_at": credentials.refresh_expires_at,
        "scopes": sorted(credentials.scopes),
    }


def _credentials(row: Values) -> Credentials:
    return Credentials(
        access=Secret(row["access"]),
        refresh=Secret(row["refresh"]) if row["refresh"] is not None else None,
        issued_at=row["issued_at"],
        access_expires_at=row["access_expires_at"],
        refresh_expires_at=row["refresh_expires_at"],
        scopes=frozenset(row["scopes"]),
    )
