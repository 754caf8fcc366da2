"""News for people, written in the same transaction as the change it tells of (the outbox)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

URGENT = "urgent"
"""The detail of news that goes before other news: a link broke."""
YES = "yes"


class FactKind(StrEnum):
    """What happened, in the past tense."""

    CLIENT_SAVED = "client_saved"
    INVITATION_SETTLED = "invitation_settled"
    CONNECTION_MOVED = "connection_moved"
    UNLINK_ASKED = "unlink_asked"
    UNLINK_PROVED = "unlink_proved"
    INCIDENT_CHANGED = "incident_changed"
    DIGEST_DUE = "digest_due"
    POST_CHANGED = "post_changed"
    WORKSPACE_ENDED = "workspace_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened. `subject` is the id of the connection, incident, invitation, client or post it is about.

    `details` are short codes (an outcome, a state before and after); never a secret, never a sentence.
    """

    id: str
    kind: FactKind
    workspace: str
    at: datetime
    client_id: str = ""
    subject: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_urgent(self) -> bool:
        """True for news that goes before other news."""
        return self.details.get(URGENT) == YES
