"""What an account said of itself when it last answered, as limits for its posts."""

from datetime import datetime

from core.domain.connection import Connection
from core.domain.limits import AccountLimits
from core.domain.observation import Capability


def own_limits(connection: Connection, at: datetime) -> AccountLimits | None:
    """Return what this connection's account allows at `at`; None where no account was ever linked.

    The details are those that the adapters write down at each proof (`Account.details`).
    """
    account = connection.account
    if account is None:
        return None
    details, privacy = account.details, account.details.get("privacy_options", "")
    return AccountLimits(
        handle=account.handle or account.id,
        seen_at=connection.sides.proved_at or connection.created_at,
        max_duration=_number(details.get("max_video_seconds")),
        privacy_options=tuple(privacy.split(",")) if privacy else None,
        quota_left=_number(details.get("quota_left")),
        quota_total=_number(details.get("quota_total")),
        blocked=connection.verdict(at).capabilities[Capability.PUBLISH],
        business=details["account_type"] == "business" if "account_type" in details else None,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
