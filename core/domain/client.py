"""A brand that the agency works for, the people around it, and what its link is for."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.account import Platform
from core.domain.alerts import AlertPolicy
from core.domain.observation import Capability


class Intent(StrEnum):
    """What a client's link is for."""

    PROFILE = "profile"
    CROSSPOST = "crosspost"
    BOTH = "both"


GROUP_PREFIX = "S"
"""User group ids begin with it, people's with U or W (Slack's own formats). A group is mentioned, not written to."""

_IDENTIFY = frozenset({Capability.IDENTIFY})
_PUBLISH = frozenset({Capability.IDENTIFY, Capability.PUBLISH_DRAFT, Capability.PUBLISH})


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, in the workspace they act in. `home` is the workspace they belong to (Slack Connect)."""

    user: str
    workspace: str
    home: str
    is_admin: bool = False

    @property
    def is_outsider(self) -> bool:
        """True for somebody from another workspace in a shared channel."""
        return self.home != self.workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """Who decides for a manager who is away, until a moment."""

    manager: str
    user: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPolicy:
    """Whose yes a post needs, and how long it is waited for.

    `needed` is how many have to approve, 0 for all managers. `outsiders` are people of other workspaces who may
    decide. People are reminded every `remind_hours`, 0 for never; a request nobody settles ends after `expire_hours`.
    """

    needed: int = 1
    self_approval: bool = False
    outsiders: tuple[str, ...] = ()
    remind_hours: int = 24
    expire_hours: int = 72
    substitutes: tuple[Substitute, ...] = ()

    def replaced_by(self, user: str, at: datetime) -> frozenset[str]:
        """Return the managers whose substitute this person is at a moment."""
        return frozenset(each.manager for each in self.away(at) if each.user == user)

    def away(self, at: datetime) -> tuple[Substitute, ...]:
        """Return who decides for whom at a moment."""
        return tuple(each for each in self.substitutes if at < each.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client of the agency. One client owns one channel of the workspace.

    `oncall` holds user ids and user group ids. `expected` holds the handles people named beforehand.
    `time_zone` is an IANA name.
    """

    id: str
    workspace: str
    name: str
    channel: str
    intent: Intent
    created_at: datetime
    managers: tuple[str, ...] = ()
    oncall: tuple[str, ...] = ()
    expected: dict[Platform, str] = field(default_factory=dict)
    policy: ApprovalPolicy = field(default_factory=ApprovalPolicy)
    alerts: AlertPolicy = field(default_factory=AlertPolicy)
    time_zone: str = "UTC"
    version: int = 0

    def needs(self) -> frozenset[Capability]:
        """What each connection of this client must be able to do, by its intent."""
        return _IDENTIFY if self.intent is Intent.PROFILE else _PUBLISH

    @property
    def shows_profile_link(self) -> bool:
        """True where the visible link in the profile is part of what the client wants."""
        return self.intent is not Intent.CROSSPOST

    def may_change(self, person: Person) -> bool:
        """Settings, unlinking and adopting are for the workspace's admins and the client's managers."""
        if person.workspace != self.workspace or person.is_outsider:
            return False
        return person.is_admin or person.user in self.managers
