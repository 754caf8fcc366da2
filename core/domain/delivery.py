"""A delivery: one post on its way to one connection. Its steps are recovery points."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.account import Platform
from core.domain.post import Form
from core.domain.secret import Secret


class DeliveryStep(StrEnum):
    """How far a delivery has come; each is committed before the next act.

    Up to UPLOADED nothing is to be seen by anybody and everything may be repeated. ASKED is committed before the one
    call that can't be taken back. The last five are ends.
    """

    QUEUED = "queued"
    PREPARED = "prepared"
    UPLOADED = "uploaded"
    ASKED = "asked"
    PUBLISHED = "published"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    MISSED = "missed"


BEFORE_ASKED = frozenset({DeliveryStep.QUEUED, DeliveryStep.PREPARED, DeliveryStep.UPLOADED})
ENDS = frozenset(
    {DeliveryStep.PUBLISHED, DeliveryStep.REFUSED, DeliveryStep.CANCELLED, DeliveryStep.MISSED},
)
"""What nothing follows, but for a person's new wish. UNCERTAIN waits for a person."""


class Blame(StrEnum):
    """What a delivery waits for or was refused for, in the words people act by."""

    AUTHORIZATION = "authorization"
    CONTENT = "content"
    LIMIT = "limit"
    PLATFORM = "platform"


class Audience(StrEnum):
    """Who can see what was published, as the platform last said. PENDING: taken over, still in moderation."""

    NOBODY = "nobody"
    PENDING = "pending"
    PUBLIC = "public"
    PRIVATE = "private"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a platform gave us for one delivery, enough to go on after a crash.

    `reference` is the publish id or container, `parts` the containers of a carousel's items. `upload` is the secret
    address that takes the bytes until `upload_until`; `chunk` its agreed size. `sent` of `total` bytes are there.
    `is_ready`: nothing is missing for the last act.
    """

    reference: str = ""
    parts: tuple[str, ...] = ()
    upload: Secret | None = None
    upload_until: datetime | None = None
    chunk: int = 0
    sent: int = 0
    total: int = 0
    is_ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a delivery waits or ended: what kind of reason, the platform's code, what its support asks for."""

    blame: Blame
    code: str
    log_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One post to one connection. `digest` is the approved content; (digest, connection) is unique.

    `leave_at` is when it is to go out, `due_at` when a worker should act next (None: nobody need). `fence` grows
    with each claim and with each act of a person, and every write names it. `failures` counts tries in vain since
    the last progress, `looks` those after ASKED. `waits` is True where `obstacle` must be removed by a person first.
    `settled_by` is the person who said what became of an UNCERTAIN one, or who cancelled.
    """

    id: str
    workspace: str
    client_id: str
    post_id: str
    digest: str
    connection_id: str
    form: Form
    created_at: datetime
    leave_at: datetime
    due_at: datetime | None
    account_id: str = ""
    step: DeliveryStep = DeliveryStep.QUEUED
    stepped_at: datetime | None = None
    asked_at: datetime | None = None
    ticket: Ticket = field(default_factory=Ticket)
    obstacle: Obstacle | None = None
    waits: bool = False
    failures: int = 0
    looks: int = 0
    rounds: int = 0
    audience: Audience = Audience.NOBODY
    post_ids: tuple[str, ...] = ()
    permalink: str = ""
    settled_by: str = ""
    fence: int = 0
    version: int = 0

    @property
    def platform(self) -> Platform:
        """Where it goes."""
        return self.form.platform

    @property
    def may_be_cancelled(self) -> bool:
        """True until it was asked for."""
        return self.step in BEFORE_ASKED

    @property
    def is_over(self) -> bool:
        """True where nothing follows."""
        return self.step in ENDS
