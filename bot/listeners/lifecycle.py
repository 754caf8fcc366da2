"""The end of a workspace: done before the ack, so that Slack repeats it where we couldn't."""

from bot.listeners.request import Request
from bot.listeners.table import Table


def register(table: Table) -> None:
    """Listen to the app being uninstalled and its tokens being revoked."""
    table.durable("app_uninstalled", ended)
    table.durable("tokens_revoked", revoked)


async def ended(request: Request) -> None:
    """Forget the workspace's tokens and let its accounts go."""
    await request.desk.workspaces.end(request.workspace)
    request.desk.forget(request.workspace)
    request.desk.wake()


async def revoked(request: Request) -> None:
    """Without the bot's own token there is nothing left to act with; people's tokens are none of ours."""
    if (request.event.get("tokens") or {}).get("bot"):
        await ended(request)
