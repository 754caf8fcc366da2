"""What every way of sending a message shares: checking its content, and giving it Slack's shape."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.app import APP_ID, Installation
from sandbox.slack.blockkit import MESSAGE_CHARACTERS, message_characters, problems_of_blocks
from sandbox.slack.messages import Message
from sandbox.slack.schema import Problem
from sandbox.slack.state import State
from sandbox.slack.wire import RefusedError, invalid
from sandbox.slack.workspace import EPOCH

TEXT_CHARACTERS = 40_000
ATTACHMENTS = 100
METADATA_SCOPE = "metadata.message:read"
LATE_SECONDS = 600.0
METADATA_FIELDS = frozenset({"event_type", "event_payload", "entities"})


def check_content(state: State, content: Mapping[str, Any]) -> dict[str, Any]:
    """The text, blocks, attachments and metadata of a message as Slack would keep them.

    Raises RefusedError with Slack's own code for whatever it would not take.
    """
    kept: dict[str, Any] = {"text": str(content.get("text") or "")[:TEXT_CHARACTERS]}
    blocks, attachments = content.get("blocks"), content.get("attachments")
    if blocks is not None:
        check_blocks(state, blocks)
        kept["blocks"] = blocks
    if attachments is not None:
        _check_attachments(attachments)
        kept["attachments"] = attachments
    if content.get("metadata") is not None:
        kept["metadata"] = _check_metadata(content["metadata"])
    if not (kept["text"] or blocks or attachments):
        raise RefusedError("no_text")
    return kept


def check_blocks(state: State, blocks: Any) -> None:
    """Raises `invalid_blocks_format`, `invalid_blocks` or `msg_blocks_too_long`."""
    if not isinstance(blocks, list):
        raise RefusedError("invalid_blocks_format")
    if problems := problems_of_blocks(blocks, "message"):
        raise invalid("invalid_blocks", problems)
    if state.switches["message_ceiling"] == "on" and message_characters(blocks) > MESSAGE_CHARACTERS:
        raise RefusedError("msg_blocks_too_long")


def bot_message(state: State, by: Installation, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with everything that says which app wrote it."""
    profile = {
        "id": by.bot_id,
        "app_id": APP_ID,
        "user_id": by.bot_user,
        "name": state.app.name,
        "icons": {},
        "deleted": False,
        "updated": EPOCH,
        "team_id": by.team,
    }
    return {
        "user": by.bot_user,
        "bot_id": by.bot_id,
        "app_id": APP_ID,
        "team": by.team,
        "bot_profile": profile,
        **content,
    }


def put(
    state: State, by: Installation, channel: str, content: Mapping[str, Any], *, only_for: str = ""
) -> Message:
    """Keep a message of the app; by switch one for a single person is answered for and never seen."""
    message = state.messages.add(channel, bot_message(state, by, content), only_for=only_for, team=by.team)
    if only_for and state.switches["ephemerals"] == "lost":
        state.messages.remove(message)
    return message


def tell_of_metadata(state: State, by: Installation, message: Message) -> None:
    """Tell the app what its own new message carries, where it may read that and wants to hear of it."""
    metadata, when = message.body.get("metadata"), state.switches["metadata_events"]
    may_hear = METADATA_SCOPE in by.scopes and when != "lost"
    if not (metadata and may_hear and state.app.hears_metadata(metadata["event_type"])):
        return
    event = {
        "type": "message_metadata_posted",
        "app_id": APP_ID,
        "bot_id": by.bot_id,
        "user_id": by.bot_user,
        "team_id": by.team,
        "channel_id": message.channel,
        "metadata": metadata,
        "message_ts": message.ts,
        "event_ts": message.ts,
    }
    state.events.publish(event, by, later=LATE_SECONDS if when == "late" else 0)


def _check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise RefusedError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise RefusedError("too_many_attachments")
    problems: list[Problem] = []
    for index, attachment in enumerate(attachments):
        if "blocks" in attachment:
            problems += problems_of_blocks(attachment["blocks"], "message", at=f"/attachments/{index}/blocks")
    if problems:
        raise invalid("invalid_attachments", problems)


def _check_metadata(metadata: Any) -> dict[str, Any]:
    fits = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not fits or not isinstance(metadata.get("event_payload"), dict) or set(metadata) - METADATA_FIELDS:
        raise RefusedError("invalid_metadata_format")
    return dict(metadata)
