"""What storage in memory is made of: its rows, and what the repositories of one unit share."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import TypeVar

from core.domain.account import Platform
from core.domain.alarm import Alarm
from core.domain.chronicle import Entry
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.course import Turn
from core.domain.credentials import Credentials
from core.domain.delivery import Delivery
from core.domain.evidence import Evidence
from core.domain.fact import Fact
from core.domain.incident import Incident
from core.domain.incident_message import IncidentMessage
from core.domain.invitation import Invitation, InvitationStep, OAuthState
from core.domain.post import Decision, Post
from core.domain.post_message import PostMessage
from core.domain.refusals import Stale, Unlawful
from core.domain.webhook import Notice

Versioned = TypeVar("Versioned", Client, Connection, Invitation, Incident, Alarm, Post, PostMessage)
NEVER = datetime.min.replace(tzinfo=UTC)
UNSETTLED = {InvitationStep.OPEN, InvitationStep.HELD}


@dataclass
class Rows:
    """Everything that is stored. Values are frozen, so copying the mappings is a snapshot."""

    clients: dict[str, Client] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    credentials: dict[str, Credentials] = field(default_factory=dict)
    held: dict[str, Credentials] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    states: dict[str, OAuthState] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    fact_due: dict[str, datetime] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    turns: dict[int, Turn] = field(default_factory=dict)
    incident_messages: dict[str, IncidentMessage] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    notice_due: dict[str, datetime] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    post_messages: dict[str, PostMessage] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    chronicle: dict[int, Entry] = field(default_factory=dict)
    calls: dict[int, tuple[str, str, datetime]] = field(default_factory=dict)
    viewers: dict[tuple[str, str], datetime] = field(default_factory=dict)
    installations: dict[str, None] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def copy(self) -> "Rows":
        """Return a snapshot."""
        return Rows(**{each.name: dict(getattr(self, each.name)) for each in fields(self)})


@dataclass
class Shared:
    """What the repositories of one unit share: its rows, and whether it may write."""

    rows: Rows
    writable: bool

    @property
    def written(self) -> Rows:
        """The rows, for writing."""
        if not self.writable:
            raise Unlawful("this unit does not write")
        return self.rows

    def free(self, id_: str, at: datetime) -> bool:
        """True where nobody has a lease on a row."""
        lease = self.rows.leases.get(id_)
        return lease is None or lease[1] <= at

    def lease(self, ids: Iterable[str], owner: str, until: datetime) -> None:
        """Write one owner's lease on rows."""
        self.written.leases.update(dict.fromkeys(ids, (owner, until)))

    def wake(self, id_: str, due: datetime) -> datetime:
        """Return when a row can be taken: once it is due and nobody else has it."""
        return max(due, self.rows.leases.get(id_, ("", due))[1])


@dataclass
class Repository:
    """One aggregate's verbs over the shared rows."""

    unit: Shared

    @property
    def rows(self) -> Rows:
        """The rows, for reading."""
        return self.unit.rows


def save(rows: dict[str, Versioned], value: Versioned) -> Versioned:
    """Compare and set: version 0 is a new row, any other must be the stored one."""
    stored = rows.get(value.id)
    if (stored.version, stored.workspace) != (value.version, value.workspace) if stored else value.version:
        raise Stale
    rows[value.id] = replace(value, version=value.version + 1)
    return rows[value.id]


def parent(rows: Collection[str], id_: str) -> None:
    """Refuse what points at nothing, as a foreign key does."""
    if id_ not in rows:
        raise Unlawful(f"points at {id_}, which is not there")


def is_on(rows: Rows, connection_id: str, platform: Platform) -> bool:
    """True for a connection on this platform."""
    found = rows.connections.get(connection_id)
    return found is not None and found.platform is platform
