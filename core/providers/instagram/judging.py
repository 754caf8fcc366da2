"""What a refused token means: withdrawn, or only run out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from core.domain.credentials import Credentials
from core.domain.errors import GrantLost
from core.ports import Clock
from core.providers.instagram.codes import RAN_OUT

LEEWAY = timedelta(minutes=2)
"""A token this near its end may already have ended by Instagram's clock."""


@contextmanager
def judging(credentials: Credentials, clock: Clock) -> Iterator[None]:
    """A refused token means a withdrawn grant only if the token had not run out anyway."""
    try:
        yield
    except GrantLost as lost:
        if clock.now() < credentials.access_expires_at - LEEWAY:
            raise
        raise GrantLost(lost.code, RAN_OUT, log_id=lost.log_id) from None
