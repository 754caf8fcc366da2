"""What happened to a client's links."""

from bot.ids import Action, ClientValue
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.history_view import SHOWN, history_message, known_from
from core.domain.account import Platform

EVERY = "all"
READ = SHOWN + 1
"""Whether there is more is shown, too."""


def register(table: Table) -> None:
    """Listen to the command and the button."""
    table.command("history", by_command)
    table.action(Action.HISTORY_OPEN, by_button)


async def by_command(request: Request) -> None:
    """`/crosslink history [platform] [client|all]`"""
    wish = target(request.text)
    if wish.name is not None and wish.name.casefold() == EVERY:
        await _everything(request, wish.platform)
        return
    client = await request.desk.clients.find(request.workspace, name=wish.name, channel=request.channel)
    await show(request, client.id, wish.platform)


async def by_button(request: Request) -> None:
    """Show History."""
    await show(request, request.read(ClientValue).client)


async def show(request: Request, client_id: str, platform: Platform | None = None) -> None:
    """Say what happened to one client, on one platform where named."""
    desk, workspace = request.desk, request.workspace
    row = await desk.status.of_client(workspace, client_id)
    events = await desk.history.of(workspace, client_id=client_id, platform=platform, limit=READ)
    await request.say(history_message(events, known_from([row]), client=row.client.name))


async def _everything(request: Request, platform: Platform | None) -> None:
    desk, workspace = request.desk, request.workspace
    events = await desk.history.of(workspace, client_id=None, platform=platform, limit=READ)
    await request.say(history_message(events, known_from(await desk.status.of_workspace(workspace))))
