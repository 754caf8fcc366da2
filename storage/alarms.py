"""Clients' alarms as rows."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime

from sqlalchemy import case, select, update

from core.domain.alarm import Alarm
from storage.tables import alarms
from storage.transaction import Transaction, Values


class SqlAlarms:
    """Keeps the AlarmRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def get(self, workspace: str, client_id: str) -> Alarm | None:
        own = (alarms.c.workspace == workspace, alarms.c.id == client_id)
        row = await self._unit.one(select(alarms).where(*own))
        return _alarm(row) if row else None

    async def wake(self, workspace: str, client_id: str, at: datetime) -> None:
        """Two may wake a client that has no alarm yet: whoever loses the insert wakes the other's."""
        if not await self._hasten(workspace, client_id, at):
            fresh = Alarm(id=client_id, workspace=workspace, due_at=at, version=1)
            if not await self._unit.add(alarms, asdict(fresh)):
                await self._hasten(workspace, client_id, at)

    async def save(self, alarm: Alarm) -> Alarm:
        return replace(alarm, version=await self._unit.save(alarms, asdict(alarm)))

    async def due(self, at: datetime, *, limit: int) -> Sequence[Alarm]:
        ringing = select(alarms).where(alarms.c.due_at <= at).order_by(alarms.c.due_at, alarms.c.id)
        return [_alarm(row) for row in await self._unit.all(ringing.limit(limit))]

    async def _hasten(self, workspace: str, client_id: str, at: datetime) -> bool:
        sooner = case((alarms.c.due_at < at, alarms.c.due_at), else_=at)
        own = update(alarms).where(alarms.c.workspace == workspace, alarms.c.id == client_id)
        return (await self._unit.write(own.values(due_at=sooner, version=alarms.c.version + 1))).rowcount == 1


def _alarm(row: Values) -> Alarm:
    return Alarm(**{each.name: row[each.name] for each in fields(Alarm)})
