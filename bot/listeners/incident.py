"""Answering an alert: somebody takes care of it, or puts it off."""

from bot.ids import Action, IncidentValue, SnoozeValue
from bot.listeners import sentences
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.views.text import mention
from core.usecases.incidents import Answered


def register(table: Table) -> None:
    """Listen to the button and the menu."""
    table.action(Action.INCIDENT_ACKNOWLEDGE, acknowledge)
    table.action(Action.INCIDENT_SNOOZE, snooze)


async def acknowledge(request: Request) -> None:
    """Acknowledge."""
    wish = request.read(IncidentValue)
    await _answered(request, await request.desk.incidents.acknowledge(request.person, wish.incident))


async def snooze(request: Request) -> None:
    """One of the snoozes."""
    wish = request.read(SnoozeValue)
    await _answered(request, await request.desk.incidents.snooze(request.person, wish.incident, wish.until))


async def _answered(request: Request, answered: Answered) -> None:
    """The message itself shows the answer; only who came second is told so."""
    request.desk.wake()
    if not answered.is_new:
        by = mention([answered.incident.answered_by])
        await request.say(sentences.told(f"{by} has already acknowledged this one."))
