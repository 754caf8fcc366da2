"""Alerts by the clock and by news: each client looked at when its alarm says so, its incidents brought up to date."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from core.domain.alarm import Alarm
from core.domain.alert_plan import Change, ChangeKind, Scene, next_look, plan, unexplained
from core.domain.alerts import zone_of
from core.domain.client import GROUP_PREFIX, Client
from core.domain.connection import Connection
from core.domain.course import turn_of
from core.domain.fact import URGENT, YES, Fact, FactKind
from core.domain.ids import new_id
from core.domain.incident import Incident
from core.domain.incident_message import IncidentMessage, Place
from core.domain.refusals import Stale
from core.domain.silence import MOST
from core.domain.symptom import Condition
from core.ports import Clock, UnitOfWork, Work
from core.usecases.queue import awaited
from core.usecases.record import RETRY_AFTER, once, together

log = logging.getLogger(__name__)

BATCH = 100


class Alerting:
    """Opens, reminds of, rings for and closes incidents, and has digests told.

    Any number of processes may do so at once: whoever is second finds nothing left to change.
    """

    def __init__(self, *, work: Work, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def attend_due(self) -> int:
        """Look at a bounded batch of clients whose alarm has gone off; return how many.

        A client that cannot be looked at stops no other, and is looked at again after a while; the first such error is
        raised at the end.
        """
        async with self._work.reading() as unit:
            ringing = await unit.alarms.due(self._clock.now(), limit=BATCH)
        attended = [partial(self._attend, alarm) for alarm in ringing]
        failures, later = [], self._clock.now() + RETRY_AFTER
        for alarm, failed in zip(ringing, await together(self._work, attended), strict=True):
            if failed is not None:
                log.error(
                    "a client's alarm could not be attended", extra={"client": alarm.id}, exc_info=failed
                )
                failures.append(failed)
                with suppress(Stale):  # woken or attended meanwhile
                    await self._put_off(replace(alarm, due_at=later))
        if failures:
            raise failures[0]
        return len(ringing)

    async def _put_off(self, alarm: Alarm) -> None:
        await once(self._work, lambda unit: unit.alarms.save(alarm))

    async def _attend(self, rung: Alarm, unit: UnitOfWork) -> None:
        now = self._clock.now()
        alarm = await unit.alarms.get(rung.workspace, rung.id)
        client = await unit.clients.get(rung.workspace, rung.id)
        if alarm is None or client is None or alarm.due_at is None or alarm.due_at > now:
            return  # another process was as quick
        connections = await unit.connections.of_client(client.workspace, client.id)
        is_quiet_at_times = client.alerts.quiet is not None  # … unless posts wait
        scene = Scene(
            client=client,
            connections=connections,
            incidents=await unit.incidents.open_of_client(client.workspace, client.id),
            at=now,
            awaited=await awaited(unit, connections) if is_quiet_at_times else frozenset(),
        )
        silences = {each: await unit.connections.silence(each, most=MOST) for each in unexplained(scene)}
        scene = replace(scene, silences=silences)
        changes = plan(scene, lambda: new_id("ic"))
        for change in changes:
            await _apply(unit, client, change, now)
        digest_at = await _digest(unit, alarm, scene)
        left = {each.key: each for each in (*scene.incidents, *(change.incident for change in changes))}
        after = replace(scene, incidents=[each for each in left.values() if each.is_open])
        moments = [moment for moment in (next_look(after), digest_at) if moment is not None]
        await unit.alarms.save(replace(alarm, due_at=min(moments, default=None), digest_at=digest_at))


async def write_change(
    unit: UnitOfWork, kind: ChangeKind, incident: Incident, at: datetime, *, by: str = ""
) -> Incident:
    """Save an incident, and write the news of what happened to it and its history. Raises Stale."""
    saved = await unit.incidents.save(incident)
    if turn := turn_of(kind, saved, at=at, by=by):
        await unit.incidents.note(turn)
    await tell_change(unit, kind, saved, at, by=by)
    return saved


async def tell_change(
    unit: UnitOfWork, kind: ChangeKind, incident: Incident, at: datetime, *, by: str = ""
) -> None:
    """Write the news of what happened to an incident."""
    details: dict[str, str] = {"change": kind, "by": by, "condition": incident.condition}
    if kind is ChangeKind.OPENED and incident.condition is Condition.BROKEN:
        details[URGENT] = YES
    await unit.facts.add(
        Fact(
            id=new_id("fa"),
            kind=FactKind.INCIDENT_CHANGED,
            workspace=incident.workspace,
            at=at,
            client_id=incident.client_id,
            subject=incident.id,
            details=details,
        )
    )


async def rearm(unit: UnitOfWork, client: Client, at: datetime) -> None:
    """Have a client looked at anew, its next digest included, because what people want of alerts changed."""
    alarm = await unit.alarms.get(client.workspace, client.id)
    if alarm is None:
        await unit.alarms.wake(client.workspace, client.id, at)
    else:
        await unit.alarms.save(replace(alarm, due_at=at, digest_at=None))


async def _apply(unit: UnitOfWork, client: Client, change: Change, at: datetime) -> None:
    incident = await write_change(unit, change.kind, change.incident, at)
    for place, target in _places(client, change.kind):
        message = IncidentMessage(
            id=new_id("im"),
            workspace=client.workspace,
            incident_id=incident.id,
            kind=place,
            target=target,
        )
        await unit.incident_messages.add(message)


def _places(client: Client, kind: ChangeKind) -> Iterator[tuple[Place, str]]:
    """Where a change adds a message: at first the channels; once nobody answered, people, where no channel rings."""
    alerts = client.alerts
    if kind is ChangeKind.OPENED:
        yield Place.CHANNEL, client.channel
        if alerts.channel and alerts.channel != client.channel:
            yield Place.ONCALL, alerts.channel
    if kind is ChangeKind.RUNG and not alerts.channel:
        for user in client.oncall or client.managers:
            if not user.startswith(GROUP_PREFIX):
                yield Place.PERSON, user


async def _digest(unit: UnitOfWork, alarm: Alarm, scene: Scene) -> datetime | None:
    """Have a digest told where one is due; return when the next one is. However late, it is one and not several."""
    alerts, zone = scene.client.alerts, scene.client.time_zone
    due = alarm.digest_at or alerts.next_digest(scene.at, zone)
    if due is None or due > scene.at:
        return due
    if any(_is_worth_telling(each) for each in scene.connections):
        day = due.astimezone(zone_of(zone)).date()
        await unit.facts.add(
            Fact(
                id=f"fa_digest_{scene.client.id}_{day}",
                kind=FactKind.DIGEST_DUE,
                workspace=scene.client.workspace,
                at=scene.at,
                client_id=scene.client.id,
                subject=scene.client.id,
                details={"day": str(day), "rhythm": alerts.digest},
            )
        )
    return alerts.next_digest(scene.at, zone)


def _is_worth_telling(connection: Connection) -> bool:
    return connection.is_held
