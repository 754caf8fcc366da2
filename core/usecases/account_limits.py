"""What a client's accounts themselves allow at the moment, as far as their connections have told."""

from collections.abc import Mapping

from core.domain.account import Platform
from core.domain.limits import AccountLimits
from core.domain.observation import Capability
from core.usecases.status import ClientStatus, ConnectionStatus


def account_limits(client: ClientStatus) -> Mapping[str, AccountLimits]:
    """Return the limits by platform, for `Preflight.of(accounts=…)` and `Wish.accounts`.

    What an account said of itself is as old as its last proof; a posting screen asks anew first (TikTok's rule).
    """
    return {
        str(platform): _limits(half, client)
        for platform, half in client.connections.items()
        if half is not None and half.connection.account is not None
    }


def _limits(half: ConnectionStatus, client: ClientStatus) -> AccountLimits:
    account = half.connection.account
    assert account is not None
    details = account.details
    options, seconds = details.get("privacy_options"), details.get("max_video_seconds", "")
    return AccountLimits(
        handle=account.handle or half.expected or account.name,
        seen_at=half.connection.sides.proved_at or client.at,
        max_duration=int(seconds) if seconds.isdecimal() else None,
        privacy_options=tuple(options.split(",")) if options else None,
        blocked=half.verdict.capabilities.get(Capability.PUBLISH),
        business=_business(half.connection.platform, details),
    )


def _business(platform: Platform, details: Mapping[str, str]) -> bool | None:
    """Instagram says what kind of account it is; TikTok doesn't."""
    kind = details.get("account_type")
    return None if platform is not Platform.INSTAGRAM or kind is None else kind == "business"
