"""The course of an incident, kept for ever: when people were told, who answered and how, and how it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.alert_plan import ChangeKind
from core.domain.incident import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing that happened to an incident.

    `what` is a word of `ChangeKind`, `by` a Slack user id, or "" for the machine. `subject` is the connection's id, or
    the client's where it is about the pair. `since` is when the condition began, `until` the end of a snooze, `outcome`
    how it ended.
    """

    workspace: str
    client_id: str
    incident_id: str
    subject: str
    at: datetime
    what: str
    condition: str
    reason: str
    since: datetime
    by: str = ""
    until: datetime | None = None
    outcome: str = ""

    @property
    def lasted(self) -> timedelta:
        """How long the condition held by then."""
        return self.at - self.since


def turn_of(kind: ChangeKind, incident: Incident, *, at: datetime, by: str = "") -> Turn | None:
    """Return the turn of an incident that is as given afterwards; None for what people neither saw nor did."""
    if kind is ChangeKind.UPDATED:
        return None
    return Turn(
        workspace=incident.workspace,
        client_id=incident.client_id,
        incident_id=incident.id,
        subject=incident.subject,
        at=at,
        what=kind,
        condition=incident.condition,
        reason=incident.reason,
        since=incident.since,
        by=by,
        until=incident.snoozed_until if kind is ChangeKind.SNOOZED else None,
        outcome=incident.outcome or "",
    )
