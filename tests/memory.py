"""Storage in memory that keeps the promises of `core.ports`, held to them by the contract suite."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.alarm import Alarm
from core.domain.connection import Connection
from core.domain.delivery import Delivery
from core.domain.incident import IncidentStep
from core.domain.post import Post
from core.domain.symptom import Condition
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
from tests.memory_deliveries import Calls, Chronicle, Deliveries
from tests.memory_links import (
    Clients,
    Connections,
    CredentialsAtRest,
    History,
    Installations,
    Invitations,
    Viewers,
)
from tests.memory_news import Alarms, Facts, IncidentMessages, Incidents, Notices
from tests.memory_posts import PostMessages, Posts, drop_drafts, forget_names_in_posts
from tests.memory_rows import UNSETTLED, Rows, Shared


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
        takeable: dict[Duty, Sequence[datetime]] = {
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
        rows, of_it = self._shared.written, (workspace, connection_id)
        for id_, each in rows.evidence.items():
            if (each.workspace, each.connection_id) == of_it:
                rows.evidence[id_] = replace(each, observation=replace(each.observation, handle=None))
        subjects = {connection_id}
        for id_, asked in rows.invitations.items():
            if (asked.workspace, asked.connection_id) == of_it:
                subjects.add(id_)
                rows.invitations[id_] = replace(asked, found=None)
        for id_, fact in rows.facts.items():
            if fact.workspace == workspace and fact.subject in subjects:
                unnamed = {each: "" for each in ("handle", "name") if each in fact.details}
                rows.facts[id_] = replace(fact, details={**fact.details, **unnamed})
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
        gone = [person for person, seen_at in rows.viewers.items() if seen_at < before][:limit]
        for person in gone:
            del rows.viewers[person]
        emptied = [
            id_
            for id_, each in rows.invitations.items()
            if each.settled_at
            and each.settled_at < before
            and (each.response_url or each.token or each.found)
        ][:limit]
        for id_ in emptied:
            each = rows.invitations[id_]
            rows.invitations[id_] = replace(each, response_url=None, token=None, found=None)
        return len(spent) + len(told) + len(done) + dropped + len(gone) + len(emptied)

    async def commit(self) -> None:
        self._work.rows = self._shared.written
        self._work.commits += 1
        self._shared.writable = False


def _due(rows: Rows) -> Mapping[Duty, Sequence[tuple[str, datetime]]]:
    """Return what is to be done of each duty, and when."""
    unsettled = [each for each in rows.invitations.values() if each.step in UNSETTLED]
    return {
        Duty.NOTICES: list(rows.notice_due.items()),
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
