"""The unit of work over the database: one transaction, all repositories, nothing kept without a commit."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from core.domain.chronicle import Entry
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
    UnitOfWork,
    Vault,
    ViewerRepository,
)
from storage import forgetting
from storage.alarms import SqlAlarms
from storage.backlog import backlog
from storage.calls import SqlCalls
from storage.chronicle import SqlChronicle
from storage.clients import SqlClients
from storage.connections import SqlConnections
from storage.credentials import SqlCredentials
from storage.deliveries import SqlDeliveries
from storage.engine import Database
from storage.evidence import SqlEvidence
from storage.inbox import SqlNotices
from storage.incidents import SqlIncidentMessages, SqlIncidents
from storage.installations import SqlInstallations
from storage.invitations import SqlInvitations
from storage.outbox import SqlFacts
from storage.post_messages import SqlPostMessages
from storage.posts import SqlPosts
from storage.transaction import Transaction
from storage.viewers import SqlViewers
from storage.wakes import next_wakes

Heard = Callable[[Entry], None]


class SqlUnitOfWork:
    """Keeps the UnitOfWork port over one transaction."""

    def __init__(self, transaction: Transaction, heard: Heard | None = None) -> None:
        self._transaction = transaction
        self._heard = heard
        self._chronicle = SqlChronicle(transaction)
        self.clients: ClientRepository = SqlClients(transaction)
        self.connections: ConnectionRepository = SqlConnections(transaction)
        self.credentials: CredentialRepository = SqlCredentials(transaction)
        self.invitations: InvitationRepository = SqlInvitations(transaction)
        self.evidence: EvidenceRepository = SqlEvidence(transaction)
        self.facts: FactRepository = SqlFacts(transaction)
        self.incidents: IncidentRepository = SqlIncidents(transaction)
        self.incident_messages: IncidentMessageRepository = SqlIncidentMessages(transaction)
        self.alarms: AlarmRepository = SqlAlarms(transaction)
        self.notices: NoticeRepository = SqlNotices(transaction)
        self.posts: PostRepository = SqlPosts(transaction)
        self.post_messages: PostMessageRepository = SqlPostMessages(transaction)
        self.deliveries: DeliveryRepository = SqlDeliveries(transaction)
        self.calls: CallRepository = SqlCalls(transaction)
        self.chronicle: ChronicleRepository = self._chronicle
        self.viewers: ViewerRepository = SqlViewers(transaction)
        self.installations: InstallationRepository = SqlInstallations(transaction)

    async def next_wakes(self) -> Mapping[Duty, datetime | None]:
        return await next_wakes(self._transaction)

    async def backlog(self, at: datetime, *, most: int) -> Backlog:
        return await backlog(self._transaction, at, most=most)

    async def forget_names(self, workspace: str, connection_id: str) -> None:
        await forgetting.forget_names(self._transaction, workspace, connection_id)

    async def tidy(self, before: datetime, *, limit: int) -> int:
        return await forgetting.tidy(self._transaction, before, limit=limit)

    async def commit(self) -> None:
        await self._transaction.commit()
        if self._heard is not None:
            for entry in self._chronicle.added:
                self._heard(entry)


class SqlWork:
    """Keeps the Work port. `heard` is told what was written down of posts, once that is committed."""

    def __init__(self, database: Database, vault: Vault, *, heard: Heard | None = None) -> None:
        self._database = database
        self._vault = vault
        self._heard = heard

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        async with self._database.reading() as connection:
            yield SqlUnitOfWork(Transaction(connection, self._vault, writable=False))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[UnitOfWork]:
        async with self._database.writing() as connection:
            yield SqlUnitOfWork(Transaction(connection, self._vault, writable=True), self._heard)
