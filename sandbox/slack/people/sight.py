"""What a person can see and press: messages, views, and the elements in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.slack.app import Installation
from sandbox.slack.blockkit import all_blocks, elements_of
from sandbox.slack.messages import Message
from sandbox.slack.state import State
from sandbox.slack.windows import View
from sandbox.slack.workspace import Channel, Person, UnknownError


@dataclass(frozen=True, slots=True)
class Pressed:
    """An element and its block, on the surface that shows them."""

    element: Mapping[str, Any]
    block: Mapping[str, Any]


def channel_of(state: State, person: Person, named: str) -> Channel:
    """A channel that the person sees. Raises UnknownError."""
    channel = state.workspace.channel(named, seen_by=person)
    if not state.workspace.sees(person.id, channel):
        raise UnknownError(f"{person.name} doesn't see #{channel.name}.")
    return channel


def message_of(state: State, person: Person, channel: Channel, ts: str) -> Message:
    """A message that the person sees, ephemeral ones of others excluded. Raises UnknownError."""
    message = state.messages.find(channel.id, ts)
    if message is None or message.only_for not in {"", person.id}:
        raise UnknownError(f"{person.name} sees no message {ts} in #{channel.name}.")
    return message


def view_of(state: State, person: Person, view_id: str) -> View:
    """A view that the person has open: the topmost modal, or App Home. Raises UnknownError."""
    view = state.windows.find(view_id)
    if view is None or view.user != person.id:
        raise UnknownError(f"{person.name} has no view {view_id}.")
    stack = state.windows.stacks.get(person.id, [])
    if not view.is_home and (not stack or stack[-1] is not view):
        raise UnknownError("Another modal lies over that one.")
    return view


def element_in(blocks: Any, action_id: str, block_id: str, person: Person) -> Pressed:
    """The element that this person sees under that action id. Raises UnknownError."""
    there = []
    for block in all_blocks(blocks):
        for _, element in elements_of(block):
            there.append(str(element.get("action_id", "")))
            wanted = element.get("action_id") == action_id and block_id in {"", block.get("block_id")}
            only_for = element.get("visible_to_user_ids")
            if wanted and (not only_for or person.id in only_for):
                return Pressed(element, block)
    names = ", ".join(name for name in there if name) or "none"
    raise UnknownError(f"{person.name} sees nothing with action id {action_id!r}; there are {names}.")


def blocks_of(message: Message) -> list[Any]:
    """The blocks of a message with those of its attachments."""
    inner = [block for one in message.body.get("attachments") or [] for block in one.get("blocks") or []]
    return [*(message.body.get("blocks") or []), *inner]


def app_behind(state: State, team: str) -> Installation:
    """The living installation of that team. Raises UnknownError when it doesn't have the app."""
    installation = state.installations.get(team)
    if installation is None:
        raise UnknownError(f"The app isn't installed in {state.workspace.teams[team].name}.")
    return installation
