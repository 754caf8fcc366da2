"""A TikTok account as somebody who may post: what a posting screen has to ask about before it is shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.account import CAPPED
from core.domain.connection import Connection
from core.domain.own_limits import own_limits

CREATOR_FRESH = timedelta(minutes=5)
"""How long what a creator may do is believed while people compose or decide (content-sharing guidelines: at render)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """What TikTok said of an account at `seen_at`. `options` are the audiences it offers, in its order.

    `name` is the nickname that has to be shown; `max_seconds` the longest film, None where it isn't said. `is_capped`:
    TikTok takes no more posts from it for now; the rest is what it said before.
    """

    handle: str
    name: str
    seen_at: datetime
    options: tuple[str, ...] = ()
    may_comment: bool = False
    may_duet: bool = False
    may_stitch: bool = False
    max_seconds: int | None = None
    is_capped: bool = False

    def is_fresh(self, at: datetime) -> bool:
        """True where it was said lately enough to offer it to people."""
        return at - self.seen_at <= CREATOR_FRESH

    def has_no_room(self, publish_at: datetime | None) -> bool:
        """True where a posting screen has to stop: no post is taken now, and this one leaves now.

        One for later may find room again. Where TikTok has never said what it offers, nothing can be chosen for it.
        """
        leaves_now = publish_at is None or publish_at <= self.seen_at
        return self.is_capped and (leaves_now or not self.options)


def creator_of(connection: Connection, at: datetime) -> Creator | None:
    """Return what is known of a TikTok connection's creator; None where TikTok has not told who may see its posts."""
    account, limits = connection.account, own_limits(connection, at)
    if account is None or limits is None:
        return None
    details, is_capped = account.details, account.details.get(CAPPED) == "yes"
    if not (limits.privacy_options or is_capped):
        return None
    return Creator(
        handle=limits.handle,
        name=account.name or limits.handle,
        seen_at=limits.seen_at,
        options=limits.privacy_options or (),
        may_comment=details.get("comment_disabled") == "no",
        may_duet=details.get("duet_disabled") == "no",
        may_stitch=details.get("stitch_disabled") == "no",
        max_seconds=limits.max_duration,
        is_capped=is_capped,
    )
