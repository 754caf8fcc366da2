"""What nobody could say for sure about TikTok (sources by the keys of docs/sources.md), as switches."""

from sandbox.switches import Switch
from sandbox.tiktok.posting_switches import POSTING

DAY = 86_400

LIFETIMES = {"2h_180d": (7_200, 180 * DAY), "24h_365d": (DAY, 365 * DAY)}
"""Seconds that access and refresh tokens live."""

TABLE = (
    Switch(
        "lifetimes",
        "2h_180d",
        "Which lifetimes the token endpoint gives: the rules of November 2026 or the older ones.",
        "OA-new, OA-ref against OA-old, TAC",
        tuple(LIFETIMES),
    ),
    Switch(
        "rotation",
        "always",
        "Whether a refresh replaces the refresh token; the older text only says that it may.",
        "OA-ref against OA-old",
        ("always", "never", "every_other"),
    ),
    Switch("rotation_grace_seconds", 0, "How long a replaced refresh token still works.", "undocumented"),
    Switch(
        "refresh_life",
        "slides",
        "Whether a rotation restarts the refresh token's life, or it counts from the consent.",
        "undocumented",
        ("slides", "from_consent"),
    ),
    Switch("refresh_kills_access", False, "A refresh ends the older access tokens.", "undocumented"),
    Switch(
        "new_consent_kills_old_tokens",
        False,
        "A new consent ends the tokens of the earlier one.",
        "undocumented",
    ),
    Switch("password_change_kills_tokens", False, "A new password ends the app's tokens.", "undocumented"),
    Switch("code_lifetime_seconds", 600, "How long an authorization code can be spent.", "no figure found"),
    Switch(
        "pkce",
        "if_sent",
        "When a challenge counts: if_sent checks one that comes with a loopback redirect; loopback demands it there, "
        "as the desktop page does; always demands it everywhere; off never looks. A checked one is hex SHA-256.",
        "LKW, LKD, OA-get; code of arctic, TAC, BB, PZ",
        ("if_sent", "loopback", "always", "off"),
    ),
    Switch(
        "cancel_error",
        "access_denied",
        "The `error` with which a person who cancels comes back.",
        "OERR; for the web unsure",
        ("access_denied", "unauthorized_client"),
    ),
    Switch(
        "redirect_mismatch_error",
        "invalid_grant",
        "What the token endpoint calls a redirect that differs from the consent's.",
        "OERR against the sample in OA-old",
        ("invalid_grant", "invalid_request"),
    ),
    Switch(
        "oauth_error_status",
        "400",
        "HTTP status of refusals by the OAuth endpoints.",
        "undocumented",
        ("400", "401", "200"),
    ),
    Switch("revoke_answer", "{}", "Body of a successful revoke.", "OA-rev shows both", ("{}", "empty")),
    Switch("revoke_needs_secret", True, "Revoking without client_secret is refused.", "OA-rev against BB"),
    Switch(
        "revoke_dead_token",
        "invalid_request",
        "Answer to revoking an unknown or ended access token.",
        "undocumented",
        ("invalid_request", "invalid_grant"),
    ),
    Switch(
        "revoke_spares_refresh",
        False,
        "After a revoke the refresh token still answers, with access tokens that open nothing.",
        "OA-rev: the app is disconnected",
    ),
    Switch("revoke_takes_expired", False, "An expired access token can still be revoked.", "undocumented"),
    Switch(
        "own_revoke_webhook", True, "Our own revoke causes authorization.removed, reason 5.", "WHE, implied"
    ),
    Switch(
        "webhook_fresh_time",
        True,
        "A redelivery is signed with its own time, not the first one's.",
        "undocumented",
    ),
    Switch(
        "field_without_scope",
        "refused",
        "A user/info field whose scope is missing: scope_not_authorized (seen live), or left out.",
        "field report",
        ("refused", "omitted"),
    ),
    Switch(
        "error_data", "empty", "Errors carry `data: {}`, or no `data`.", "undocumented", ("empty", "missing")
    ),
    Switch(
        "log_id_field",
        "log_id",
        "How the data endpoints spell their log id.",
        "samples of CI, DP against their tables",
        ("log_id", "logid"),
    ),
    Switch("retry_after", False, "A 429 has a Retry-After header.", "undocumented"),
    Switch(
        "user_info_counts",
        "token",
        "Whose calls count towards user/info's 600 a minute: each token's own, or all of the app's.",
        "RL, not stated",
        ("token", "app"),
    ),
    Switch(
        "unaudited_privacy",
        "all",
        "Privacy levels that creator_info offers while the app is unaudited.",
        "TAC's payload against several clients",
        ("all", "self_only"),
    ),
    *POSTING,
)
