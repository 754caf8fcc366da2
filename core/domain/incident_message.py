"""Where in Slack an incident is shown, so that it is kept up to date there instead of told again."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """What kind of place shows an incident."""

    CHANNEL = "channel"
    ONCALL = "oncall"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that Slack has: where, since when, and which version of an incident it shows (0 for unknown)."""

    channel: str
    ts: str
    shown: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMessage:
    """One incident in one place: `target` is the channel or user to post to. Several incidents may share a message.

    `channel` and `ts` are Slack's name of the message once it was posted ("" before). `shown` is the version of
    the incident that it shows. `instead_of` is the channel that didn't take the message, where a person was told
    for that reason. `refused` is Slack's code where this place takes none from us.
    """

    id: str
    workspace: str
    incident_id: str
    kind: Place
    target: str
    instead_of: str = ""
    channel: str = ""
    ts: str = ""
    shown: int = 0
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    refused: str = ""

    @property
    def is_posted(self) -> bool:
        """True where Slack has this message, as far as we know."""
        return bool(self.ts)

    def edited(self, *, shown: int, at: datetime) -> "IncidentMessage":
        """Return the message once Slack shows a newer version of its incident."""
        return replace(self, shown=shown, edited_at=at)

    def lost(self) -> "IncidentMessage":
        """Return the message that somebody deleted in Slack: it is to be posted anew."""
        return replace(self, channel="", ts="", shown=0)

    def undeliverable(self, code: str) -> "IncidentMessage":
        """Return the message of a place that takes none from us."""
        return replace(self, refused=code)
