"""chat.*: messages of the app."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.api.conversations import find_channel, write_into
from sandbox.slack.api.dispatch import Method
from sandbox.slack.messages import Message
from sandbox.slack.posting import check_content, put, tell_of_metadata
from sandbox.slack.wire import Answer, Call, RefusedError
from sandbox.slack.workspace import Channel

UPDATE_CHARACTERS = 4000


async def post_message(call: Call) -> Answer:
    channel = write_into(call, call.need("channel"))
    content = check_content(call.state, _content(call))
    if wait := call.state.limits.post(channel.id):
        raise RefusedError("ratelimited", retry_after=wait)
    message = put(call.state, call.caller, channel.id, {**content, **_thread(call, channel)})
    tell_of_metadata(call.state, call.caller, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.body}


async def post_ephemeral(call: Call) -> Answer:
    channel = write_into(call, call.need("channel"))
    user = call.need("user")
    if user not in call.state.workspace.people:
        raise RefusedError("user_not_found")
    if user not in channel.members:
        raise RefusedError("user_not_in_channel")
    content = check_content(call.state, _content(call))
    content |= _thread(call, channel)
    return {"message_ts": put(call.state, call.caller, channel.id, content, only_for=user).ts}


async def update(call: Call) -> Answer:
    message = _own_message(call, "cant_update_message")
    given = {name: value for name, value in _content(call).items() if value is not None}
    if len(str(given.get("text", ""))) > UPDATE_CHARACTERS:
        raise RefusedError("msg_too_long")
    kept: dict[str, Any] = {
        name: message.body[name] for name in ("text", "blocks", "attachments") if name in message.body
    }
    content = check_content(call.state, {**kept, **given})
    if "text" in given and given["text"] != message.body.get("text"):
        content["edited"] = {"user": call.caller.bot_user, "ts": call.state.messages.stamp()}
    call.state.messages.change(message, content)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.body.get("text", ""),
        "message": message.body,
    }


async def delete(call: Call) -> Answer:
    message = _own_message(call, "cant_delete_message")
    call.state.messages.remove(message)
    return {"channel": message.channel, "ts": message.ts}


async def get_permalink(call: Call) -> Answer:
    channel = find_channel(call, call.need("channel"))
    ts = call.need("message_ts")
    found = call.state.messages.find(channel.id, ts)
    if found is None or found.is_ephemeral:
        raise RefusedError("message_not_found")
    domain = call.state.workspace.teams[call.caller.team].domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def _content(call: Call) -> dict[str, Any]:
    text = call.given.get("text")
    return {
        "text": None if text is None else str(text),
        "blocks": call.structure("blocks", "invalid_blocks_format"),
        "attachments": call.structure("attachments", "invalid_attachments"),
        "metadata": call.structure("metadata", "invalid_metadata_format"),
    }


def _thread(call: Call, channel: Channel) -> Mapping[str, Any]:
    ts = call.text("thread_ts")
    if not ts:
        return {}
    parent = call.state.messages.find(channel.id, ts)
    if parent is None or parent.is_ephemeral:
        raise RefusedError("cannot_reply_to_message")
    broadcast = {"subtype": "thread_broadcast"} if call.flag("reply_broadcast") else {}
    return {"thread_ts": parent.body.get("thread_ts", ts), **broadcast}


def _own_message(call: Call, otherwise: str) -> Message:
    channel = write_into(call, call.need("channel"), by_id=True)
    message = call.state.messages.find(channel.id, call.need("ts"))
    # An ephemeral message has no place in history: to the Web API it doesn't exist.
    if message is None or message.is_ephemeral:
        raise RefusedError("message_not_found")
    if message.body.get("bot_id") != call.caller.bot_id:
        raise RefusedError(otherwise)
    return message


METHODS = (
    Method("chat.postMessage", post_message, "chat:write", "No unfurling, no username or icon overrides."),
    Method("chat.postEphemeral", post_ephemeral, "chat:write", "Delivered, or lost by switch."),
    Method("chat.update", update, "chat:write", "Blocks that are not given stay, as documented."),
    Method("chat.delete", delete, "chat:write"),
    Method("chat.getPermalink", get_permalink),
)
