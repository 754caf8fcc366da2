"""What the use cases ask of the database: repositories, and one transaction over all of them."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.account import Platform
from core.domain.alarm import Alarm
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.course import Turn
from core.domain.credentials import Credentials
from core.domain.evidence import Evidence
from core.domain.fact import Fact
from core.domain.incident import Incident
from core.domain.incident_message import IncidentMessage, Sent
from core.domain.invitation import Invitation, OAuthState
from core.domain.silence import Silence
from core.domain.symptom import Condition
from core.domain.webhook import Notice
from core.ports.posts import (
    CallRepository,
    ChronicleRepository,
    DeliveryRepository,
    PostMessageRepository,
    PostRepository,
)


class ClientRepository(Protocol):
    """The agency's clients, each inside one workspace."""

    async def get(self, workspace: str, client_id: str) -> Client | None:
        """Reads one client of this workspace."""

    async def of_channel(self, workspace: str, channel: str) -> Client | None:
        """Reads the client that owns a channel."""

    async def named(self, workspace: str, name: str) -> Client | None:
        """Reads a client by its name, ignoring case and surrounding space."""

    async def every(self, workspace: str) -> Sequence[Client]:
        """Reads all clients of a workspace by name."""

    async def workspaces(self) -> Sequence[str]:
        """Reads which workspaces have clients, for whoever looks after all of them."""

    async def of_connections(self, connections: Sequence[Connection]) -> Mapping[str, Client]:
        """Reads the clients of claimed connections by connection id, across workspaces, for the scheduler."""

    async def save(self, client: Client) -> Client:
        """Writes a client; returns it with its new version. Raises Stale, or Refusal `name_taken`/`channel_taken`."""


class ConnectionRepository(Protocol):
    """Connections. One per client and provider; saving compares the version."""

    async def get(self, workspace: str, connection_id: str) -> Connection | None:
        """Reads one connection of this workspace."""

    async def of_client(self, workspace: str, client_id: str) -> Sequence[Connection]:
        """Reads a client's connections, TikTok first."""

    async def of_workspace(self, workspace: str) -> Sequence[Connection]:
        """Reads all connections of a workspace."""

    async def holding(self, platform: Platform, account_ids: frozenset[str]) -> Sequence[Connection]:
        """Reads the connections, in any workspace, to an account known by one of these ids.

        For the platforms' own messages, which know no workspace; never for what a person asked.
        """

    async def save(self, connection: Connection) -> Connection:
        """Writes a connection; returns it with its new version. Raises Stale."""

    async def save_unchanged(
        self, connections: Sequence[Connection], *, released_by: str = ""
    ) -> Sequence[Connection]:
        """Writes those that nobody wrote since they were read; returns them with their new versions.

        Their accounts are as they were. With `released_by` only those are written that this owner has a lease on,
        and it ends.
        """

    async def claim_due(
        self, at: datetime, *, owner: str, until: datetime, limit: int
    ) -> Sequence[Connection]:
        """Writes a lease on up to `limit` connections that are due and unclaimed, earliest due first."""

    async def claim(
        self, connection_id: str, at: datetime, *, owner: str, until: datetime
    ) -> Connection | None:
        """Writes a lease on one connection and returns it as it is now; None while anybody has one, this owner too."""

    async def release(self, connection_id: str, *, owner: str) -> None:
        """Writes the end of a lease, if it is still this owner's."""

    async def silence(self, platform: Platform, *, most: int) -> Silence:
        """Reads how many links of a platform are proved and how many are not, in all workspaces.

        Silent ones are counted up to `most`, and proved ones, where there are fewer silent ones than that, up to four
        times as many; both from what was last noticed.
        """


class CredentialRepository(Protocol):
    """Tokens, sealed at rest. A connection has its current ones, and for minutes those held aside.

    Asked with ids of what was read in its workspace or claimed, never with what a person sent.
    """

    async def of(self, connection_id: str) -> Credentials | None:
        """Reads a connection's current credentials."""

    async def of_every(self, connection_ids: Collection[str]) -> Mapping[str, Credentials]:
        """Reads the current credentials of connections that have any, by connection id."""

    async def put(self, connection_id: str, credentials: Credentials) -> None:
        """Writes a connection's credentials in place of the former ones."""

    async def put_every(self, issued: Mapping[str, Credentials]) -> None:
        """Writes the credentials of several connections, by connection id, in place of the former ones."""

    async def erase(self, connection_id: str) -> None:
        """Writes their end: nothing of them stays."""

    async def hold(self, invitation_id: str, credentials: Credentials) -> None:
        """Writes credentials aside of an account that a person decides about while the invitation is held."""

    async def held(self, invitation_id: str) -> Credentials | None:
        """Reads what was held aside for an invitation."""

    async def drop(self, invitation_id: str) -> None:
        """Writes the end of what was held aside."""


class InvitationRepository(Protocol):
    """Invitations and the OAuth states that belong to them."""

    async def get(self, workspace: str, invitation_id: str) -> Invitation | None:
        """Reads one invitation of this workspace."""

    async def by_id(self, invitation_id: str) -> Invitation | None:
        """Reads an invitation that a verified state or a held account points at."""

    async def by_token(self, token_hash: str) -> Invitation | None:
        """Reads the invitation behind the address in a button."""

    async def latest(self, workspace: str, connection_id: str) -> Invitation | None:
        """Reads the newest invitation of a connection of this workspace."""

    async def unsettled(self, workspace: str, connection_id: str) -> Sequence[Invitation]:
        """Reads the open or held invitations of a connection of this workspace: one at most, once saved."""

    async def overdue(self, at: datetime, *, limit: int) -> Sequence[str]:
        """Reads the ids of open or held invitations whose time is over, earliest first, across workspaces.

        For the scheduler: one that can't be opened is in no other's way.
        """

    async def save(self, invitation: Invitation) -> Invitation:
        """Writes an invitation; returns it with its new version. Raises Stale, also for a second open one."""

    async def add_state(self, state: OAuthState) -> None:
        """Writes a new OAuth state."""

    async def state(self, state_hash: str) -> OAuthState | None:
        """Reads an OAuth state, used or not."""

    async def spend_state(self, state_hash: str, at: datetime) -> bool:
        """Writes that a state was used; False where it already was. Only one caller ever gets True."""


class EvidenceRepository(Protocol):
    """History. Append-only."""

    async def add(self, evidence: Evidence) -> None:
        """Writes one piece of evidence, once."""

    async def of_connection(self, workspace: str, connection_id: str, *, limit: int) -> Sequence[Evidence]:
        """Reads a connection's evidence, newest first."""

    async def of_workspace(
        self, workspace: str, *, client_id: str | None, limit: int, platform: Platform | None = None
    ) -> Sequence[Evidence]:
        """Reads a workspace's evidence, newest first: of one client, and on one platform, where named."""


class FactRepository(Protocol):
    """The outbox: news not yet told."""

    async def add(self, *facts: Fact) -> None:
        """Writes facts in the same transaction as the changes they tell of; the same one again is no news."""

    async def untold(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Fact]:
        """Writes a lease on untold facts that may be tried now and returns them, oldest first.

        Clients of whom something urgent is to be told go before others, with all that is to be told of them.
        """

    async def told(self, *fact_ids: str, at: datetime, owner: str) -> None:
        """Writes that facts were told, those that are still this owner's, and the end of its leases."""

    async def postpone(self, fact_id: str, until: datetime, *, owner: str) -> None:
        """Writes that telling a fact failed for now, if it is still this owner's, and the end of its lease."""


class IncidentRepository(Protocol):
    """What is wrong with connections, as people deal with it. One is open per subject and condition."""

    async def get(self, workspace: str, incident_id: str) -> Incident | None:
        """Reads one incident of this workspace."""

    async def open_of_client(self, workspace: str, client_id: str) -> Sequence[Incident]:
        """Reads a client's open incidents, oldest first."""

    async def open_of_workspace(self, workspace: str) -> Sequence[Incident]:
        """Reads all open incidents of a workspace, oldest first."""

    async def closed_since(self, workspace: str, client_id: str, since: datetime) -> Sequence[Incident]:
        """Reads a client's incidents that closed at or after a moment, oldest first."""

    async def save(self, incident: Incident) -> Incident:
        """Writes an incident; returns it with its new version. Raises Stale, also for a second open one."""

    async def note(self, turn: Turn) -> None:
        """Writes what happened to an incident."""

    async def course(
        self, workspace: str, *, client_id: str | None, limit: int, platform: Platform | None = None
    ) -> Sequence[Turn]:
        """Reads what happened to incidents, newest first: of one client, and about one platform, where named.

        What is about a client's pair is about neither platform.
        """


class IncidentMessageRepository(Protocol):
    """Where incidents are shown. One row per incident and place."""

    async def add(self, message: IncidentMessage) -> bool:
        """Writes that an incident is to be shown in a place; False where it is already."""

    async def of_incident(self, workspace: str, incident_id: str) -> Sequence[IncidentMessage]:
        """Reads where an incident is shown, in the order of writing."""

    async def sharing(self, workspace: str, channel: str, ts: str) -> Sequence[IncidentMessage]:
        """Reads the rows that are one message in Slack, in the order of writing."""

    async def claim_stale(
        self, workspace: str, target: str, at: datetime, *, owner: str, until: datetime
    ) -> Sequence[IncidentMessage]:
        """Writes a lease on the rows of a place that show less than their incident's version, in order of writing."""

    async def settle(self, message: IncidentMessage, *, owner: str) -> None:
        """Writes what came of a message and ends its lease, if it is still this owner's."""

    async def place(self, workspace: str, message_id: str, sent: Sent, after: str) -> IncidentMessage | None:
        """Writes where it stands and ends its lease, unless that is elsewhere than `after` by now; returns it then."""


class AlarmRepository(Protocol):
    """When clients are to be looked at for alerts."""

    async def get(self, workspace: str, client_id: str) -> Alarm | None:
        """Reads a client's alarm."""

    async def wake(self, workspace: str, client_id: str, at: datetime) -> None:
        """Writes that a client is to be looked at by `at` at the latest."""

    async def save(self, alarm: Alarm) -> Alarm:
        """Writes an alarm; returns it with its new version. Raises Stale where somebody woke it meanwhile."""

    async def due(self, at: datetime, *, limit: int) -> Sequence[Alarm]:
        """Reads alarms that are due, earliest first, across workspaces, for the scheduler."""


class NoticeRepository(Protocol):
    """The inbox: what platforms sent, stored first and handled afterwards."""

    async def add(self, notice: Notice) -> bool:
        """Writes a notice; False where the same one is already there."""

    async def unhandled(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Notice]:
        """Writes a lease on unhandled notices that may be tried now and returns them, oldest first."""

    async def handled(self, notice_id: str, at: datetime) -> None:
        """Writes that a notice was handled. Whose it was is forgotten then."""

    async def postpone(self, notice_id: str, until: datetime, *, owner: str) -> None:
        """Writes that handling a notice failed for now, if it is still this owner's, and the end of its lease."""

    async def by_reference(self, reference: str) -> Notice | None:
        """Reads the notice that a confirmation code stands for."""


class ViewerRepository(Protocol):
    """Who has opened App Home, so that it can be kept fresh for them."""

    async def add(self, workspace: str, user: str, at: datetime) -> None:
        """Writes that a person looked at their Home."""

    async def every(self, workspace: str) -> Sequence[str]:
        """Reads the people of a workspace who opened Home since it was tidied."""


class InstallationRepository(Protocol):
    """The workspaces that installed the app."""

    async def every(self) -> Sequence[str]:
        """Reads the workspaces that have the app."""

    async def remove(self, workspace: str) -> None:
        """Writes the end of a workspace's installation, its tokens included."""


class Duty(StrEnum):
    """What the scheduler has to do, by the rows that say when."""

    NOTICES = "notices"
    ALERTS = "alerts"
    FACTS = "facts"
    INVITATIONS = "invitations"
    CONNECTIONS = "connections"
    POSTS = "posts"
    DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits: how many rows of each duty are due, how many incidents of each kind are open."""

    due: Mapping[Duty, int]
    incidents: Mapping[Condition, int]


class UnitOfWork(Protocol):
    """One transaction over all repositories. Nothing is kept without `commit()`; no network inside."""

    clients: ClientRepository
    connections: ConnectionRepository
    credentials: CredentialRepository
    invitations: InvitationRepository
    evidence: EvidenceRepository
    facts: FactRepository
    incidents: IncidentRepository
    incident_messages: IncidentMessageRepository
    alarms: AlarmRepository
    notices: NoticeRepository
    posts: PostRepository
    post_messages: PostMessageRepository
    deliveries: DeliveryRepository
    calls: CallRepository
    chronicle: ChronicleRepository
    viewers: ViewerRepository
    installations: InstallationRepository

    async def next_wakes(self) -> Mapping[Duty, datetime | None]:
        """Reads when something of each duty can be taken next, None for never: all at once, from indexes alone."""

    async def backlog(self, at: datetime, *, most: int) -> Backlog:
        """Reads how much waits, across workspaces: from indexes alone, nothing counted further than `most`."""

    async def forget_names(self, workspace: str, connection_id: str) -> None:
        """Writes what is kept about a connection (evidence, invitations, facts, posts) without whose account it was.

        Its ids, its handle and its name go, and the addresses of what was published: the handle is in them.
        """

    async def tidy(self, before: datetime, *, limit: int) -> int:
        """Writes the end of rows done with before a moment, up to `limit` of each kind; returns how many.

        Told facts, handled notices (the deletions people can look up stay a year), spent OAuth states, counted calls,
        of settled invitations what opened something and the account that came, who looked at Home before and not
        since, and drafts that nobody saved since two months earlier still.
        """

    async def commit(self) -> None:
        """Writes everything done in this unit, or nothing. Once per unit."""


class Work(Protocol):
    """Opens units of work."""

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Reads: never waits for a writer; writing in it is a mistake."""

    def writing(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Writes: takes its turn, and sees what was committed before it began."""


class Vault(Protocol):
    """Seals secrets for rest. What is sealed for one account and purpose opens for no other."""

    def seal(self, clear: str, *, account: str, purpose: str) -> bytes:
        """Reads the newest key and returns the sealed bytes, its key id in front."""

    def open(self, sealed: bytes, *, account: str, purpose: str) -> str:
        """Reads the clear text. Raises VaultError for a foreign, damaged or unknown-key value."""

    def key_of(self, sealed: bytes) -> str:
        """Reads the id of the key that sealed these bytes."""
