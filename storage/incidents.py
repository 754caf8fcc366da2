"""Incidents as rows, and where in Slack they are shown."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from core.domain.account import Platform
from core.domain.course import Turn
from core.domain.incident import Incident, IncidentOutcome, IncidentStep
from core.domain.incident_message import IncidentMessage, Place, Sent
from core.domain.symptom import Condition
from storage.connections import ids_on
from storage.tables import UNCLOSED, incident_messages, incident_turns, incidents
from storage.transaction import Transaction, Values, unclaimed

_TURN = [incident_turns.c[each.name] for each in fields(Turn)]


class SqlIncidents:
    """Keeps the IncidentRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def get(self, workspace: str, incident_id: str) -> Incident | None:
        row = await self._unit.one(_of(workspace).where(incidents.c.id == incident_id))
        return _incident(row) if row else None

    async def open_of_client(self, workspace: str, client_id: str) -> Sequence[Incident]:
        return await self._all(_of(workspace).where(incidents.c.client_id == client_id, UNCLOSED))

    async def open_of_workspace(self, workspace: str) -> Sequence[Incident]:
        return await self._all(_of(workspace).where(UNCLOSED))

    async def closed_since(self, workspace: str, client_id: str, since: datetime) -> Sequence[Incident]:
        lately = (incidents.c.client_id == client_id, incidents.c.closed_at >= since)
        return await self._all(_of(workspace).where(*lately))

    async def save(self, incident: Incident) -> Incident:
        return replace(incident, version=await self._unit.save(incidents, asdict(incident)))

    async def note(self, turn: Turn) -> None:
        await self._unit.write(insert(incident_turns).values(asdict(turn)))

    async def course(
        self, workspace: str, *, client_id: str | None, limit: int, platform: Platform | None = None
    ) -> Sequence[Turn]:
        wanted = [incident_turns.c.workspace == workspace]
        if client_id is not None:
            wanted.append(incident_turns.c.client_id == client_id)
        if platform is not None:
            wanted.append(incident_turns.c.subject.in_(ids_on(workspace, platform)))
        newest = select(*_TURN).where(*wanted)
        newest = newest.order_by(incident_turns.c.at.desc(), incident_turns.c.seq.desc()).limit(limit)
        return [Turn(**row) for row in await self._unit.all(newest)]

    async def _all(self, statement: Select[Any]) -> Sequence[Incident]:
        ordered = statement.order_by(incidents.c.opened_at, incidents.c.seq)
        return [_incident(row) for row in await self._unit.all(ordered)]


class SqlIncidentMessages:
    """Keeps the IncidentMessageRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def add(self, message: IncidentMessage) -> bool:
        return await self._unit.add(incident_messages, asdict(message))

    async def of_incident(self, workspace: str, incident_id: str) -> Sequence[IncidentMessage]:
        return await self._all(
            incident_messages.c.workspace == workspace, incident_messages.c.incident_id == incident_id
        )

    async def sharing(self, workspace: str, channel: str, ts: str) -> Sequence[IncidentMessage]:
        named = (incident_messages.c.channel == channel, incident_messages.c.ts == ts)
        return await self._all(incident_messages.c.workspace == workspace, *named)

    async def claim_stale(
        self, workspace: str, target: str, at: datetime, *, owner: str, until: datetime
    ) -> Sequence[IncidentMessage]:
        newest = (
            select(incidents.c.version)
            .where(incidents.c.id == incident_messages.c.incident_id)
            .scalar_subquery()
        )
        stale = select(incident_messages.c.id).where(
            incident_messages.c.workspace == workspace,
            incident_messages.c.target == target,
            incident_messages.c.refused == "",
            incident_messages.c.shown < newest,
            unclaimed(incident_messages, at),
        )
        taken = await self._unit.claim(incident_messages, stale, owner=owner, until=until)
        return [_message(row) for row in sorted(taken, key=lambda row: row["seq"])]

    async def settle(self, message: IncidentMessage, *, owner: str) -> None:
        own = (incident_messages.c.id == message.id, incident_messages.c.lease_owner == owner)
        came = {**asdict(message), "lease_owner": None, "lease_until": None}
        await self._unit.write(update(incident_messages).where(*own).values(came))

    async def place(self, workspace: str, message_id: str, sent: Sent, after: str) -> IncidentMessage | None:
        own = (incident_messages.c.workspace == workspace, incident_messages.c.id == message_id)
        ts = incident_messages.c.ts
        is_news = or_(ts.in_(["", after]), (ts == sent.ts) & (incident_messages.c.shown < sent.shown))
        stands = {"channel": sent.channel, "ts": sent.ts, "shown": sent.shown, "posted_at": sent.at}
        free = {"edited_at": None, "lease_owner": None, "lease_until": None}
        await self._unit.write(update(incident_messages).where(*own, is_news).values(stands | free))
        row = await self._unit.one(select(incident_messages).where(*own))
        return _message(row) if row else None

    async def _all(self, *conditions: Any) -> Sequence[IncidentMessage]:
        found = select(incident_messages).where(*conditions).order_by(incident_messages.c.seq)
        return [_message(row) for row in await self._unit.all(found)]


def _of(workspace: str) -> Select[Any]:
    return select(incidents).where(incidents.c.workspace == workspace)


def _incident(row: Values) -> Incident:
    own = {each.name: row[each.name] for each in fields(Incident)}
    words = {"step": IncidentStep(row["step"]), "condition": Condition(row["condition"])}
    outcome = IncidentOutcome(row["outcome"]) if row["outcome"] else None
    return Incident(**own | words | {"outcome": outcome})


def _message(row: Values) -> IncidentMessage:
    own = {each.name: row[each.name] for each in fields(IncidentMessage)}
    return IncidentMessage(**own | {"kind": Place(row["kind"])})
