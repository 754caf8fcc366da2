"""What is told and what was heard, in memory: facts, incidents and their messages, alarms, notices."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from core.domain.account import Platform
from core.domain.alarm import Alarm
from core.domain.course import Turn
from core.domain.fact import Fact
from core.domain.incident import Incident
from core.domain.incident_message import IncidentMessage, Sent
from core.domain.refusals import Stale
from core.domain.webhook import Notice
from tests.memory_rows import NEVER, Repository, is_on, parent, save


class Facts(Repository):
    async def add(self, *facts: Fact) -> None:
        for fact in facts:
            if fact.id not in self.unit.written.facts:
                self.rows.facts[fact.id] = fact
                self.rows.fact_due[fact.id] = fact.at

    async def untold(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Fact]:
        rows = self.unit.written
        due = [rows.facts[id_] for id_, due in rows.fact_due.items() if due <= at and self.unit.free(id_, at)]
        urgent = {rows.facts[id_].client_id for id_ in rows.fact_due if rows.facts[id_].is_urgent}
        taken = sorted(due, key=lambda each: (each.client_id not in urgent, each.at))[:limit]
        self.unit.lease([each.id for each in taken], owner, until)
        return taken

    async def told(self, *fact_ids: str, at: datetime, owner: str) -> None:
        for fact_id in filter(partial(self._end, owner), fact_ids):
            del self.unit.written.fact_due[fact_id]

    async def postpone(self, fact_id: str, until: datetime, *, owner: str) -> None:
        if self._end(owner, fact_id):
            self.rows.fact_due[fact_id] = until

    def _end(self, owner: str, fact_id: str) -> bool:
        """End this owner's lease on what is still to be told; False where it has none."""
        leases = self.unit.written.leases
        if fact_id not in self.rows.fact_due or leases.get(fact_id, ("",))[0] != owner:
            return False
        del leases[fact_id]
        return True


class Incidents(Repository):
    async def get(self, workspace: str, incident_id: str) -> Incident | None:
        found = self.rows.incidents.get(incident_id)
        return found if found and found.workspace == workspace else None

    async def open_of_client(self, workspace: str, client_id: str) -> Sequence[Incident]:
        return [each for each in await self.open_of_workspace(workspace) if each.client_id == client_id]

    async def open_of_workspace(self, workspace: str) -> Sequence[Incident]:
        found = [
            each for each in self.rows.incidents.values() if each.workspace == workspace and each.is_open
        ]
        return sorted(found, key=lambda each: each.opened_at)

    async def closed_since(self, workspace: str, client_id: str, since: datetime) -> Sequence[Incident]:
        found = [
            each
            for each in self.rows.incidents.values()
            if (each.workspace, each.client_id) == (workspace, client_id)
            and (each.closed_at or NEVER) >= since
        ]
        return sorted(found, key=lambda each: each.opened_at)

    async def save(self, incident: Incident) -> Incident:
        rows = self.unit.written
        parent(rows.clients, incident.client_id)
        others = [each for each in rows.incidents.values() if each.is_open and each.id != incident.id]
        if incident.is_open and incident.key in {each.key for each in others}:
            raise Stale
        return save(rows.incidents, incident)

    async def note(self, turn: Turn) -> None:
        rows = self.unit.written
        parent(rows.incidents, turn.incident_id)
        rows.turns[max(rows.turns, default=0) + 1] = turn

    async def course(
        self, workspace: str, *, client_id: str | None, limit: int, platform: Platform | None = None
    ) -> Sequence[Turn]:
        found = [
            each
            for each in reversed(self.rows.turns.values())
            if each.workspace == workspace
            and client_id in {None, each.client_id}
            and (platform is None or is_on(self.rows, each.subject, platform))
        ]
        return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


class IncidentMessages(Repository):
    async def add(self, message: IncidentMessage) -> bool:
        rows = self.unit.written
        parent(rows.incidents, message.incident_id)
        place = (message.incident_id, message.target)
        if place in {(each.incident_id, each.target) for each in rows.incident_messages.values()}:
            return False
        rows.incident_messages[message.id] = message
        return True

    async def of_incident(self, workspace: str, incident_id: str) -> Sequence[IncidentMessage]:
        return [each for each in self._of(workspace) if each.incident_id == incident_id]

    async def sharing(self, workspace: str, channel: str, ts: str) -> Sequence[IncidentMessage]:
        return [each for each in self._of(workspace) if (each.channel, each.ts) == (channel, ts)]

    async def claim_stale(
        self, workspace: str, target: str, at: datetime, *, owner: str, until: datetime
    ) -> Sequence[IncidentMessage]:
        taken = [
            each
            for each in self._of(workspace)
            if each.target == target
            and not each.refused
            and each.shown < self.rows.incidents[each.incident_id].version
            and self.unit.free(each.id, at)
        ]
        self.unit.lease([each.id for each in taken], owner, until)
        return taken

    async def settle(self, message: IncidentMessage, *, owner: str) -> None:
        if self.unit.written.leases.get(message.id, ("",))[0] == owner:
            del self.rows.leases[message.id]
            self.rows.incident_messages[message.id] = message

    async def place(self, workspace: str, message_id: str, sent: Sent, after: str) -> IncidentMessage | None:
        row = next((each for each in self._of(workspace) if each.id == message_id), None)
        if row and (row.ts in {"", after} or (row.ts == sent.ts and row.shown < sent.shown)):
            self.unit.written.leases.pop(row.id, None)
            row = replace(row, channel=sent.channel, ts=sent.ts, shown=sent.shown)
            row = replace(row, posted_at=sent.at, edited_at=None)
            self.rows.incident_messages[row.id] = row
        return row

    def _of(self, workspace: str) -> Sequence[IncidentMessage]:
        return [each for each in self.rows.incident_messages.values() if each.workspace == workspace]


class Alarms(Repository):
    async def get(self, workspace: str, client_id: str) -> Alarm | None:
        found = self.rows.alarms.get(client_id)
        return found if found and found.workspace == workspace else None

    async def wake(self, workspace: str, client_id: str, at: datetime) -> None:
        parent(self.rows.clients, client_id)
        alarm = self.unit.written.alarms.get(client_id) or Alarm(id=client_id, workspace=workspace, due_at=at)
        if alarm.workspace != workspace:
            return
        sooner = min(alarm.due_at or at, at)
        self.rows.alarms[client_id] = replace(alarm, due_at=sooner, version=alarm.version + 1)

    async def save(self, alarm: Alarm) -> Alarm:
        parent(self.rows.clients, alarm.id)
        return save(self.unit.written.alarms, alarm)

    async def due(self, at: datetime, *, limit: int) -> Sequence[Alarm]:
        found = [
            (each.due_at, each.id) for each in self.rows.alarms.values() if each.due_at and each.due_at <= at
        ]
        return [self.rows.alarms[id_] for _, id_ in sorted(found)[:limit]]


class Notices(Repository):
    async def add(self, notice: Notice) -> bool:
        is_new = notice.id not in self.unit.written.notices
        if is_new:
            self.rows.notices[notice.id] = notice
            self.rows.notice_due[notice.id] = notice.received_at
        return is_new

    async def unhandled(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Notice]:
        rows = self.unit.written
        found = [(due, id_) for id_, due in rows.notice_due.items() if due <= at and self.unit.free(id_, at)]
        taken = [rows.notices[id_] for _, id_ in sorted(found, key=lambda each: each[0])[:limit]]
        self.unit.lease([each.id for each in taken], owner, until)
        return sorted(taken, key=lambda each: each.received_at)

    async def handled(self, notice_id: str, at: datetime) -> None:
        if found := self.unit.written.notices.get(notice_id):
            self.rows.notices[notice_id] = replace(found, handled_at=at, account_ids=frozenset())
            self.rows.notice_due.pop(notice_id, None)

    async def postpone(self, notice_id: str, until: datetime, *, owner: str) -> None:
        leases = self.unit.written.leases
        if notice_id in self.rows.notice_due and leases.get(notice_id, ("",))[0] == owner:
            del leases[notice_id]
            self.rows.notice_due[notice_id] = until

    async def by_reference(self, reference: str) -> Notice | None:
        return next((n for n in self.rows.notices.values() if reference and n.reference == reference), None)
