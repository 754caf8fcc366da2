"""Posts: requests and what people decided, where they are shown, deliveries, and the calls that limits count.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from storage.migrations.shapes import (
    count,
    flag,
    index,
    json,
    key,
    lease,
    moment,
    order,
    partial,
    points,
    sealed,
    text,
    unique,
    words,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_posts()
    _create_post_messages()
    _create_deliveries()
    _create_chronicle()
    _create_calls()


def _create_posts() -> None:
    op.create_table(
        "posts",
        order(),
        text("id"),
        text("workspace"),
        text("client_id"),
        text("asked_by"),
        moment("created_at"),
        json("content"),
        count("revision"),
        json("noted"),
        words("posts", "step", "draft requested changes_requested approved rejected expired withdrawn"),
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
        key("posts", "seq"),
        unique("posts", "id"),
        unique("posts", "workspace", "id"),
        points("posts", ["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    )
    index("posts", "workspace", "created_at")
    index("posts", "workspace", "client_id", "created_at")
    index("posts", "workspace", "asked_by", "created_at")
    index("posts", "workspace", "step", "created_at")
    index("posts", "step", "created_at")
    index("posts", "settled_at")
    partial("ix_posts_due_at", "posts", "due_at", "due_at IS NOT NULL")
    op.create_table(
        "decisions",
        order(),
        text("id"),
        text("workspace"),
        text("post_id"),
        text("digest"),
        text("decided_by"),
        text("home"),
        words("decisions", "kind", "approved changes_requested rejected"),
        moment("at"),
        text("channel"),
        text("reason"),
        text("instead_of"),
        key("decisions", "seq"),
        unique("decisions", "id"),
        unique("decisions", "digest", "decided_by"),
        points("decisions", ["workspace", "post_id"], ["posts.workspace", "posts.id"]),
    )
    index("decisions", "workspace", "post_id")


def _create_post_messages() -> None:
    op.create_table(
        "post_messages",
        order(),
        text("id"),
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
        key("post_messages", "seq"),
        unique("post_messages", "id"),
        unique("post_messages", "post_id", "target"),
        points("post_messages", ["workspace", "post_id"], ["posts.workspace", "posts.id"]),
    )
    index("post_messages", "workspace", "post_id")


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        order(),
        text("id"),
        text("workspace"),
        text("client_id"),
        text("post_id"),
        text("digest"),
        text("connection_id"),
        text("account_id"),
        words("deliveries", "platform", "tiktok instagram"),
        words(
            "deliveries",
            "form",
            "tiktok.video tiktok.photo instagram.reel instagram.story instagram.image instagram.carousel",
        ),
        moment("created_at"),
        moment("leave_at"),
        moment("due_at", nullable=True),
        words(
            "deliveries",
            "step",
            "queued prepared uploaded asked published refused uncertain cancelled missed",
        ),
        moment("stepped_at", nullable=True),
        moment("asked_at", nullable=True),
        text("reference"),
        json("ticket"),
        sealed("upload"),
        text("key_id", nullable=True),
        words("deliveries", "blame", "authorization content limit platform", nullable=True),
        text("code"),
        text("log_id"),
        flag("waits"),
        count("failures"),
        count("rounds"),
        count("looks"),
        words("deliveries", "audience", "nobody pending public private inbox"),
        json("post_ids"),
        text("permalink"),
        text("settled_by"),
        count("fence"),
        count("version"),
        *lease(),
        key("deliveries", "seq"),
        unique("deliveries", "id"),
        unique("deliveries", "digest", "connection_id"),
        points("deliveries", ["workspace", "client_id"], ["clients.workspace", "clients.id"]),
        points("deliveries", ["workspace", "post_id"], ["posts.workspace", "posts.id"]),
        points("deliveries", ["workspace", "connection_id"], ["connections.workspace", "connections.id"]),
    )
    index("deliveries", "key_id")
    index("deliveries", "workspace", "post_id")
    index("deliveries", "connection_id", "step")
    index("deliveries", "workspace", "step")
    index("deliveries", "stepped_at")
    partial("ix_deliveries_due_at", "deliveries", "due_at", "due_at IS NOT NULL")
    partial("ix_deliveries_connection_due_at", "deliveries", "connection_id due_at", "due_at IS NOT NULL")
    partial("ix_deliveries_leased", "deliveries", "connection_id lease_until", "lease_until IS NOT NULL")
    partial("ix_deliveries_known", "deliveries", "platform reference", "reference != ''")


def _create_chronicle() -> None:
    op.create_table(
        "chronicle",
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
        key("chronicle", "seq"),
        points("chronicle", ["workspace", "post_id"], ["posts.workspace", "posts.id"]),
    )
    index("chronicle", "workspace", "post_id")


def _create_calls() -> None:
    op.create_table(
        "calls",
        order(),
        text("account"),
        text("endpoint"),
        moment("at"),
        moment("until"),
        key("calls", "seq"),
    )
    index("calls", "account", "endpoint", "at")
    index("calls", "until")
