"""The steps of a delivery, where each may lead, and what a platform gives and says on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

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

    def at(self, step: DeliveryStep) -> "Ticket":
        """Return what of it is of use at a step: no secret address where nothing is uploaded any more."""
        is_useful = self.upload is None or step in BEFORE_ASKED or step is DeliveryStep.ASKED
        return self if is_useful else replace(self, upload=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a delivery waits or ended: what kind of reason, the platform's code, what its support asks for."""

    blame: Blame
    code: str
    log_id: str = ""


_ROADS = {
    "queued": "queued prepared uploaded refused cancelled missed",
    "prepared": "queued uploaded refused cancelled missed",
    "uploaded": "queued asked refused cancelled missed",
    "asked": "queued uploaded published refused uncertain",
    "uncertain": "published refused",
    "published": "",
    "refused": "queued",
    "cancelled": "",
    "missed": "queued cancelled",
}
LAWFUL: Mapping[DeliveryStep, frozenset[DeliveryStep]] = {
    DeliveryStep(step): frozenset(map(DeliveryStep, ways.split())) for step, ways in _ROADS.items()
}
"""From where a delivery may go where. Back from ASKED only where the act certainly has not happened."""
