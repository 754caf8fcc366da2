"""What to do about a client's incidents now: a pure comparison of what is open with what is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.incident import Incident, IncidentOutcome, IncidentStep, begun
from core.domain.observation import Wanted
from core.domain.silence import Silence
from core.domain.symptom import Condition, Symptom, next_change, symptoms

COMPARE_AGAIN = timedelta(hours=1)
"""How soon it is asked again whether a silence that seems to be the platform's is a link's own."""


class ChangeKind(StrEnum):
    """What happened to an incident; the course of one is told in these words."""

    OPENED = "opened"
    CHANGED = "changed"
    WOKE = "woke"
    REMINDED = "reminded"
    RUNG = "rung"
    UPDATED = "updated"
    CLOSED = "closed"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One incident as it is from now on, and what that amounts to."""

    kind: ChangeKind
    incident: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A client at a moment: its connections, its open incidents, and the connections that posts are waiting for.

    `silences` says of platforms how many links they confirm.
    """

    client: Client
    connections: Sequence[Connection]
    incidents: Sequence[Incident]
    at: datetime
    awaited: frozenset[str] = frozenset()
    silences: Mapping[Platform, Silence] = field(default_factory=dict)

    def is_news(self, symptom: Symptom) -> bool:
        """True where people should hear of it now: a silence only where it is the link's own."""
        if symptom.condition is not Condition.UNPROVED:
            return True
        platform = next(each.platform for each in self.connections if each.id == symptom.subject)
        return self.silences.get(platform, Silence()).is_own(self.at - symptom.since)

    def may_ring(self, incident: Incident) -> bool:
        """True where people may be rung about it now: outside quiet hours, or where posts wait for what is broken."""
        policy, zone = self.client.alerts, self.client.time_zone
        return self._breaks_through(incident) or not policy.is_quiet(self.at, zone)

    def rings_at(self, incident: Incident) -> datetime | None:
        """Return when those on call are rung; None where they are not, or were."""
        if incident.step is not IncidentStep.OPEN or incident.ring_at is None:
            return None
        if self._breaks_through(incident):
            return incident.ring_at
        return self.client.alerts.ring_at(incident.ring_at, self.client.time_zone)

    def _breaks_through(self, incident: Incident) -> bool:
        return incident.condition is Condition.BROKEN and incident.subject in self.awaited


def plan(scene: Scene, name: Callable[[], str]) -> tuple[Change, ...]:
    """Return the changes to make, one at most per incident; `name` makes ids. Nothing is changed twice.

    Planned again on what came of it, a plan is empty, unless two things were due at once.
    """
    present = {each.key: each for each in symptoms(scene.client, scene.connections, scene.at)}
    known = {each.key: each for each in scene.incidents}
    over = [_closed(incident, scene, present) for key, incident in known.items() if key not in present]
    going_on = [
        change
        for key, incident in known.items()
        if key in present
        for change in _go_on(incident, present[key], scene)
    ]
    new = [
        Change(kind=ChangeKind.OPENED, incident=begun(name(), scene.client, symptom, scene.at))
        for key, symptom in present.items()
        if key not in known and scene.is_news(symptom)
    ]
    return (*over, *going_on, *new)


def next_look(scene: Scene) -> datetime | None:
    """Return when time alone may make the next plan; None where only news can."""
    moments = [next_change(scene.client, scene.connections, scene.at)]
    if unexplained(scene):
        moments.append(scene.at + COMPARE_AGAIN)
    for incident in scene.incidents:
        moments += [scene.rings_at(incident), incident.snoozed_until if _is_asleep(incident) else None]
    return min((each for each in moments if each is not None), default=None)


def unexplained(scene: Scene) -> frozenset[Platform]:
    """Return the platforms of links that are silent for days, where nobody has been told so far."""
    known = {each.subject for each in scene.incidents if each.condition is Condition.UNPROVED}
    found = symptoms(scene.client, scene.connections, scene.at)
    silent = {each.subject for each in found if each.condition is Condition.UNPROVED} - known
    return frozenset(each.platform for each in scene.connections if each.id in silent)


def _is_asleep(incident: Incident) -> bool:
    return incident.step is IncidentStep.SNOOZED


def _go_on(incident: Incident, symptom: Symptom, scene: Scene) -> Iterator[Change]:
    patience, at = scene.client.alerts.patience, scene.at
    again = incident.reopened(symptom, patience, at)
    rings_at = scene.rings_at(incident)
    is_over = incident.snoozed_until is not None and at >= incident.snoozed_until
    if symptom.reason != incident.reason:
        yield Change(kind=ChangeKind.CHANGED, incident=again)
    elif _is_asleep(incident) and is_over:
        yield Change(kind=ChangeKind.WOKE, incident=again)
    elif _is_nearer(incident, symptom) and not _is_asleep(incident):
        yield Change(kind=ChangeKind.REMINDED, incident=again)
    elif rings_at is not None and at >= rings_at:
        yield Change(kind=ChangeKind.RUNG, incident=incident.showing(symptom).rung(at))
    elif incident.showing(symptom) != incident:
        yield Change(kind=ChangeKind.UPDATED, incident=incident.showing(symptom))


def _is_nearer(incident: Incident, symptom: Symptom) -> bool:
    if symptom.threshold is None or incident.threshold is None:
        return False
    return symptom.threshold < incident.threshold


def _closed(incident: Incident, scene: Scene, present: dict[tuple[str, Condition], Symptom]) -> Change:
    outcome = _outcome(incident, scene, present)
    return Change(kind=ChangeKind.CLOSED, incident=incident.closed(outcome, scene.at))


def _outcome(
    incident: Incident, scene: Scene, present: dict[tuple[str, Condition], Symptom]
) -> IncidentOutcome:
    if incident.condition is Condition.ENDING and (incident.subject, Condition.BROKEN) in present:
        return IncidentOutcome.BROKE
    if incident.condition is Condition.UNPROVED and (incident.subject, Condition.BROKEN) in present:
        return IncidentOutcome.EXPLAINED
    concerned = [each.sides for each in scene.connections if incident.subject in {each.id, scene.client.id}]
    began = incident.opened_at
    wishes = {sides.wanted for sides in concerned if "wanted" in sides.seen and sides.seen["wanted"] > began}
    if Wanted.LINKED in wishes:
        return IncidentOutcome.RELINKED
    if any(sides.wanted is Wanted.UNLINKED for sides in concerned):
        return IncidentOutcome.UNLINKED
    return IncidentOutcome.RECOVERED
