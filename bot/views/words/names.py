"""What things are called."""

from collections.abc import Mapping

from core.domain.account import Platform
from core.domain.client import Intent
from core.domain.evidence import Source
from core.domain.observation import Capability
from core.domain.verdict import State

PLATFORM: Mapping[Platform, str] = {Platform.TIKTOK: "TikTok", Platform.INSTAGRAM: "Instagram"}

STATE: Mapping[State, str] = {
    State.PENDING: "Not linked yet",
    State.AUTHORIZED: "Linked",
    State.REFRESH_REQUIRED: "Linked for now",
    State.EXPIRED: "Expired",
    State.PARTIALLY_REVOKED: "Partly revoked",
    State.REVOKED: "Revoked",
    State.CLOSED: "Unlinked",
}

MARK: Mapping[State, str] = {
    State.PENDING: "⚪",
    State.AUTHORIZED: "🟢",
    State.REFRESH_REQUIRED: "🟡",
    State.EXPIRED: "🔴",
    State.PARTIALLY_REVOKED: "🔴",
    State.REVOKED: "⚪",
    State.CLOSED: "⚪",
}

CAPABILITY: Mapping[Capability, str] = {
    Capability.IDENTIFY: "Identify",
    Capability.PUBLISH_DRAFT: "Publish drafts",
    Capability.PUBLISH: "Publish",
}

COST: Mapping[Capability, str] = {
    Capability.IDENTIFY: "we can't see which account it is",
    Capability.PUBLISH_DRAFT: "we can't send drafts",
    Capability.PUBLISH: "we can't publish posts",
}
"""What it means for people that a capability is missing."""

INTENT: Mapping[Intent, str] = {
    Intent.PROFILE: "Profile link only",
    Intent.CROSSPOST: "Cross-posting only",
    Intent.BOTH: "Profile link and cross-posting",
}

SOURCE: Mapping[Source, str] = {
    Source.OAUTH: "sign-in page",
    Source.REFRESH: "renewal",
    Source.PROBE: "check",
    Source.WEBHOOK: "message from the platform",
    Source.PUBLISH: "post",
    Source.REVOKE: "unlink",
    Source.PERSON: "a person",
}


def other(platform: Platform) -> Platform:
    """The other half of a pair."""
    return Platform.INSTAGRAM if platform is Platform.TIKTOK else Platform.TIKTOK
