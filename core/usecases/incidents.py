"""What people do about incidents: take care of one, put it off, see what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.alert_plan import ChangeKind
from core.domain.alerts import Snooze, snooze_until
from core.domain.client import Person
from core.domain.incident import Incident, IncidentStep
from core.domain.refusals import Refusal
from core.ports import Clock, UnitOfWork, Work
from core.usecases.alerting import write_change
from core.usecases.record import in_turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An incident after somebody answered it. `is_new` is False where it had been answered so already."""

    incident: Incident
    is_new: bool


class Incidents:
    """Answers incidents. Anybody of the agency's own workspace may: whoever sees the alert is close enough."""

    def __init__(self, *, work: Work, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def open_in(self, workspace: str) -> Sequence[Incident]:
        """Return a workspace's open incidents, oldest first."""
        async with self._work.reading() as unit:
            return await unit.incidents.open_of_workspace(workspace)

    async def of_client(
        self, workspace: str, client_id: str, *, closed_since: datetime
    ) -> tuple[Sequence[Incident], Sequence[Incident]]:
        """Return a client's open incidents, and those that closed since a moment."""
        async with self._work.reading() as unit:
            opened = await unit.incidents.open_of_client(workspace, client_id)
            return opened, await unit.incidents.closed_since(workspace, client_id, closed_since)

    async def acknowledge(self, person: Person, incident_id: str) -> Answered:
        """Write that somebody takes care of it, so that nobody else is rung; a second press changes nothing.

        Raises Refusal `outsider`, `incident_gone` or `incident_over`.
        """

        async def change(unit: UnitOfWork) -> Answered:
            now = self._clock.now()
            incident = await self._open(unit, person, incident_id)
            if incident.step is IncidentStep.ACKNOWLEDGED:
                return Answered(incident=incident, is_new=False)
            answered = incident.acknowledged(person.user, now)
            return await self._answered(unit, ChangeKind.ACKNOWLEDGED, answered, now)

        return await in_turn(self._work, change)

    async def snooze(self, person: Person, incident_id: str, choice: Snooze) -> Answered:
        """Put it off: until then only its end, or a worse reason, is told.

        Raises Refusal `outsider`, `incident_gone`, `incident_over`, or `snooze_too_late` where less than a day is left.
        """

        async def change(unit: UnitOfWork) -> Answered:
            now = self._clock.now()
            incident = await self._open(unit, person, incident_id)
            client = await unit.clients.get(person.workspace, incident.client_id)
            until = snooze_until(choice, now, client.time_zone, incident.act_by) if client else None
            if until is None:
                raise Refusal("snooze_too_late")
            return await self._answered(
                unit, ChangeKind.SNOOZED, incident.snoozed(person.user, now, until), now
            )

        return await in_turn(self._work, change)

    async def _answered(
        self, unit: UnitOfWork, kind: ChangeKind, incident: Incident, now: datetime
    ) -> Answered:
        saved = await write_change(unit, kind, incident, now, by=incident.answered_by)
        await unit.alarms.wake(saved.workspace, saved.client_id, now)
        return Answered(incident=saved, is_new=True)

    @staticmethod
    async def _open(unit: UnitOfWork, person: Person, incident_id: str) -> Incident:
        if person.is_outsider:
            raise Refusal("outsider")
        incident = await unit.incidents.get(person.workspace, incident_id)
        if incident is None:
            raise Refusal("incident_gone")
        if not incident.is_open:
            raise Refusal("incident_over")
        return incident
