"""Every code that TikTok documents or was seen to answer, and what it amounts to.

Pages: oauth-error-handling (OERR), tiktok-api-v2-error-handling (ERR), content-posting-api-reference-* (CI, DP,
UP, PH, ST), content-posting-api-media-transfer-guide (MTG).
"""

from collections.abc import Mapping

from core.domain.delivery import Blame
from core.domain.errors import AccountHeld, Final, GrantLost, PlatformDown, ScopeMissing, Throttled
from core.domain.observation import Credential, Grant, Observation, Standing
from core.providers.meaning import Meaning

RAN_OUT = Observation(credential=Credential.EXPIRED)
WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
NARROWED = Observation(grant=Grant.NARROWED)
RESTRICTED = Observation(account=Standing.RESTRICTED)

_OAUTH: dict[str, Meaning] = {
    "access_denied": Meaning(Final),
    "invalid_client": Meaning(Final),
    # Covers tokens that are invalid, expired, replaced, revoked or another app's (OERR): what we hold is dead,
    # whether the owner still shows us among the connected apps is not said.
    "invalid_grant": Meaning(GrantLost, RAN_OUT),
    "invalid_request": Meaning(Final),
    "invalid_scope": Meaning(Final),
    "unauthorized_client": Meaning(Final),
    "unsupported_grant_type": Meaning(Final),
    "unsupported_response_type": Meaning(Final),
    "server_error": Meaning(PlatformDown),
    "temporarily_unavailable": Meaning(PlatformDown),
}

_GENERAL: dict[str, Meaning] = {
    # For a token that has not run out; see `TikTok.prove` for one that has.
    "access_token_invalid": Meaning(GrantLost, WITHDRAWN),
    "scope_not_authorized": Meaning(ScopeMissing, NARROWED),
    "scope_permission_missed": Meaning(ScopeMissing, NARROWED),
    "invalid_params": Meaning(Final),
    "invalid_param": Meaning(Final),
    "invalid_file_upload": Meaning(Final),
    "rate_limit_exceeded": Meaning(Throttled),
    "internal_error": Meaning(PlatformDown),
}

_POSTING: dict[str, Meaning] = {
    "spam_risk_user_banned_from_posting": Meaning(AccountHeld, RESTRICTED),
    "spam_risk_too_many_posts": Meaning(Throttled),
    "spam_risk_too_many_pending_share": Meaning(Throttled),
    "reached_active_user_cap": Meaning(Throttled),
    "app_version_check_failed": Meaning(Final),
    "unaudited_client_can_only_post_to_private_accounts": Meaning(Final),
    "url_ownership_unverified": Meaning(Final),
    "privacy_level_option_mismatch": Meaning(Final),
    "invalid_publish_id": Meaning(Final),
    "token_not_authorized_for_specified_publish_id": Meaning(Final),
    "publish_not_cancellable": Meaning(Final),
}

CODES: Mapping[str, Meaning] = _OAUTH | _GENERAL | _POSTING

CAPS = frozenset({"spam_risk_too_many_posts", "reached_active_user_cap"})
"""Said by creator_info with HTTP 200: no more posts today. The scope was accepted: the link is well."""

DAILY = CAPS | {"spam_risk_too_many_pending_share"}
"""Caps of 24 hours: their room comes back much later than that of calls in a minute."""

FAIL_REASONS: Mapping[str, Blame] = {
    "file_format_check_failed": Blame.CONTENT,
    "duration_check_failed": Blame.CONTENT,
    "frame_rate_check_failed": Blame.CONTENT,
    "picture_size_check_failed": Blame.CONTENT,
    "spam_risk_text": Blame.CONTENT,
    "spam_risk": Blame.CONTENT,
    "spam_risk_too_many_posts": Blame.LIMIT,
    "spam_risk_user_banned_from_posting": Blame.AUTHORIZATION,
    "auth_removed": Blame.AUTHORIZATION,
    "internal": Blame.PLATFORM,
    "video_pull_failed": Blame.PLATFORM,
    "photo_pull_failed": Blame.PLATFORM,
    "publish_cancelled": Blame.PLATFORM,
}
"""`fail_reason` of status/fetch and of post.publish.failed (ST)."""

BLAMES: Mapping[str, Blame] = {
    **FAIL_REASONS,
    **dict.fromkeys(DAILY | {"rate_limit_exceeded"}, Blame.LIMIT),
    **dict.fromkeys(
        (
            "access_token_invalid",
            "scope_not_authorized",
            "scope_permission_missed",
            "invalid_grant",
            "app_version_check_failed",  # the owner's TikTok is too old for photo drafts
        ),
        Blame.AUTHORIZATION,
    ),
    **dict.fromkeys(
        (
            "invalid_param",
            "invalid_params",
            "invalid_file_upload",
            "privacy_level_option_mismatch",
            "unaudited_client_can_only_post_to_private_accounts",
            "media_too_short",
        ),
        Blame.CONTENT,
    ),
}
"""Whose matter a code is when it ends a delivery; what is in no table is the platform's."""
