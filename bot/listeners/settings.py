"""Reading a client's settings. Changing them is set-up."""

from bot.ids import Action, ClientValue
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.blocks import Message
from bot.views.settings_view import settings_message
from core.domain.client import Client


def register(table: Table) -> None:
    """Listen to the command and the button."""
    table.command("settings", by_command)
    table.action(Action.SETTINGS_OPEN, by_button)


async def by_command(request: Request) -> None:
    """`/crosslink settings [client]`"""
    name = target(request.text).name
    client = await request.desk.clients.find(request.workspace, name=name, channel=request.channel)
    await request.say(settings_of(request, client))


async def by_button(request: Request) -> None:
    """Show Settings."""
    await show(request, request.read(ClientValue).client)


async def show(request: Request, client_id: str) -> None:
    """Say what a client is set up with."""
    row = await request.desk.status.of_client(request.workspace, client_id)
    await request.say(settings_of(request, row.client))


def settings_of(request: Request, client: Client) -> Message:
    """Return a client's settings for whoever asks."""
    return settings_message(client, viewer=request.person.user, at=request.desk.clock.now())
