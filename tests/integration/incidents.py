"""Incidents as alerting opens and changes them, and what of them is seen in the emulated Slack."""

from dataclasses import replace
from datetime import timedelta

from core.domain.alert_plan import ChangeKind
from core.domain.alerts import AlertPolicy, QuietHours, Rhythm
from core.domain.fact import FactKind
from core.domain.ids import new_id
from core.domain.incident_message import IncidentMessage, Place
from tests.builders import NOW, a_fact, an_incident
from tests.integration.stage import BAKERY, BROKEN, CHANNEL, TEAM

ALERTS, DAY = "C0ALERTS", timedelta(days=1)
ONCALL = replace(BAKERY, alerts=AlertPolicy(channel=ALERTS, digest=Rhythm.NEVER))
QUIET = replace(BAKERY, alerts=AlertPolicy(quiet=QuietHours(begins=NOW.time(), ends=NOW.time())))


async def opens(stage, client=BAKERY, connection=BROKEN, **changes):
    """An incident as alerting opens it, and its fact."""
    places = [(Place.CHANNEL, client.channel)]
    if client.alerts.channel:
        places.append((Place.ONCALL, client.alerts.channel))
    async with stage.work.writing() as unit:
        if await unit.clients.get(TEAM, client.id) is None:
            await unit.clients.save(client)
        if await unit.connections.get(TEAM, connection.id) is None:
            await unit.connections.save(connection)
        incident = await unit.incidents.save(an_incident(client, **{"subject": connection.id} | changes))
        for kind, target in places:
            message = IncidentMessage(
                id=new_id("im"), workspace=TEAM, incident_id=incident.id, kind=kind, target=target
            )
            await unit.incident_messages.add(message)
        await unit.commit()
    return incident


async def becomes(stage, incident):
    async with stage.work.writing() as unit:
        saved = await unit.incidents.save(incident)
        await unit.commit()
    return saved


async def rings(stage, incident, person="U0ONCALL"):
    """Those on call are rung directly: a row of their own, once, as alerting adds it."""
    async with stage.work.writing() as unit:
        saved = await unit.incidents.save(incident.rung(stage.clock.now()))
        row = IncidentMessage(
            id=new_id("im"), workspace=TEAM, incident_id=saved.id, kind=Place.PERSON, target=person
        )
        await unit.incident_messages.add(row)
        await unit.commit()
    await tell(stage, saved, ChangeKind.RUNG)
    return saved


def news(incident, kind=ChangeKind.OPENED, at=NOW):
    return a_fact(
        kind=FactKind.INCIDENT_CHANGED,
        at=at,
        subject=incident.id,
        client_id=incident.client_id,
        details={"change": kind, "by": incident.answered_by},
    )


async def tell(stage, incident, kind=ChangeKind.OPENED):
    await stage.messenger.tell(news(incident, kind, stage.clock.now()))


def top(stage, channel=CHANNEL):
    """What stands in a channel itself, without threads."""
    return [each["text"] for each in stage.seen(channel) if each.get("thread_ts") in {None, each["ts"]}]


def thread(stage, channel=CHANNEL):
    return [each["text"] for each in stage.seen(channel) if each.get("thread_ts") not in {None, each["ts"]}]
