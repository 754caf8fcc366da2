"""The schema's part about posts: requests, decisions, messages, deliveries, counted calls.

Loaded with the repositories: whoever opens units of work has the whole schema.
"""

from sqlalchemy import ForeignKeyConstraint, Index, Table, UniqueConstraint

from core.domain.account import Platform
from core.domain.delivery import ENDS, Audience, Blame, DeliveryStep
from core.domain.post import DecisionKind, Form, PostStep
from storage.columns import count, flag, json, lease, maybe, moment, order, sealed, text, words
from storage.tables import metadata

posts = Table(
    "posts",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    text("client_id"),
    text("asked_by"),
    moment("created_at"),
    json("content"),
    count("revision"),
    json("noted"),
    words("step", PostStep),
    text("channel"),
    moment("requested_at", nullable=True),
    moment("expires_at", nullable=True),
    moment("reminded_at", nullable=True),
    moment("settled_at", nullable=True),
    moment("due_at", nullable=True),
    text("edited_by"),
    moment("edited_at", nullable=True),
    text("edits"),
    text("edits_digest"),
    text("address"),
    count("version"),
    UniqueConstraint("workspace", "id"),
    ForeignKeyConstraint(["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    Index(None, "workspace", "created_at"),
    Index(None, "workspace", "client_id", "created_at"),
    Index(None, "workspace", "asked_by", "created_at"),
    Index(None, "workspace", "step", "created_at"),
    Index(None, "step", "created_at"),
    Index(None, "settled_at"),
)
DUE_POST = posts.c.due_at.is_not(None)
Index("ix_posts_due_at", posts.c.due_at, sqlite_where=DUE_POST, postgresql_where=DUE_POST)

decisions = Table(
    "decisions",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    text("post_id"),
    text("digest"),
    text("decided_by"),
    text("home"),
    words("kind", DecisionKind),
    moment("at"),
    text("channel"),
    text("reason"),
    text("instead_of"),
    UniqueConstraint("digest", "decided_by"),
    ForeignKeyConstraint(["workspace", "post_id"], ["posts.workspace", "posts.id"]),
    Index(None, "workspace", "post_id"),
)

post_messages = Table(
    "post_messages",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    text("post_id"),
    text("target"),
    text("channel"),
    text("ts"),
    text("shown"),
    moment("posted_at", nullable=True),
    moment("edited_at", nullable=True),
    text("refused"),
    count("version"),
    UniqueConstraint("post_id", "target"),
    ForeignKeyConstraint(["workspace", "post_id"], ["posts.workspace", "posts.id"]),
    Index(None, "workspace", "post_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    order(),
    text("id", unique=True),
    text("workspace"),
    text("client_id"),
    text("post_id"),
    text("digest"),
    text("connection_id"),
    text("account_id"),
    words("platform", Platform),
    words("form", Form),
    moment("created_at"),
    moment("leave_at"),
    moment("due_at", nullable=True),
    words("step", DeliveryStep),
    moment("stepped_at", nullable=True),
    moment("asked_at", nullable=True),
    text("reference"),
    json("ticket"),
    sealed("upload"),
    maybe("key_id", index=True),
    words("blame", Blame, nullable=True),
    text("code"),
    text("log_id"),
    flag("waits"),
    count("failures"),
    count("rounds"),
    count("looks"),
    words("audience", Audience),
    json("post_ids"),
    text("permalink"),
    text("settled_by"),
    count("fence"),
    count("version"),
    *lease(),
    UniqueConstraint("digest", "connection_id"),
    ForeignKeyConstraint(["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    ForeignKeyConstraint(["workspace", "post_id"], ["posts.workspace", "posts.id"]),
    ForeignKeyConstraint(["workspace", "connection_id"], ["connections.workspace", "connections.id"]),
    Index(None, "workspace", "post_id"),
    Index(None, "connection_id", "step"),
    Index(None, "workspace", "step"),
    Index(None, "stepped_at"),
)
"""`reference` is of the ticket, whose rest is in `ticket`; but `upload`, the secret address, is sealed."""

GOING_ON = [str(step) for step in DeliveryStep if step not in ENDS]
DUE = deliveries.c.due_at.is_not(None)
LEASED = deliveries.c.lease_until.is_not(None)
KNOWN = deliveries.c.reference != ""
Index("ix_deliveries_due_at", deliveries.c.due_at, sqlite_where=DUE, postgresql_where=DUE)
Index(
    "ix_deliveries_connection_due_at",
    deliveries.c.connection_id,
    deliveries.c.due_at,
    sqlite_where=DUE,
    postgresql_where=DUE,
)
Index(
    "ix_deliveries_leased",
    deliveries.c.connection_id,
    deliveries.c.lease_until,
    sqlite_where=LEASED,
    postgresql_where=LEASED,
)
Index(
    "ix_deliveries_known",
    deliveries.c.platform,
    deliveries.c.reference,
    sqlite_where=KNOWN,
    postgresql_where=KNOWN,
)

chronicle = Table(
    "chronicle",
    metadata,
    order(),
    text("workspace"),
    text("post_id"),
    moment("at"),
    text("what"),
    text("digest"),
    text("by"),
    text("delivery_id"),
    text("platform"),
    text("before"),
    text("blame"),
    text("code"),
    text("log_id"),
    flag("waits"),
    text("audience"),
    text("reference"),
    text("permalink"),
    ForeignKeyConstraint(["workspace", "post_id"], ["posts.workspace", "posts.id"]),
    Index(None, "workspace", "post_id"),
)
"""History: words that a later version no longer uses stay readable, so they are not checked."""

calls = Table(
    "calls",
    metadata,
    order(),
    text("account"),
    text("endpoint"),
    moment("at"),
    moment("until"),
    Index(None, "account", "endpoint", "at"),
    Index(None, "until"),
)
"""Calls that count against a limit of the platform; `until` is when the last window lets go of one."""
