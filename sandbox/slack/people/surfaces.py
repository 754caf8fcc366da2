"""Where a person acts: on a message or in a view, with what Slack tells the bot about either."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sandbox.slack.app import Installation
from sandbox.slack.messages import Message
from sandbox.slack.people.payload import channel_part, team_part
from sandbox.slack.people.sight import app_behind, blocks_of, channel_of, message_of, view_of
from sandbox.slack.people.values import Values, values_of
from sandbox.slack.state import State
from sandbox.slack.windows import View
from sandbox.slack.workspace import Channel, Person


@dataclass(frozen=True, slots=True)
class Surface:
    """`acting` and `suggesting` are the payload's parts for `block_actions` and `block_suggestion`."""

    by: Installation
    blocks: list[Any]
    entered: Values
    acting: Callable[[], dict[str, Any]]
    suggesting: Callable[[], dict[str, Any]]


def surface_of(state: State, person: Person, where: Mapping[str, Any]) -> Surface:
    """The view `view_id`, or the message `ts` of `channel`. Raises UnknownError when the person sees neither."""
    if where.get("view_id"):
        return _in_view(state, person, view_of(state, person, str(where["view_id"])))
    channel = channel_of(state, person, str(where.get("channel") or ""))
    return _on_message(state, person, channel, message_of(state, person, channel, str(where.get("ts") or "")))


def shown(view: View) -> dict[str, Any]:
    """The view with what the person has entered, else what the app proposed."""
    values = values_of(view.body["blocks"], view.entered)
    return {**deepcopy(view.body), "state": {"values": values}}


def _in_view(state: State, person: Person, view: View) -> Surface:
    by = app_behind(state, view.installation.team)
    container = {"type": "view", "view_id": view.id}

    def acting() -> dict[str, Any]:
        return {
            # In a modal a stranger is told by their own team; `app_installed_team_id` names ours.
            "team": team_part(state, person.team),
            "container": container,
            "trigger_id": state.tickets.trigger(person.id, by.team, view=view.id),
            "view": shown(view),
        }

    def suggesting() -> dict[str, Any]:
        return {"view": shown(view), "container": container}

    return Surface(by, view.body["blocks"], view.entered, acting, suggesting)


def _on_message(state: State, person: Person, channel: Channel, message: Message) -> Surface:
    by = app_behind(state, message.team) if message.team else app_behind(state, channel.team)
    blocks, entered = blocks_of(message), message.entered.setdefault(person.id, {})
    thread = message.body.get("thread_ts", "")
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.is_ephemeral,
        **({"thread_ts": thread} if thread else {}),
    }
    # Slack keeps no ephemeral message, so it can't send one along either.
    original = {} if message.is_ephemeral else {"message": message.body}

    def acting() -> dict[str, Any]:
        hook = state.tickets.hook(
            "actions", by.team, channel.id, person.id, original=message.ts, thread=thread
        )
        return {
            "container": container,
            "trigger_id": state.tickets.trigger(person.id, by.team, channel=channel.id),
            "channel": channel_part(channel),
            **original,
            "state": {"values": values_of(blocks, entered)},
            "response_url": state.world.base_url + hook.path,
        }

    def suggesting() -> dict[str, Any]:
        return {"container": container, "channel": channel_part(channel), **original}

    return Surface(by, blocks, entered, acting, suggesting)
