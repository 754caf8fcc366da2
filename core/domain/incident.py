"""One open condition of one connection, or of a client's pair, as people deal with it; shown as one Slack message."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.client import Client
from core.domain.refusals import Unlawful
from core.domain.symptom import Condition, Symptom


class IncidentStep(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    CLOSED = "closed"


LAWFUL: dict[IncidentStep, frozenset[IncidentStep]] = {
    IncidentStep.OPEN: frozenset({IncidentStep.ACKNOWLEDGED, IncidentStep.SNOOZED, IncidentStep.CLOSED}),
    IncidentStep.ACKNOWLEDGED: frozenset({IncidentStep.OPEN, IncidentStep.SNOOZED, IncidentStep.CLOSED}),
    IncidentStep.SNOOZED: frozenset({IncidentStep.OPEN, IncidentStep.ACKNOWLEDGED, IncidentStep.CLOSED}),
    IncidentStep.CLOSED: frozenset(),
}
"""It closes by itself and never opens again: what comes back is another incident."""


class IncidentOutcome(StrEnum):
    """How an incident ended."""

    RELINKED = "relinked"
    RECOVERED = "recovered"
    UNLINKED = "unlinked"
    BROKE = "broke"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One condition from when it was noticed until it is over. At most one is open per subject and condition.

    `since` is when the condition began, `opened_at` when it became an incident. `answered_by` acknowledged or
    snoozed it at `answered_at`. `ring_at` is when those on call are rung unless somebody answers, quiet hours
    aside; `rung_at` when they were.
    """

    id: str
    workspace: str
    client_id: str
    subject: str
    condition: Condition
    reason: str
    since: datetime
    opened_at: datetime
    step: IncidentStep = IncidentStep.OPEN
    act_by: datetime | None = None
    threshold: int | None = None
    answered_by: str = ""
    answered_at: datetime | None = None
    snoozed_until: datetime | None = None
    ring_at: datetime | None = None
    rung_at: datetime | None = None
    outcome: IncidentOutcome | None = None
    closed_at: datetime | None = None
    version: int = 0

    @property
    def key(self) -> tuple[str, Condition]:
        """What makes a symptom this incident's."""
        return self.subject, self.condition

    @property
    def is_open(self) -> bool:
        """True until it closed, answered or not."""
        return self.step is not IncidentStep.CLOSED

    @property
    def lasted(self) -> timedelta:
        """How long the condition held, once it closed."""
        return (self.closed_at or self.since) - self.since

    def acknowledged(self, by: str, at: datetime) -> "Incident":
        """Return the incident once somebody takes care of it: nobody is rung any more."""
        moved = self._to(IncidentStep.ACKNOWLEDGED)
        return replace(moved, answered_by=by, answered_at=at, snoozed_until=None, ring_at=None)

    def snoozed(self, by: str, at: datetime, until: datetime) -> "Incident":
        """Return the incident put off by somebody: until then only its end is told. A longer snooze replaces one."""
        moved = self if self.step is IncidentStep.SNOOZED else self._to(IncidentStep.SNOOZED)
        return replace(moved, answered_by=by, answered_at=at, snoozed_until=until, ring_at=None)

    def reopened(self, symptom: Symptom, patience: timedelta | None, at: datetime) -> "Incident":
        """Return the incident that somebody must look at again; whoever answered did so about less."""
        moved = self if self.step is IncidentStep.OPEN else self._to(IncidentStep.OPEN)
        ring_at = _ring_at(symptom, patience, at)
        fresh = replace(moved, answered_by="", answered_at=None, snoozed_until=None, ring_at=ring_at)
        return fresh.showing(symptom)

    def rung(self, at: datetime) -> "Incident":
        """Return the incident once those on call are rung."""
        return replace(self, ring_at=None, rung_at=at)

    def showing(self, symptom: Symptom) -> "Incident":
        """Return the incident with its symptom as it is now."""
        return replace(
            self, reason=symptom.reason, act_by=symptom.act_by, threshold=symptom.threshold, since=self.since
        )

    def closed(self, outcome: IncidentOutcome, at: datetime) -> "Incident":
        """Return the incident once its condition is over."""
        return replace(self._to(IncidentStep.CLOSED), outcome=outcome, closed_at=at, ring_at=None)

    def _to(self, step: IncidentStep) -> "Incident":
        if step not in LAWFUL[self.step]:
            raise Unlawful(f"{self.step} -> {step}")
        return replace(self, step=step)


def begun(id_: str, client: Client, symptom: Symptom, at: datetime) -> Incident:
    """Return the new incident of a symptom."""
    return Incident(
        id=id_,
        workspace=client.workspace,
        client_id=client.id,
        subject=symptom.subject,
        condition=symptom.condition,
        reason=symptom.reason,
        since=symptom.since,
        opened_at=at,
        act_by=symptom.act_by,
        threshold=symptom.threshold,
        ring_at=_ring_at(symptom, client.alerts.patience, at),
    )


def _ring_at(symptom: Symptom, patience: timedelta | None, at: datetime) -> datetime | None:
    return at + patience if symptom.is_urgent and patience is not None else None
