"""Unlinking on both sides: shown first, done after a yes, finished when it is proved."""

from bot.ids import Action, ConnectionValue, UnlinkValue
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.unlink_view import unlink_message, unlinking_message
from core.domain.account import Platform


def register(table: Table) -> None:
    """Listen to the command and the three buttons."""
    table.command("unlink", by_command)
    table.action(Action.UNLINK_OPEN, by_button)
    table.action(Action.UNLINK_CONFIRM, confirmed)
    table.action(Action.UNLINK_FINISH, finish)
    table.link(Action.UNLINK_OPEN_PLATFORM)


async def by_command(request: Request) -> None:
    """`/crosslink unlink [platform] [client]`"""
    wish = target(request.text)
    client = await request.desk.clients.find(request.workspace, name=wish.name, channel=request.channel)
    await show(request, client.id, wish.platform)


async def by_button(request: Request) -> None:
    """Unlink…"""
    wish = request.read(UnlinkValue)
    await show(request, wish.client, wish.platforms[0] if len(wish.platforms) == 1 else None)


async def show(request: Request, client_id: str, platform: Platform | None) -> None:
    """Say what unlinking will do, with the button that does it."""
    plan = await request.desk.unlinking.plan(request.person, client_id, platform)
    await request.say(unlink_message(plan))


async def confirmed(request: Request) -> None:
    """The yes: let go, and say what is left to do."""
    wish, desk = request.read(UnlinkValue), request.desk
    plan = await desk.unlinking.plan(request.person, wish.client, None)
    connections = await desk.unlinking.ask(request.person, wish.client, wish.platforms)
    desk.wake()
    await request.answer(unlinking_message(plan.client, connections, plan.manage_url))


async def finish(request: Request) -> None:
    """A person removed the app at the platform: look whether it is gone."""
    wish, desk = request.read(ConnectionValue), request.desk
    connection = await desk.unlinking.prove(request.person, wish.connection)
    desk.wake()
    row = await desk.status.of_client(request.workspace, connection.client_id)
    half = row.connections.get(connection.platform)
    urls = {connection.platform: half.traits.manage_url} if half else {}
    await request.answer(unlinking_message(row.client, [connection], urls))
