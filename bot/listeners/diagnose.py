"""Finding out why a link is broken."""

from bot.ids import Action, ConnectionValue
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.diagnose_view import diagnose_message
from bot.views.status_view import status_message


def register(table: Table) -> None:
    """Listen to the command and the button."""
    table.command("diagnose", by_command)
    table.action(Action.STATUS_DIAGNOSE, by_button)


async def by_command(request: Request) -> None:
    """`/crosslink diagnose [platform] [client]`: each connection that exists, else how to begin."""
    wish, desk = target(request.text), request.desk
    client = await desk.clients.find(request.workspace, name=wish.name, channel=request.channel)
    row = await desk.status.of_client(request.workspace, client.id)
    known = [half for half in (row.connections.get(each) for each in wish.platforms) if half]
    if not known:
        await request.say(status_message([row]))
    for half in known:
        await show(request, half.connection.id)


async def by_button(request: Request) -> None:
    """Diagnose."""
    await show(request, request.read(ConnectionValue).connection)


async def show(request: Request, connection_id: str) -> None:
    """Answer the three questions about one connection."""
    desk, workspace = request.desk, request.workspace
    half = await desk.status.connection(workspace, connection_id)
    diagnosis = await desk.status.diagnose(workspace, connection_id)
    row = await desk.status.of_client(workspace, half.connection.client_id)
    await request.say(diagnose_message(row.client, half.connection, diagnosis, row.at))
