"""What a refused access token means: withdrawn, or only run out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from core.domain.credentials import Credentials
from core.domain.errors import GrantLost, Passing
from core.ports import Clock
from core.providers.tiktok.codes import RAN_OUT

LEEWAY = timedelta(minutes=2)
"""A token this near its end may already have ended by TikTok's clock."""


@contextmanager
def judging(credentials: Credentials, clock: Clock) -> Iterator[None]:
    """A refused token means a withdrawn grant only if the token had not run out anyway."""
    try:
        yield
    except GrantLost as lost:
        now = clock.now()
        if now < credentials.access_expires_at - LEEWAY:
            raise
        if _can_renew(credentials, now):
            raise Passing("access_token_expired", log_id=lost.log_id) from None
        raise GrantLost(lost.code, RAN_OUT, log_id=lost.log_id) from None


def _can_renew(credentials: Credentials, now: datetime) -> bool:
    if credentials.refresh is None:
        return False
    return credentials.refresh_expires_at is None or now < credentials.refresh_expires_at
