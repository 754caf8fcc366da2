"""Slack tells of an alert that it has. Who posted it has noted where, or died in between; or another did, too."""

from slack_sdk.errors import SlackApiError

from bot.ids import METADATA_POSTED, read_alert
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.workspaces import GONE, is_org
from core.usecases.posted_alerts import Sighting, note

_DONE = GONE | {"message_not_found", "channel_not_found", "cant_delete_message", "is_archived"}
"""It is gone, or nobody can take it back; nor can we, where the workspace has us no longer."""


def register(table: Table) -> None:
    """Listen to what our own messages carry. Slack repeats what we didn't manage."""
    table.durable(METADATA_POSTED, posted)


async def posted(request: Request) -> None:
    """Note where an alert stands; take it back where it stands elsewhere already."""
    after = read_alert(request.event.get("metadata"))
    channel, ts = str(request.event.get("channel_id") or ""), str(request.event.get("message_ts") or "")
    if not (after and channel and ts and _is_ours(request)):
        return
    seen = Sighting(workspace=request.workspace, channel=channel, ts=ts, after=after)
    if not await note(request.desk.work, request.desk.clock, seen):
        await _take_back(request, channel, ts)
    request.desk.wake()


def _is_ours(request: Request) -> bool:
    """True for a message of this app in this workspace (or in one of this org): any app may call metadata as we do."""
    app, team = request.event.get("app_id"), request.event.get("team_id")
    is_here = team == request.workspace or is_org(request.workspace)
    return bool(app) and app == request.body.get("api_app_id") and is_here


async def _take_back(request: Request, channel: str, ts: str) -> None:
    try:
        await request.slack.chat_delete(channel=channel, ts=ts)
    except SlackApiError as error:
        if error.response.get("error") not in _DONE:
            raise
