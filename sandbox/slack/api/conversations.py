"""conversations.*: which channels there are and who is in them. No history: the app has no scope for it."""

from typing import Any

from sandbox.slack.api.dispatch import Method, need_scope
from sandbox.slack.wire import Answer, Call, RefusedError
from sandbox.slack.workspace import Channel, channel_json

PAGE = 100


def find_channel(call: Call, named: str) -> Channel:
    """A channel that the app may know of: open ones of its team, and those that it is in."""
    channel = call.state.workspace.channels.get(named)
    if channel is None or call.caller.team not in channel.teams:
        raise RefusedError("channel_not_found")
    hidden = channel.private or channel.is_im
    if hidden and call.caller.bot_user not in channel.members:
        raise RefusedError("channel_not_found")
    return channel


def write_into(call: Call, named: str, *, by_id: bool = False) -> Channel:
    """A channel that the app may write to; a person's id is their direct message, a name only when allowed."""
    workspace, by = call.state.workspace, call.caller
    if not by_id and named in workspace.people:
        return _direct_message(call, named)
    if not by_id:
        bare = named.removeprefix("#")
        named = next(
            (one.id for one in workspace.channels.values() if one.name == bare and not one.is_im), named
        )
    channel = find_channel(call, named)
    if channel.archived:
        raise RefusedError("is_archived")
    if by.bot_user not in channel.members:
        raise RefusedError("not_in_channel")
    return channel


def _direct_message(call: Call, user: str) -> Channel:
    person = call.state.workspace.people[user]
    if person.is_bot:
        raise RefusedError("cannot_dm_bot")
    if person.team != call.caller.team:
        raise RefusedError("channel_not_found")
    if person.deleted:
        raise RefusedError("user_disabled")
    if not call.state.app.messages_tab:
        raise RefusedError("messages_tab_disabled")
    return call.state.workspace.open_direct_message(call.caller.bot_user, person)


def _read_scope(call: Call, channel: Channel) -> None:
    if channel.is_im:
        need_scope(call.caller, "im:read", "im:write")
    else:
        need_scope(call.caller, "groups:read" if channel.private else "channels:read")


async def info(call: Call) -> Answer:
    channel = find_channel(call, call.need("channel"))
    _read_scope(call, channel)
    return {"channel": channel_json(channel, call.caller.bot_user)}


async def members(call: Call) -> Answer:
    channel = find_channel(call, call.need("channel"))
    _read_scope(call, channel)
    found, cursor = paged(call, channel.members)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


async def listing(call: Call) -> Answer:
    types = set(call.text("types", "public_channel").split(","))
    for kind, scope in (
        ("public_channel", "channels:read"),
        ("private_channel", "groups:read"),
        ("im", "im:read"),
    ):
        if kind in types:
            need_scope(call.caller, scope)
    leave_out = call.flag("exclude_archived")
    found = [
        channel_json(channel, call.caller.bot_user)
        for channel in call.state.workspace.channels.values()
        if _kind(channel) in types and _known(call, channel) and not (leave_out and channel.archived)
    ]
    page, cursor = paged(call, found)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


async def open_(call: Call) -> Answer:
    if call.text("channel"):
        channel = find_channel(call, call.text("channel"))
    else:
        users = [user for user in call.need("users").split(",") if user]
        if len(users) > 1:
            raise RefusedError("missing_scope", needed="mpim:write", provided=",".join(call.caller.scopes))
        if users[0] not in call.state.workspace.people:
            raise RefusedError("user_not_found")
        channel = _direct_message(call, users[0])
    shown = channel_json(channel, call.caller.bot_user) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown}


async def join(call: Call) -> Answer:
    channel = find_channel(call, call.need("channel"))
    if channel.is_im or channel.private:
        raise RefusedError("method_not_supported_for_channel_type")
    if channel.archived:
        raise RefusedError("is_archived")
    if call.caller.bot_user not in channel.members:
        channel.members.append(call.caller.bot_user)
        call.state.feed.tell("channel", channel=channel.id)
    return {"channel": channel_json(channel, call.caller.bot_user)}


def paged(call: Call, rows: list[Any]) -> tuple[list[Any], str]:
    """One page and the cursor of the next, "" at the end."""
    limit = min(max(1, call.number("limit", PAGE)), 1000)
    cursor = call.text("cursor", "0")
    if not cursor.isdecimal():
        raise RefusedError("invalid_cursor")
    start = int(cursor)
    return rows[start : start + limit], str(start + limit) if start + limit < len(rows) else ""


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.private else "public_channel"


def _known(call: Call, channel: Channel) -> bool:
    hidden = channel.private or channel.is_im
    return call.caller.team in channel.teams and (not hidden or call.caller.bot_user in channel.members)


METHODS = (
    Method("conversations.info", info, notes="Needs channels:read, groups:read or im:read by kind."),
    Method("conversations.list", listing, notes="Cursors are numbers here; treat them as opaque."),
    Method("conversations.members", members),
    Method("conversations.open", open_, "im:write", "Direct messages with one person only.", "partial"),
    Method("conversations.join", join, "channels:join"),
)
