"""What the tests of alerting do with an agency: links break, time passes, and what came of it is read."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core.domain.alerts import AlertPolicy, Rhythm
from core.domain.connection import Connection
from core.domain.fact import FactKind
from core.domain.incident import Incident
from core.domain.symptom import Condition
from tests.builders import a_notice
from tests.unit.usecases.agency import Agency

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
QUIETLY = AlertPolicy(digest=Rhythm.NEVER)


async def broken(agency: Agency, **client: Any) -> Connection:
    """A client whose TikTok app was removed by its owner, as a webhook says."""
    connection = await agency.linked(await agency.client(**{"alerts": QUIETLY} | client))
    assert connection.account is not None
    await agency.notices.receive(a_notice(account_ids=connection.account.known_as(), at=agency.clock.now()))
    await agency.notices.handle_due(agency.clock.now())
    await agency.alerting.attend_due()
    return agency.now(connection)


async def watched(agency: Agency, **changes: Any) -> Connection:
    """A linked client whose alarm is set."""
    connection = await agency.linked(await agency.client(**{"alerts": QUIETLY} | changes))
    async with agency.work.writing() as unit:
        await unit.alarms.wake(connection.workspace, connection.client_id, agency.clock.now())
        await unit.commit()
    await agency.alerting.attend_due()
    return connection


async def pass_time(agency: Agency, **parts: float) -> int:
    agency.clock.turn(**parts)
    return await agency.alerting.attend_due()


def incidents(agency: Agency, *, condition: Condition = Condition.BROKEN) -> Sequence[Incident]:
    return [each for each in agency.work.rows.incidents.values() if each.condition is condition]


def course(agency: Agency) -> list[str]:
    return [each["change"] for each in agency.facts(FactKind.INCIDENT_CHANGED)]


def places(agency: Agency) -> list[tuple[str, str]]:
    return [(each.kind, each.target) for each in agency.work.rows.incident_messages.values()]
