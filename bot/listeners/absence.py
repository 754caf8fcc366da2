"""Managers who are out of office: a modal that opens from the settings, and the button that ends it."""

import asyncio
from collections.abc import Mapping

from bot.ids import Action, AwayField, AwayValue, Callback, ClientValue
from bot.listeners.request import Request
from bot.listeners.settings import settings_of
from bot.listeners.table import Submission, Table
from bot.views.absence_view import (
    TITLE,
    absence_errors,
    absence_modal,
    absence_saved_modal,
    read_absence,
)
from bot.views.setup_view import loading_modal, saving_modal
from core.domain.errors import Trouble
from core.usecases.absences import check_absence

_AT_ONCE = 1.0
"""Seconds: Slack gives an ack three."""


def register(table: Table) -> None:
    """Listen to the buttons and the form."""
    table.action(Action.AWAY_OPEN, by_button)
    table.action(Action.AWAY_BACK, back)
    table.submission(Callback.AWAY, Submission(check=check, meanwhile=saving_modal(TITLE), work=save))


async def by_button(request: Request) -> None:
    """Out of Office."""
    wish = request.read(ClientValue)
    await request.show(loading_modal(TITLE))
    leave = await request.desk.absences.may_leave(request.person, wish.client)
    now = request.desk.clock.now()
    view = absence_modal(leave.client, request.person.user, now, of_others=leave.of_others)
    await request.show(view)


async def check(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    filled, now = read_absence(request.view), request.desk.clock.now()
    every = await request.desk.clients.every(request.workspace)
    client = next((each for each in every if each.id == filled.client), None)
    if client is None:
        return {}  # saving says so
    wrong = dict(check_absence(client, filled.chosen(request.person.user, client.time_zone), now))
    if await _is_stranger(request, filled.substitute):
        wrong.setdefault(AwayField.SUBSTITUTE, "substitute_outside")
    return absence_errors(wrong, client)


async def _is_stranger(request: Request, user: str) -> bool:
    """True where Slack says so at once: the ack doesn't wait for it, and saving asks anyway."""
    try:
        async with asyncio.timeout(_AT_ONCE):
            return not await request.desk.directory.is_colleague(request.workspace, user)
    except (Trouble, TimeoutError):
        return False


async def save(request: Request) -> None:
    """Save what was filled in, and say so in the same modal."""
    filled, absences = read_absence(request.view), request.desk.absences
    zone = (await absences.may_leave(request.person, filled.client)).client.time_zone
    chosen = filled.chosen(request.person.user, zone)
    client = await absences.away(
        request.person, filled.client, manager=chosen.manager, substitute=chosen.user, until=chosen.until
    )
    request.desk.wake()
    await request.show(absence_saved_modal(client, chosen))


async def back(request: Request) -> None:
    """I'm Back: the settings as they are then stand in the place of what was open."""
    wish = request.read(AwayValue)
    client = await request.desk.absences.back(request.person, wish.client, manager=wish.manager)
    request.desk.wake()
    await request.answer(settings_of(request, client))
