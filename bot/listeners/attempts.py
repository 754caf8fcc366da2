"""From a link's result to what words need of it."""

from bot.views.words.outcome import Attempt
from core.usecases.arrival import LinkResult


def attempt(result: LinkResult, *, until: str = "") -> Attempt:
    """Return the attempt; `until` is how long a wrong account waits, in words."""
    account = result.account
    return Attempt(
        outcome=result.outcome,
        platform=result.platform,
        client=result.client.name,
        found=account.handle if account else None,
        name=account.name if account else None,
        expected=result.expected,
        missing=result.missing,
        until=until,
    )
