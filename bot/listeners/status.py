"""Seeing whether links work: the command, turning pages, looking now, sharing, and the menu of a client."""

from collections.abc import Sequence

from bot.ids import Action, ClientValue, ConnectionValue, More, MoreValue, PageValue
from bot.listeners import diagnose, history, settings, unlink
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.status_view import shared_status, status_message
from core.usecases.status import ClientStatus

EVERY = "all"


def register(table: Table) -> None:
    """Listen to the command and to the buttons of a status."""
    table.command("status", by_command)
    table.action(Action.STATUS_PAGE, turn)
    table.action(Action.STATUS_BACK, turn)
    table.action(Action.STATUS_CHECK, check)
    table.action(Action.STATUS_SHARE, share)
    table.action(Action.STATUS_MORE, more)
    table.link(Action.PROFILE_OPEN)


async def by_command(request: Request) -> None:
    """`/crosslink status [client|all]`: this channel's client, else all."""
    await request.say(status_message(await _rows(request)))


async def _rows(request: Request) -> Sequence[ClientStatus]:
    desk, workspace, name = request.desk, request.workspace, target(request.text).name
    if name is not None and name.casefold() != EVERY:
        client = await desk.clients.find(workspace, name=name, channel=request.channel)
        return [await desk.status.of_client(workspace, client.id)]
    here = None if name else await desk.status.of_channel(workspace, request.channel)
    return [here] if here else await desk.status.of_workspace(workspace)


async def turn(request: Request) -> None:
    """Another page of a long list."""
    wish = request.read(PageValue)
    rows = await request.desk.status.of_workspace(request.workspace)
    await request.answer(status_message(rows, page=wish.page))


async def check(request: Request) -> None:
    """Look at the platform now."""
    wish = request.read(ConnectionValue)
    connection = await request.desk.watching.look(request.workspace, wish.connection)
    request.desk.wake()
    row = await request.desk.status.of_client(request.workspace, connection.client_id)
    await request.answer(status_message([row]))


async def share(request: Request) -> None:
    """Show a client's status to the whole channel."""
    wish = request.read(ClientValue)
    row = await request.desk.status.of_client(request.workspace, wish.client)
    await request.tell(request.channel or row.client.channel, shared_status(row, request.person.user))


async def more(request: Request) -> None:
    """What a client's menu offers."""
    wish = request.read(MoreValue)
    match wish.act:
        case More.DIAGNOSE:
            await diagnose.show(request, wish.connection or "")
        case More.UNLINK:
            await unlink.show(request, wish.client, None)
        case More.HISTORY:
            await history.show(request, wish.client)
        case More.SETTINGS:
            await settings.show(request, wish.client)
