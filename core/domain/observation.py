"""What was seen of a connection's sides at one moment: the content of a piece of evidence."""

from dataclasses import dataclass, fields
from enum import StrEnum


class Credential(StrEnum):
    """Our side: what we hold."""

    NONE = "none"
    HELD = "held"
    EXPIRING = "expiring"
    EXPIRED = "expired"


class Grant(StrEnum):
    """The platform's side: what it says we were granted."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    NARROWED = "narrowed"
    WITHDRAWN = "withdrawn"


class Visible(StrEnum):
    """The link a visitor of the profile can see."""

    UNKNOWN = "unknown"
    SHOWN = "shown"
    HIDDEN = "hidden"


class Standing(StrEnum):
    """The account itself, as the platform treats it."""

    NORMAL = "normal"
    CHECKPOINT = "checkpoint"
    RESTRICTED = "restricted"
    CHANGED = "changed"


class Wanted(StrEnum):
    """What people want the connection to be."""

    LINKED = "linked"
    UNLINKED = "unlinked"


class Capability(StrEnum):
    """What a connection can be used for."""

    IDENTIFY = "identify"
    PUBLISH_DRAFT = "publish_draft"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The sides as seen at once. None means: this was not looked at, so nothing follows for that side."""

    credential: Credential | None = None
    grant: Grant | None = None
    visible: Visible | None = None
    account: Standing | None = None
    wanted: Wanted | None = None
    granted: frozenset[Capability] | None = None
    handle: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) is not None for each in fields(self))
