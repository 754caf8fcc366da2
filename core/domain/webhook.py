"""What a platform sent us, verified, before anybody acted on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.account import Platform


class NoticeKind(StrEnum):
    """What a platform's message says, in our words."""

    GRANT_REMOVED = "grant_removed"
    DELETION_ASKED = "deletion_asked"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One verified message. `id` is derived from its content, so that a repeat has the same one.

    `account_ids` are the ids it names the account by; `at` is the time the platform states. `reference` is the
    code that we answered with, where the platform expects one.
    """

    id: str
    platform: Platform
    kind: NoticeKind
    account_ids: frozenset[str]
    at: datetime
    received_at: datetime
    code: str = ""
    reference: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    handled_at: datetime | None = None
