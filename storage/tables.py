"""The schema. Words of enums are checked, and what must not happen twice has a unique key.

A row of one workspace cannot point at a row of another: foreign keys between tenants' tables carry the
workspace. `key_id` says which key sealed a row, so "which rows still use key 3" is a query.
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from core.domain.account import Platform
from core.domain.alerts import Rhythm
from core.domain.client import Intent
from core.domain.evidence import Source
from core.domain.fact import FactKind
from core.domain.incident import IncidentOutcome, IncidentStep
from core.domain.incident_message import Place
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.observation import Credential, Grant, Standing, Visible, Wanted
from core.domain.silence import UNCONFIRMED
from core.domain.symptom import Condition
from core.domain.verdict import Reason, State
from core.domain.webhook import NoticeKind
from storage.columns import count, flag, json, key, lease, maybe, moment, order, sealed, text, words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

clients = Table(
    "clients",
    metadata,
    key("id"),
    text("workspace"),
    text("name"),
    text("folded_name"),
    text("channel"),
    words("intent", Intent),
    moment("created_at"),
    json("managers"),
    json("oncall"),
    json("expected"),
    count("approvals_needed"),
    flag("self_approval"),
    json("outsiders"),
    count("remind_hours"),
    count("expire_hours"),
    json("substitutes"),
    text("time_zone"),
    text("alert_channel"),
    json("alert_days"),
    count("alert_patience"),
    text("quiet_from"),
    text("quiet_to"),
    words("digest", Rhythm),
    count("digest_hour"),
    count("version"),
    UniqueConstraint("workspace", "id"),
    UniqueConstraint("workspace", "channel"),
    UniqueConstraint("workspace", "folded_name"),
)

connections = Table(
    "connections",
    metadata,
    key("id"),
    text("workspace"),
    text("client_id"),
    words("platform", Platform),
    text("provider"),
    moment("created_at"),
    json("account"),
    words("credential_side", Credential),
    words("grant_side", Grant),
    words("visible_side", Visible),
    words("account_side", Standing),
    words("wanted_side", Wanted),
    json("granted"),
    moment("issued_at", nullable=True),
    moment("access_expires_at", nullable=True),
    moment("refresh_expires_at", nullable=True),
    moment("proved_at", nullable=True),
    json("seen"),
    words("state", State),
    words("reason", Reason),
    moment("since", nullable=True),
    moment("due_at", nullable=True),
    moment("refresh_at", nullable=True),
    count("failures"),
    count("version"),
    *lease(),
    UniqueConstraint("workspace", "id"),
    UniqueConstraint("workspace", "client_id", "provider"),
    ForeignKeyConstraint(["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    Index(None, "due_at"),
)
Index(
    "ix_connections_leased",
    connections.c.lease_until,
    sqlite_where=connections.c.lease_until.is_not(None),
    postgresql_where=connections.c.lease_until.is_not(None),
)
SILENT = connections.c.reason.in_([literal_column(f"'{each}'") for each in UNCONFIRMED])
Index("ix_connections_silent", connections.c.platform, sqlite_where=SILENT, postgresql_where=SILENT)

connection_accounts = Table(
    "connection_accounts",
    metadata,
    Column("connection_id", String, ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
    key("account_id"),
    words("platform", Platform),
    Index(None, "platform", "account_id"),
)
"""Every id under which a platform may speak of a connection's account: an index over `connections`."""

credentials = Table(
    "credentials",
    metadata,
    Column("connection_id", String, ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
    sealed("access", nullable=False),
    sealed("refresh"),
    text("key_id", index=True),
    moment("issued_at"),
    moment("access_expires_at"),
    moment("refresh_expires_at", nullable=True),
    json("scopes"),
)

invitations = Table(
    "invitations",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    text("client_id"),
    text("connection_id"),
    words("platform", Platform),
    text("person"),
    text("channel"),
    text("token_hash", unique=True),
    sealed("token"),
    text("slip"),
    moment("created_at"),
    moment("expires_at"),
    words("step", InvitationStep),
    flag("relink"),
    sealed("response_url"),
    flag("replaceable"),
    maybe("key_id", index=True),
    json("found"),
    words("outcome", LinkOutcome, nullable=True),
    json("missing"),
    moment("settled_at", nullable=True),
    text("decided_by"),
    json("news"),
    count("version"),
    ForeignKeyConstraint(["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    ForeignKeyConstraint(["workspace", "connection_id"], ["connections.workspace", "connections.id"]),
    Index(None, "connection_id"),
)

UNSETTLED = invitations.c.step.in_(
    [literal_column(f"'{each}'") for each in (InvitationStep.OPEN, InvitationStep.HELD)]
)
"""Written out, not as parameters: SQLite finds the indexes below by these very words."""
Index(
    "uq_invitations_unsettled",
    invitations.c.connection_id,
    unique=True,
    sqlite_where=UNSETTLED,
    postgresql_where=UNSETTLED,
)
Index(
    "ix_invitations_unsettled_expires_at",
    invitations.c.expires_at,
    sqlite_where=UNSETTLED,
    postgresql_where=UNSETTLED,
)

held_credentials = Table(
    "held_credentials",
    metadata,
    Column("invitation_id", String, ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True),
    sealed("access", nullable=False),
    sealed("refresh"),
    text("key_id", index=True),
    moment("issued_at"),
    moment("access_expires_at"),
    moment("refresh_expires_at", nullable=True),
    json("scopes"),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    key("state_hash"),
    Column("invitation_id", String, ForeignKey("invitations.id"), nullable=False, index=True),
    text("browser_hash"),
    moment("created_at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
)

evidence = Table(
    "evidence",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    text("client_id"),
    text("connection_id"),
    words("source", Source),
    moment("at"),
    moment("noted_at"),
    json("observation"),
    text("note"),
    text("code"),
    text("log_id"),
    text("said_by"),
    text("state_before"),
    text("state_after"),
    ForeignKeyConstraint(["workspace", "connection_id"], ["connections.workspace", "connections.id"]),
    Index(None, "workspace", "at"),
    Index(None, "workspace", "client_id", "at"),
    Index(None, "workspace", "connection_id", "at"),
)

incidents = Table(
    "incidents",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    text("client_id"),
    text("subject"),
    words("condition", Condition),
    text("reason"),
    moment("since"),
    moment("opened_at"),
    words("step", IncidentStep),
    moment("act_by", nullable=True),
    Column("threshold", Integer),
    text("answered_by"),
    moment("answered_at", nullable=True),
    moment("snoozed_until", nullable=True),
    moment("ring_at", nullable=True),
    moment("rung_at", nullable=True),
    words("outcome", IncidentOutcome, nullable=True),
    moment("closed_at", nullable=True),
    count("version"),
    ForeignKeyConstraint(["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    Index(None, "workspace", "client_id", "closed_at"),
)
"""`subject` is a connection, or the client itself where an incident is about its pair."""

UNCLOSED = incidents.c.step != str(IncidentStep.CLOSED)
Index(
    "uq_incidents_unclosed",
    incidents.c.subject,
    incidents.c.condition,
    unique=True,
    sqlite_where=UNCLOSED,
    postgresql_where=UNCLOSED,
)

incident_turns = Table(
    "incident_turns",
    metadata,
    order(),
    text("workspace"),
    text("client_id"),
    Column("incident_id", String, ForeignKey("incidents.id"), nullable=False),
    text("subject"),
    moment("at"),
    text("what"),
    text("condition"),
    text("reason"),
    moment("since"),
    text("by"),
    moment("until", nullable=True),
    text("outcome"),
    Index(None, "workspace", "at"),
    Index(None, "workspace", "client_id", "at"),
)
"""History: words that a later version no longer uses stay readable, so they are not checked."""

incident_messages = Table(
    "incident_messages",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    Column("incident_id", String, ForeignKey("incidents.id"), nullable=False),
    words("kind", Place),
    text("target"),
    text("instead_of"),
    text("channel"),
    text("ts"),
    count("shown"),
    moment("posted_at", nullable=True),
    moment("edited_at", nullable=True),
    text("refused"),
    *lease(),
    UniqueConstraint("incident_id", "target"),
    Index(None, "workspace", "target"),
    Index(None, "workspace", "channel", "ts"),
)

alarms = Table(
    "alarms",
    metadata,
    key("id"),
    text("workspace"),
    moment("due_at", nullable=True),
    moment("digest_at", nullable=True),
    count("version"),
    ForeignKeyConstraint(["workspace", "id"], ["clients.workspace", "clients.id"]),
    Index(None, "due_at"),
)

facts = Table(
    "facts",
    metadata,
    order(),
    text("id", unique=True),
    words("kind", FactKind),
    text("workspace"),
    moment("at"),
    text("client_id"),
    text("subject"),
    json("details"),
    moment("not_before"),
    moment("told_at", nullable=True),
    count("attempts"),
    *lease(),
)

UNTOLD = facts.c.told_at.is_(None)
Index("ix_facts_untold", facts.c.not_before, sqlite_where=UNTOLD, postgresql_where=UNTOLD)

notices = Table(
    "notices",
    metadata,
    order(),
    text("id", unique=True),
    words("platform", Platform),
    words("kind", NoticeKind),
    json("account_ids"),
    moment("at"),
    moment("received_at"),
    text("code"),
    text("reference", index=True),
    json("details"),
    moment("handled_at", nullable=True),
    moment("not_before"),
    *lease(),
)

UNHANDLED = notices.c.handled_at.is_(None)
Index("ix_notices_unhandled", notices.c.not_before, sqlite_where=UNHANDLED, postgresql_where=UNHANDLED)

viewers = Table("viewers", metadata, key("workspace"), key("user_id"), moment("seen_at"))

slack_bots = Table(
    "slack_bots",
    metadata,
    key("workspace"),
    maybe("app_id"),
    maybe("enterprise_id"),
    maybe("enterprise_name"),
    maybe("team_id"),
    maybe("team_name"),
    maybe("bot_id"),
    maybe("bot_user_id"),
    json("bot_scopes"),
    sealed("bot_token", nullable=False),
    sealed("bot_refresh_token"),
    text("key_id", index=True),
    moment("bot_token_expires_at", nullable=True),
    flag("is_enterprise_install"),
    moment("installed_at"),
)
"""The app in a workspace; in a whole organisation, `workspace` is the organisation's id."""
