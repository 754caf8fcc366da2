"""Storage in memory that keeps the promises of `core.ports`, held to them by the contract suite."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.account import Platform
from core.domain.alarm import Alarm
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.delivery import Delivery
from core.domain.evidence import Evidence
from core.domain.fact import Fact
from core.domain.incident import Incident, IncidentStep
from core.domain.incident_message import IncidentMessage
from core.domain.invitation import Invitation, OAuthState
from core.domain.post import Post
from core.domain.refusals import Refusal, Stale
from core.domain.silence import TO_ONE, UNCONFIRMED, Silence
from core.domain.symptom import Condition
from core.domain.verdict import Reason
from core.domain.webhook import Notice
from core.ports import (
    AlarmRepository,
    Backlog,
    CallRepository,
    ChronicleRepository,
    ClientRepository,
    ConnectionRepository,
    CredentialRepository,
    DeliveryRepository,
    Duty,
    EvidenceRepository,
    FactRepository,
    IncidentMessageRepository,
    IncidentRepository,
    InstallationRepository,
    InvitationRepository,
    NoticeRepository,
    PostMessageRepository,
    PostRepository,
    ViewerRepository,
)
from tests.memory_posts import (
    Calls,
    Chronicle,
    Deliveries,
    PostMessages,
    Posts,
    drop_drafts,
    forget_names_in_posts,
)
from tests.memory_rows import NEVER, UNSETTLED, Repository, Rows, Shared, parent, save


class Clients(Repository):
    async def get(self, workspace: str, client_id: str) -> Client | None:
        return next((each for each in await self.every(workspace) if each.id == client_id), None)

    async def of_channel(self, workspace: str, channel: str) -> Client | None:
        return next((each for each in await self.every(workspace) if each.channel == channel), None)

    async def named(self, workspace: str, name: str) -> Client | None:
        wanted = name.strip().casefold()
        return next((each for each in await self.every(workspace) if each.name.casefold() == wanted), None)

    async def every(self, workspace: str) -> Sequence[Client]:
        found = [each for each in self.rows.clients.values() if each.workspace == workspace]
        return sorted(found, key=lambda each: each.name.casefold())

    async def of_connections(self, connections: Sequence[Connection]) -> Mapping[str, Client]:
        owners = {each.id: self.rows.clients.get(each.client_id) for each in connections}
        return {id_: client for id_, client in owners.items() if client}

    async def save(self, client: Client) -> Client:
        others = [each for each in await self.every(client.workspace) if each.id != client.id]
        for each in others:
            if each.channel == client.channel:
                raise Refusal("channel_taken", name=each.name, channel=each.channel)
            if each.name.strip().casefold() == client.name.strip().casefold():
                raise Refusal("name_taken", name=each.name, channel=each.channel)
        return save(self.unit.written.clients, client)


class Connections(Repository):
    async def get(self, workspace: str, connection_id: str) -> Connection | None:
        found = self.rows.connections.get(connection_id)
        return found if found and found.workspace == workspace else None

    async def of_client(self, workspace: str, client_id: str) -> Sequence[Connection]:
        return [each for each in await self.of_workspace(workspace) if each.client_id == client_id]

    async def of_workspace(self, workspace: str) -> Sequence[Connection]:
        found = [each for each in self.rows.connections.values() if each.workspace == workspace]
        order = list(Platform)
        return sorted(found, key=lambda each: (each.client_id, order.index(each.platform), each.provider))

    async def holding(self, platform: Platform, account_ids: frozenset[str]) -> Sequence[Connection]:
        return [
            each
            for each in self.rows.connections.values()
            if each.account and each.platform == platform and each.account.known_as() & account_ids
        ]

    async def save(self, connection: Connection) -> Connection:
        rows = self.unit.written
        parent(rows.clients, connection.client_id)
        key = (connection.client_id, connection.provider)
        if any(
            (each.client_id, each.provider) == key and each.id != connection.id
            for each in rows.connections.values()
        ):
            raise Stale
        return save(rows.connections, connection)

    async def save_unchanged(
        self, connections: Sequence[Connection], *, released_by: str = ""
    ) -> Sequence[Connection]:
        rows, saved = self.unit.written, []
        for each in connections:
            stored, lease = rows.connections.get(each.id), rows.leases.get(each.id, ("",))
            if stored and stored.version == each.version and released_by in {"", lease[0]}:
                saved.append(save(rows.connections, each))
                if released_by:
                    del rows.leases[each.id]
        return saved

    async def claim_due(
        self, at: datetime, *, owner: str, until: datetime, limit: int
    ) -> Sequence[Connection]:
        due = [
            (each.due_at, each.id)
            for each in self.unit.written.connections.values()
            if each.due_at and each.due_at <= at and self.unit.free(each.id, at)
        ]
        taken = [id_ for _, id_ in sorted(due)[:limit]]
        self.unit.lease(taken, owner, until)
        return [self.rows.connections[id_] for id_ in taken]

    async def claim(
        self, connection_id: str, at: datetime, *, owner: str, until: datetime
    ) -> Connection | None:
        found = self.unit.written.connections.get(connection_id)
        if found is None or not self.unit.free(connection_id, at):
            return None
        self.unit.lease([connection_id], owner, until)
        return found

    async def release(self, connection_id: str, *, owner: str) -> None:
        if self.unit.written.leases.get(connection_id, ("",))[0] == owner:
            del self.unit.written.leases[connection_id]

    async def silence(self, platform: Platform, *, most: int) -> Silence:
        own = [each.reason for each in self.rows.connections.values() if each.platform is platform]
        silent = sum(each in UNCONFIRMED for each in own)
        return Silence(proved=min(own.count(Reason.WORKING), most * TO_ONE), silent=min(silent, most))


class CredentialsAtRest(Repository):
    async def of(self, connection_id: str) -> Credentials | None:
        return self.rows.credentials.get(connection_id)

    async def of_every(self, connection_ids: Collection[str]) -> Mapping[str, Credentials]:
        return {id_: held for id_, held in self.rows.credentials.items() if id_ in connection_ids}

    async def put_every(self, issued: Mapping[str, Credentials]) -> None:
        for connection_id, each in issued.items():
            await self.put(connection_id, each)

    async def put(self, connection_id: str, credentials: Credentials) -> None:
        parent(self.rows.connections, connection_id)
        self.unit.written.credentials[connection_id] = credentials

    async def erase(self, connection_id: str) -> None:
        self.unit.written.credentials.pop(connection_id, None)

    async def hold(self, invitation_id: str, credentials: Credentials, *, until: datetime) -> None:
        parent(self.rows.invitations, invitation_id)
        self.unit.written.held[invitation_id] = credentials

    async def held(self, invitation_id: str) -> Credentials | None:
        return self.rows.held.get(invitation_id)

    async def drop(self, invitation_id: str) -> None:
        self.unit.written.held.pop(invitation_id, None)


class Invitations(Repository):
    async def get(self, workspace: str, invitation_id: str) -> Invitation | None:
        found = self.rows.invitations.get(invitation_id)
        return found if found and found.workspace == workspace else None

    async def by_id(self, invitation_id: str) -> Invitation | None:
        return self.rows.invitations.get(invitation_id)

    async def by_token(self, token_hash: str) -> Invitation | None:
        return next((each for each in self.rows.invitations.values() if each.token_hash == token_hash), None)

    async def latest(self, workspace: str, connection_id: str) -> Invitation | None:
        own = (workspace, connection_id)
        found = [
            each for each in self.rows.invitations.values() if (each.workspace, each.connection_id) == own
        ]
        return max(reversed(found), key=lambda each: each.created_at, default=None)

    async def unsettled(self, workspace: str, connection_id: str) -> Sequence[Invitation]:
        own = (workspace, connection_id)
        return [each for each in self._unsettled() if (each.workspace, each.connection_id) == own]

    async def overdue(self, at: datetime, *, limit: int) -> Sequence[Invitation]:
        found = [each for each in self._unsettled() if each.expires_at <= at]
        return sorted(found, key=lambda each: each.expires_at)[:limit]

    async def save(self, invitation: Invitation) -> Invitation:
        rows = self.unit.written
        parent(rows.connections, invitation.connection_id)
        others = await self.unsettled(invitation.workspace, invitation.connection_id)
        if invitation.step in UNSETTLED and any(each.id != invitation.id for each in others):
            raise Stale
        return save(rows.invitations, invitation)

    async def add_state(self, state: OAuthState) -> None:
        parent(self.rows.invitations, state.invitation_id)
        self.unit.written.states[state.state_hash] = state

    async def state(self, state_hash: str) -> OAuthState | None:
        return self.rows.states.get(state_hash)

    async def spend_state(self, state_hash: str, at: datetime) -> bool:
        found = self.unit.written.states.get(state_hash)
        if found is None or found.used_at:
            return False
        self.rows.states[state_hash] = replace(found, used_at=at)
        return True

    def _unsettled(self) -> Sequence[Invitation]:
        return [each for each in self.rows.invitations.values() if each.step in UNSETTLED]


class History(Repository):
    async def add(self, evidence: Evidence) -> None:
        parent(self.rows.connections, evidence.connection_id)
        self.unit.written.evidence.setdefault(evidence.id, evidence)

    async def of_connection(self, workspace: str, connection_id: str, *, limit: int) -> Sequence[Evidence]:
        found = await self.of_workspace(workspace, client_id=None, limit=len(self.rows.evidence))
        return [each for each in found if each.connection_id == connection_id][:limit]

    async def of_workspace(self, workspace: str, *, client_id: str | None, limit: int) -> Sequence[Evidence]:
        found = [
            each
            for each in reversed(self.rows.evidence.values())
            if each.workspace == workspace and client_id in {None, each.client_id}
        ]
        return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


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

    async def told(self, *fact_ids: str, at: datetime) -> None:
        for fact_id in fact_ids:
            self.unit.written.fact_due.pop(fact_id, None)

    async def postpone(self, fact_id: str, until: datetime) -> None:
        if fact_id in self.unit.written.fact_due:
            self.rows.fact_due[fact_id] = until
            self.rows.leases.pop(fact_id, None)


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
        self.rows.notices.setdefault(notice.id, notice)
        return is_new

    async def unhandled(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Notice]:
        found = [
            each
            for each in self.unit.written.notices.values()
            if each.handled_at is None and self.unit.free(each.id, at)
        ]
        taken = sorted(found, key=lambda each: each.received_at)[:limit]
        self.unit.lease([each.id for each in taken], owner, until)
        return taken

    async def handled(self, notice_id: str, at: datetime) -> None:
        if found := self.unit.written.notices.get(notice_id):
            self.rows.notices[notice_id] = replace(found, handled_at=at)

    async def by_reference(self, reference: str) -> Notice | None:
        return next((n for n in self.rows.notices.values() if reference and n.reference == reference), None)


class Viewers(Repository):
    async def add(self, workspace: str, user: str, at: datetime) -> None:
        self.unit.written.viewers[workspace, user] = at

    async def every(self, workspace: str) -> Sequence[str]:
        return sorted(user for home, user in self.rows.viewers if home == workspace)


class Installations(Repository):
    async def every(self) -> Sequence[str]:
        return sorted(self.rows.installations)

    async def remove(self, workspace: str) -> None:
        self.unit.written.installations.pop(workspace, None)


class MemoryUnit:
    """One unit over a snapshot of the rows."""

    def __init__(self, work: "MemoryWork", *, writable: bool) -> None:
        self._work = work
        self._shared = shared = Shared(work.rows.copy(), writable)
        self.clients: ClientRepository = Clients(shared)
        self.connections: ConnectionRepository = Connections(shared)
        self.credentials: CredentialRepository = CredentialsAtRest(shared)
        self.invitations: InvitationRepository = Invitations(shared)
        self.evidence: EvidenceRepository = History(shared)
        self.facts: FactRepository = Facts(shared)
        self.incidents: IncidentRepository = Incidents(shared)
        self.incident_messages: IncidentMessageRepository = IncidentMessages(shared)
        self.alarms: AlarmRepository = Alarms(shared)
        self.notices: NoticeRepository = Notices(shared)
        self.posts: PostRepository = Posts(shared)
        self.post_messages: PostMessageRepository = PostMessages(shared)
        self.deliveries: DeliveryRepository = Deliveries(shared)
        self.calls: CallRepository = Calls(shared)
        self.chronicle: ChronicleRepository = Chronicle(shared)
        self.viewers: ViewerRepository = Viewers(shared)
        self.installations: InstallationRepository = Installations(shared)

    async def next_wakes(self) -> Mapping[Duty, datetime | None]:
        shared = self._shared
        takeable = {
            duty: [shared.wake(id_, at) for id_, at in due]
            for duty, due in _due(shared.rows).items()
            if duty is not Duty.DELIVERIES
        }
        takeable[Duty.DELIVERIES] = Deliveries(shared).takeable()
        return {duty: min(takeable[duty], default=None) for duty in Duty}

    async def backlog(self, at: datetime, *, most: int) -> Backlog:
        rows = self._shared.rows
        opened = [each.condition for each in rows.incidents.values() if each.step is not IncidentStep.CLOSED]
        return Backlog(
            due={duty: min(most, sum(when <= at for _, when in due)) for duty, due in _due(rows).items()},
            incidents={each: min(most, opened.count(each)) for each in Condition},
        )

    async def forget_names(self, workspace: str, connection_id: str) -> None:
        rows = self._shared.written
        for id_, each in rows.evidence.items():
            if each.connection_id == connection_id:
                rows.evidence[id_] = replace(each, observation=replace(each.observation, handle=None))
        subjects = {connection_id}
        for id_, asked in rows.invitations.items():
            if asked.connection_id == connection_id:
                subjects.add(id_)
                rows.invitations[id_] = replace(asked, found=None)
        for id_, fact in rows.facts.items():
            if fact.subject in subjects and fact.details.get("handle"):
                rows.facts[id_] = replace(fact, details={**fact.details, "handle": ""})
        forget_names_in_posts(rows, workspace, connection_id)

    async def tidy(self, before: datetime, *, limit: int) -> int:
        rows = self._shared.written
        spent = [id_ for id_, each in rows.states.items() if each.expires_at < before][:limit]
        told = [id_ for id_, each in rows.facts.items() if id_ not in rows.fact_due and each.at < before][
            :limit
        ]
        done = [
            id_
            for id_, each in rows.notices.items()
            if each.handled_at and each.handled_at < before - timedelta(days=365 if each.reference else 0)
        ][:limit]
        for table, ids in ((rows.states, spent), (rows.facts, told), (rows.notices, done)):
            for id_ in ids:
                del table[id_]
        dropped = drop_drafts(rows, before - timedelta(days=60), limit)
        return len(spent) + len(told) + len(done) + dropped

    async def commit(self) -> None:
        self._work.rows = self._shared.written
        self._work.commits += 1
        self._shared.writable = False


def _due(rows: Rows) -> Mapping[Duty, Sequence[tuple[str, datetime]]]:
    """Return what is to be done of each duty, and when."""
    waiting = [each for each in rows.notices.values() if each.handled_at is None]
    unsettled = [each for each in rows.invitations.values() if each.step in UNSETTLED]
    return {
        Duty.NOTICES: [(each.id, each.received_at) for each in waiting],
        Duty.ALERTS: _dated(rows.alarms.values()),
        Duty.FACTS: list(rows.fact_due.items()),
        Duty.INVITATIONS: [(each.id, each.expires_at) for each in unsettled],
        Duty.CONNECTIONS: _dated(rows.connections.values()),
        Duty.POSTS: _dated(rows.posts.values()),
        Duty.DELIVERIES: _dated(rows.deliveries.values()),
    }


def _dated(values: Iterable[Alarm | Connection | Post | Delivery]) -> Sequence[tuple[str, datetime]]:
    return [(each.id, each.due_at) for each in values if each.due_at]


class MemoryWork:
    """Keeps the Work port. `rows` is what was committed; `installed` names the workspaces with the app."""

    def __init__(self, *, installed: Iterable[str] = ()) -> None:
        self.rows = Rows(installations=dict.fromkeys(installed))
        self.commits = 0
        self._turn = asyncio.Lock()

    async def install(self, workspace: str) -> None:
        """Let a workspace have the app."""
        self.rows.installations[workspace] = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[MemoryUnit]:
        yield MemoryUnit(self, writable=False)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[MemoryUnit]:
        async with self._turn:
            yield MemoryUnit(self, writable=True)
