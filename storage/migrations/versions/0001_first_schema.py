"""The first schema: clients, connections, credentials, invitations, history, outbox, inbox, Slack's installations.

Revision ID: 0001
Revises:
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
    tokens,
    unique,
    words,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_clients()
    _create_connections()
    _create_invitations()
    _create_history()
    _create_incidents()
    _create_outbox()
    _create_inbox()
    _create_slack()


def _create_clients() -> None:
    op.create_table(
        "clients",
        text("id"),
        text("workspace"),
        text("name"),
        text("folded_name"),
        text("channel"),
        words("clients", "intent", "profile crosspost both"),
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
        words("clients", "digest", "never daily weekly"),
        count("digest_hour"),
        count("version"),
        key("clients", "id"),
        unique("clients", "workspace", "channel"),
        unique("clients", "workspace", "folded_name"),
        unique("clients", "workspace", "id"),
    )
    op.create_table(
        "viewers",
        text("workspace"),
        text("user_id"),
        moment("seen_at"),
        key("viewers", "workspace", "user_id"),
    )


def _create_connections() -> None:
    op.create_table(
        "connections",
        text("id"),
        text("workspace"),
        text("client_id"),
        words("connections", "platform", "tiktok instagram"),
        text("provider"),
        moment("created_at"),
        json("account"),
        words("connections", "credential_side", "none held expiring expired"),
        words("connections", "grant_side", "unknown present narrowed withdrawn"),
        words("connections", "visible_side", "unknown shown hidden"),
        words("connections", "account_side", "normal checkpoint restricted changed"),
        words("connections", "wanted_side", "linked unlinked"),
        json("granted"),
        moment("issued_at", nullable=True),
        moment("access_expires_at", nullable=True),
        moment("refresh_expires_at", nullable=True),
        moment("proved_at", nullable=True),
        json("seen"),
        words(
            "connections",
            "state",
            "pending authorized refresh_required expired partially_revoked revoked closed",
        ),
        words(
            "connections",
            "reason",
            "never_linked working runs_out proof_due unproved ran_out removed_at_platform "
            "permission_withdrawn not_professional other_account_answers checkpoint restricted profile_link_hidden"
            " we_let_go unlink_unproved unlink_proved gone_both_sides ended",
        ),
        moment("since", nullable=True),
        moment("due_at", nullable=True),
        moment("refresh_at", nullable=True),
        count("failures"),
        count("version"),
        *lease(),
        key("connections", "id"),
        unique("connections", "workspace", "client_id", "provider"),
        unique("connections", "workspace", "id"),
        points("connections", ["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    )
    index("connections", "due_at")
    partial("ix_connections_leased", "connections", "lease_until", "lease_until IS NOT NULL")
    partial("ix_connections_silent", "connections", "platform", "reason IN ('proof_due', 'unproved')")
    op.create_table(
        "connection_accounts",
        text("connection_id"),
        text("account_id"),
        words("connection_accounts", "platform", "tiktok instagram"),
        key("connection_accounts", "connection_id", "account_id"),
        points("connection_accounts", ["connection_id"], ["connections.id"], ondelete="CASCADE"),
    )
    index("connection_accounts", "platform", "account_id")
    op.create_table(
        "credentials",
        text("connection_id"),
        *tokens(),
        key("credentials", "connection_id"),
        points("credentials", ["connection_id"], ["connections.id"], ondelete="CASCADE"),
    )
    index("credentials", "key_id")


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        order(),
        text("id"),
        text("workspace"),
        text("client_id"),
        text("connection_id"),
        words("invitations", "platform", "tiktok instagram"),
        text("person"),
        text("channel"),
        text("token_hash"),
        sealed("token"),
        text("slip"),
        moment("created_at"),
        moment("expires_at"),
        words("invitations", "step", "open held linked cancelled refused superseded timed_out"),
        flag("relink"),
        sealed("response_url"),
        flag("replaceable"),
        text("key_id", nullable=True),
        json("found"),
        words(
            "invitations",
            "outcome",
            "linked relinked adopted cancelled fewer_permissions too_few_permissions wrong_account "
            "unnamed_account wrong_account_dropped account_in_use not_professional account_held platform_down "
            "platform_refused timed_out",
            nullable=True,
        ),
        json("missing"),
        moment("settled_at", nullable=True),
        text("decided_by"),
        json("news"),
        count("version"),
        key("invitations", "seq"),
        unique("invitations", "id"),
        unique("invitations", "token_hash"),
        points("invitations", ["workspace", "client_id"], ["clients.workspace", "clients.id"]),
        points("invitations", ["workspace", "connection_id"], ["connections.workspace", "connections.id"]),
    )
    index("invitations", "connection_id")
    index("invitations", "key_id")
    partial("ix_invitations_unsettled_expires_at", "invitations", "expires_at", "step IN ('open', 'held')")
    partial("uq_invitations_unsettled", "invitations", "connection_id", "step IN ('open', 'held')", once=True)
    op.create_table(
        "held_credentials",
        text("invitation_id"),
        *tokens(),
        key("held_credentials", "invitation_id"),
        points("held_credentials", ["invitation_id"], ["invitations.id"], ondelete="CASCADE"),
    )
    index("held_credentials", "key_id")
    op.create_table(
        "oauth_states",
        text("state_hash"),
        text("invitation_id"),
        text("browser_hash"),
        moment("created_at"),
        moment("expires_at"),
        moment("used_at", nullable=True),
        key("oauth_states", "state_hash"),
        points("oauth_states", ["invitation_id"], ["invitations.id"]),
    )
    index("oauth_states", "invitation_id")


def _create_history() -> None:
    op.create_table(
        "evidence",
        order(),
        text("id"),
        text("workspace"),
        text("client_id"),
        text("connection_id"),
        words("evidence", "source", "oauth refresh probe webhook publish revoke person"),
        moment("at"),
        moment("noted_at"),
        json("observation"),
        text("note"),
        text("code"),
        text("log_id"),
        text("said_by"),
        text("state_before"),
        text("state_after"),
        key("evidence", "seq"),
        unique("evidence", "id"),
        points("evidence", ["workspace", "connection_id"], ["connections.workspace", "connections.id"]),
    )
    index("evidence", "workspace", "at")
    index("evidence", "workspace", "client_id", "at")
    index("evidence", "workspace", "connection_id", "at")


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        order(),
        text("id"),
        text("workspace"),
        text("client_id"),
        text("subject"),
        words("incidents", "condition", "broken ending unlinking split unproved"),
        text("reason"),
        moment("since"),
        moment("opened_at"),
        words("incidents", "step", "open acknowledged snoozed closed"),
        moment("act_by", nullable=True),
        count("threshold", nullable=True),
        text("answered_by"),
        moment("answered_at", nullable=True),
        moment("snoozed_until", nullable=True),
        moment("ring_at", nullable=True),
        moment("rung_at", nullable=True),
        words("incidents", "outcome", "relinked recovered unlinked broke explained", nullable=True),
        moment("closed_at", nullable=True),
        count("version"),
        key("incidents", "seq"),
        unique("incidents", "id"),
        points("incidents", ["workspace", "client_id"], ["clients.workspace", "clients.id"]),
    )
    index("incidents", "workspace", "client_id", "closed_at")
    partial("uq_incidents_unclosed", "incidents", "subject condition", "step != 'closed'", once=True)
    op.create_table(
        "incident_turns",
        order(),
        text("workspace"),
        text("client_id"),
        text("incident_id"),
        text("subject"),
        moment("at"),
        text("what"),
        text("condition"),
        text("reason"),
        moment("since"),
        text("by"),
        moment("until", nullable=True),
        text("outcome"),
        key("incident_turns", "seq"),
        points("incident_turns", ["incident_id"], ["incidents.id"]),
    )
    index("incident_turns", "workspace", "at")
    index("incident_turns", "workspace", "client_id", "at")
    op.create_table(
        "incident_messages",
        order(),
        text("id"),
        text("workspace"),
        text("incident_id"),
        words("incident_messages", "kind", "channel oncall person"),
        text("target"),
        text("instead_of"),
        text("channel"),
        text("ts"),
        count("shown"),
        moment("posted_at", nullable=True),
        moment("edited_at", nullable=True),
        text("refused"),
        *lease(),
        key("incident_messages", "seq"),
        unique("incident_messages", "id"),
        unique("incident_messages", "incident_id", "target"),
        points("incident_messages", ["incident_id"], ["incidents.id"]),
    )
    index("incident_messages", "workspace", "target")
    index("incident_messages", "workspace", "channel", "ts")
    op.create_table(
        "alarms",
        text("id"),
        text("workspace"),
        moment("due_at", nullable=True),
        moment("digest_at", nullable=True),
        count("version"),
        key("alarms", "id"),
        points("alarms", ["workspace", "id"], ["clients.workspace", "clients.id"]),
    )
    index("alarms", "due_at")


def _create_outbox() -> None:
    op.create_table(
        "facts",
        order(),
        text("id"),
        words(
            "facts",
            "kind",
            "client_saved invitation_settled connection_moved unlink_asked unlink_proved "
            "incident_changed digest_due post_changed workspace_ended",
        ),
        text("workspace"),
        moment("at"),
        text("client_id"),
        text("subject"),
        json("details"),
        moment("not_before"),
        moment("told_at", nullable=True),
        count("attempts"),
        *lease(),
        key("facts", "seq"),
        unique("facts", "id"),
    )
    partial("ix_facts_untold", "facts", "not_before", "told_at IS NULL")


def _create_inbox() -> None:
    op.create_table(
        "notices",
        order(),
        text("id"),
        words("notices", "platform", "tiktok instagram"),
        words("notices", "kind", "grant_removed deletion_asked other"),
        json("account_ids"),
        moment("at"),
        moment("received_at"),
        text("code"),
        text("reference"),
        json("details"),
        moment("handled_at", nullable=True),
        moment("not_before"),
        *lease(),
        key("notices", "seq"),
        unique("notices", "id"),
    )
    index("notices", "reference")
    partial("ix_notices_unhandled", "notices", "not_before", "handled_at IS NULL")


def _create_slack() -> None:
    op.create_table(
        "slack_bots",
        text("workspace"),
        text("app_id", nullable=True),
        text("enterprise_id", nullable=True),
        text("enterprise_name", nullable=True),
        text("team_id", nullable=True),
        text("team_name", nullable=True),
        text("bot_id", nullable=True),
        text("bot_user_id", nullable=True),
        json("bot_scopes"),
        sealed("bot_token", nullable=False),
        sealed("bot_refresh_token"),
        text("key_id"),
        moment("bot_token_expires_at", nullable=True),
        flag("is_enterprise_install"),
        moment("installed_at"),
        key("slack_bots", "workspace"),
    )
    index("slack_bots", "key_id")
