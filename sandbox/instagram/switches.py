"""What nobody could say for sure about Instagram Login (sources by the keys of docs/sources.md), as switches."""

from sandbox.instagram.publishing_switches import PUBLISHING
from sandbox.switches import Switch

DAY = 86_400

TABLE = (
    Switch(
        "token_answer",
        "flat",
        "The code exchange answers a flat object (live clients) or `data[]` (the documentation).",
        "S1 against S20, S21, S28",
        ("flat", "data"),
    ),
    Switch("token_permissions", "list", "`permissions` in that answer.", "S20, S21, S28", ("list", "text")),
    Switch("token_user_id_type", "number", "`user_id` in that answer.", "S20, S21, S28", ("number", "text")),
    Switch(
        "token_user_id",
        "app_scoped",
        "Which id `user_id` in that answer is.",
        "undocumented",
        ("app_scoped", "professional"),
    ),
    Switch("long_seconds", 60 * DAY - 56, "`expires_in` of long-lived tokens, slightly under 60 days.", "S1"),
    Switch(
        "young_refresh",
        "code_100",
        "Answer to refreshing a token younger than 24 hours.",
        "S6 forbids it, the error is undocumented",
        ("code_100", "code_10", "accepted"),
    ),
    Switch("refresh_string", "new", "Whether a refresh changes the token's text.", "S31", ("new", "same")),
    Switch("refresh_keeps_old", True, "The replaced text works until its own expiry.", "S31"),
    Switch(
        "me_answer",
        "flat",
        "/me is a flat object, or wrapped in `data[]`.",
        "S9 against S20, S21",
        ("flat", "data"),
    ),
    Switch(
        "account_type",
        "upper",
        "BUSINESS as in code, or Business as documented.",
        "S9 against S29",
        ("upper", "title"),
    ),
    Switch("profile_fields", True, "biography and website exist on /me.", "S9 against S10"),
    Switch(
        "node_ids",
        "both",
        "Which id of the account opens its node.",
        "reference against guides and clients",
        ("both", "professional", "app_scoped"),
    ),
    Switch("versioned_paths", True, "Paths with a version work.", "one report of code 100"),
    Switch(
        "quota_total",
        100,
        "Posts in 24 hours: what content_publishing_limit names and media_publish allows.",
        "S4 says 100 and 50, S20 25",
    ),
    Switch(
        "missing_permission",
        "10",
        "Code for a permission that wasn't granted.",
        "S16, exact code unsure",
        ("10", "200"),
    ),
    Switch(
        "personal_account",
        "IGApiException",
        "What a personal account's token is answered: IGApiException 100, or that it is no business account.",
        "S30 against S20, exact code unsure",
        ("IGApiException", "10"),
    ),
    Switch(
        "calls_without_impressions",
        0,
        "Calls in 24 hours that an account without impressions has all the same.",
        "S11 gives 4,800 for each impression, for none unsure",
    ),
    Switch("restricted_limit", True, "A restricted account's limit edge answers 25/2207050.", "undocumented"),
    Switch(
        "removed_subcode",
        "458",
        "Subcode of 190 after the app was removed; a report of 2026-08-23 has none.",
        "S16 against S33b",
        ("458", "none"),
    ),
    Switch(
        "password_subcode",
        "460",
        "Subcode of 190 after a new password; a report of 2026-08-27 has 0.",
        "S16 against S33b",
        ("460", "0"),
    ),
    Switch("auth_status", "400", "HTTP status of code 190.", "mostly 400, some 401", ("400", "401")),
    Switch(
        "delete_permissions",
        "unsupported",
        "DELETE /me/permissions: refused with 400, or answered with success while it revokes or does nothing.",
        "sent by several repositories, no evidence",
        ("unsupported", "revokes", "ignored"),
    ),
    Switch(
        "force_reauth",
        "works",
        "After a forced login the flow goes on, or the person is dropped on the feed.",
        "S1 against S27",
        ("works", "drops_on_feed"),
    ),
    Switch(
        "callback_user_id",
        "app_scoped",
        "Which id deauthorize and deletion callbacks carry.",
        "undocumented",
        ("app_scoped", "professional"),
    ),
    Switch(
        "callback_secret",
        "instagram",
        "Whose secret signs deauthorize and deletion callbacks.",
        "S34",
        ("instagram", "meta"),
    ),
    Switch(
        "callback_retries", False, "Failed deauthorize and deletion callbacks are retried.", "not guaranteed"
    ),
    Switch("webhook_secret", "instagram", "Whose secret signs webhooks.", "S35", ("instagram", "meta")),
    Switch(
        "webhook_shape",
        "changes",
        "Webhook entries have `changes[]`, or field and value.",
        "S36",
        ("changes", "flat"),
    ),
    *PUBLISHING,
)
