"""Where in Slack a post is shown, so that its message follows what becomes of it."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMessage:
    """One post in one place: `target` is the channel or user to post to.

    `channel` and `ts` are Slack's name of the message once it was posted ("" before). `shown` names what it shows: a
    digest of its blocks, so that the same is not sent twice. `refused` is Slack's code where this place takes none.
    """

    id: str
    workspace: str
    post_id: str
    target: str
    channel: str = ""
    ts: str = ""
    shown: str = ""
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    refused: str = ""
    version: int = 0

    def posted(self, channel: str, ts: str, *, shown: str, at: datetime) -> "PostMessage":
        """Return the message once Slack has it."""
        return replace(self, channel=channel, ts=ts, shown=shown, posted_at=at, edited_at=None)

    def edited(self, *, shown: str, at: datetime) -> "PostMessage":
        """Return the message once Slack shows something newer."""
        return replace(self, shown=shown, edited_at=at)
