"""Pressing, choosing and typing in what messages, modals and App Home show."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.app import Installation
from sandbox.slack.blockkit import problems_of_blocks
from sandbox.slack.people.payload import channel_part, common, outcome, team_part
from sandbox.slack.people.sight import (
    Pressed,
    app_behind,
    blocks_of,
    channel_of,
    element_in,
    message_of,
    view_of,
)
from sandbox.slack.people.values import FIELD, Entering, options_of, values_of
from sandbox.slack.schema import Problem
from sandbox.slack.state import State
from sandbox.slack.windows import View, with_state
from sandbox.slack.workspace import Person, UnknownError

ENTERED = {"status": 200, "ack_ms": 0.0, "ack": None, "asked": False}
"""For what changes only the person's own screen: Slack doesn't ask the bot."""

OPTIONS = 100


class Clicks:
    def __init__(self, state: State) -> None:
        self._state = state
        self._entering = Entering(state.workspace, self._file)

    async def press(self, person: Person, where: Mapping[str, Any], given: Any = None) -> dict[str, Any]:
        """Use one element. `where` has channel and ts, or view_id; action_id, block_id when action_id is not
        enough. `given` is what was chosen or typed. A url button answers its `url` for the browser to open.
        """
        action, block = str(where.get("action_id") or ""), str(where.get("block_id") or "")
        if where.get("view_id"):
            return await self._in_view(person, str(where["view_id"]), action, block, given)
        channel = channel_of(self._state, person, str(where.get("channel") or ""))
        message = message_of(self._state, person, channel, str(where.get("ts") or ""))
        pressed = element_in(blocks_of(message), action, block, person)
        entered = message.entered.setdefault(person.id, {})
        done = self._action(pressed, given, entered)
        if done is None:
            return dict(ENTERED)
        by = app_behind(self._state, message.team)
        container: dict[str, Any] = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.is_ephemeral,
        }
        thread = message.body.get("thread_ts", "")
        if thread:
            container["thread_ts"] = thread
        hook = self._state.tickets.hook(
            "actions", by.team, channel.id, person.id, original=message.ts, thread=thread
        )
        payload = {
            **common(self._state, "block_actions", person, by.team),
            "container": container,
            "trigger_id": self._state.tickets.trigger(person.id, by.team, channel=channel.id),
            "channel": channel_part(channel),
            # Slack keeps no ephemeral message, so it can't send one along either.
            **({} if message.is_ephemeral else {"message": message.body}),
            "state": {"values": values_of(blocks_of(message), entered)},
            "response_url": self._state.world.base_url + hook.path,
            "actions": [done],
        }
        return await self._send(payload, pressed)

    async def _in_view(
        self, person: Person, view_id: str, action: str, block: str, given: Any
    ) -> dict[str, Any]:
        view = view_of(self._state, person, view_id)
        pressed = element_in(view.body["blocks"], action, block, person)
        done = self._action(pressed, given, view.entered)
        if done is None:
            return dict(ENTERED)
        by = app_behind(self._state, view.installation.team)
        payload = {
            **common(self._state, "block_actions", person, by.team),
            "team": team_part(self._state, person.team),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._state.tickets.trigger(person.id, by.team, view=view.id),
            "view": self.shown(view),
            "actions": [done],
        }
        return await self._send(payload, pressed)

    def enter(self, view: View, given: Mapping[str, Any]) -> None:
        """Type into a view: `given` by block id, as scripts or the page send it."""
        for block_id, states in self._entering.states(view.body["blocks"], given).items():
            view.entered.setdefault(block_id, {}).update(states)

    def shown(self, view: View) -> dict[str, Any]:
        return with_state(view, values_of(view.body["blocks"], view.entered))

    async def options(self, person: Person, where: Mapping[str, Any], typed: str) -> dict[str, Any]:
        """Type into a select with options from outside: the bot's options, checked."""
        by, payload, pressed = self._suggestion(person, where)
        del by
        if len(typed) < pressed.element.get("min_query_length", 3):
            return {**ENTERED, "options": []}
        ack = await self._state.bot.interaction(payload | {"value": typed})
        told = outcome(ack)
        if "error" in told:
            return told
        if problems := _bad_options(ack.body):
            return told | {"error": "invalid_options", "problems": [str(one) for one in problems]}
        return told | {name: ack.body[name] for name in ("options", "option_groups") if name in ack.body}

    def _suggestion(
        self, person: Person, where: Mapping[str, Any]
    ) -> tuple[Installation, dict[str, Any], Pressed]:
        action, block = str(where.get("action_id") or ""), str(where.get("block_id") or "")
        surface: dict[str, Any]
        if where.get("view_id"):
            view = view_of(self._state, person, str(where["view_id"]))
            pressed = element_in(view.body["blocks"], action, block, person)
            by = app_behind(self._state, view.installation.team)
            surface = {"view": self.shown(view), "container": {"type": "view", "view_id": view.id}}
        else:
            channel = channel_of(self._state, person, str(where.get("channel") or ""))
            message = message_of(self._state, person, channel, str(where.get("ts") or ""))
            pressed = element_in(blocks_of(message), action, block, person)
            by = app_behind(self._state, message.team)
            container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
            surface = {"message": message.body, "channel": channel_part(channel), "container": container}
        named = {"action_id": action, "block_id": pressed.block["block_id"]}
        return by, {**common(self._state, "block_suggestion", person, by.team), **named, **surface}, pressed

    async def _send(self, payload: Mapping[str, Any], pressed: Pressed) -> dict[str, Any]:
        ack = await self._state.bot.interaction(payload)
        url = pressed.element.get("url")
        return outcome(ack, **({"url": url} if url else {}))

    def _action(self, pressed: Pressed, given: Any, entered: dict[str, Any]) -> dict[str, Any] | None:
        """The `actions` entry, and the state it leaves behind; None when Slack would not ask the bot."""
        element, block = pressed.element, pressed.block
        kind = str(element["type"])
        base = {
            "type": kind,
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self._state.messages.stamp(),
        }
        if kind in FIELD:
            state = self._entering.state(element, given)
            entered.setdefault(str(block["block_id"]), {})[str(element["action_id"])] = state
            if block["type"] == "input" and not block.get("dispatch_action"):
                return None
            return base | state
        if kind == "overflow":
            return base | {"selected_option": _chosen(element, given)}
        if kind in {"button", "icon_button"}:
            return base | {
                name: element[name] for name in ("text", "value", "url", "style") if name in element
            }
        if kind == "feedback_buttons":
            side = "negative_button" if given == "negative" else "positive_button"
            return base | {"text": element[side]["text"], "value": element[side]["value"]}
        raise UnknownError(f"A {kind} can't be pressed here.")

    def _file(self, ident: str) -> dict[str, Any] | None:
        file = self._state.files.kept.get(ident)
        return self._state.files.shape(file) if file else None


def _chosen(element: Mapping[str, Any], given: Any) -> Mapping[str, Any]:
    wanted = (
        given.get("value") or given.get("selected_option", {}).get("value")
        if isinstance(given, dict)
        else given
    )
    for option in options_of(element):
        if wanted in {option["value"], option["text"]["text"]}:
            return option
    known = ", ".join(option["value"] for option in options_of(element))
    raise UnknownError(f"There is no option {wanted!r}; there are {known}.")


def _bad_options(body: Any) -> list[Problem]:
    """Options are checked as those of a select are: at most a hundred, texts of 75 characters."""
    if not isinstance(body, dict) or not ({"options", "option_groups"} & set(body)):
        return [Problem("missing required field: options", "")]
    given = {name: body[name] for name in ("options", "option_groups") if body.get(name)}
    if not given:
        return []
    select = {"type": "static_select", "action_id": "probe", **given}
    probe = {"type": "actions", "elements": [select]}
    return [
        one
        for one in problems_of_blocks([probe], "message")
        if one.said != "failed to match all allowed schemas"
    ]
