"""Pressing, choosing and typing in what messages, modals and App Home show."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.blockkit import problems_of_blocks
from sandbox.slack.people.payload import NOT_ASKED, common, outcome
from sandbox.slack.people.sight import Pressed, element_in
from sandbox.slack.people.surfaces import surface_of
from sandbox.slack.people.values import FIELD, Entering, options_of
from sandbox.slack.schema import Problem
from sandbox.slack.state import State
from sandbox.slack.windows import View
from sandbox.slack.workspace import Person, UnknownError

MIN_QUERY = 3
"""Characters before Slack asks for options, unless the select says otherwise."""


class Clicks:
    def __init__(self, state: State) -> None:
        self._state = state
        self._entering = Entering(state.workspace, self._file)

    async def press(self, person: Person, where: Mapping[str, Any], given: Any = None) -> dict[str, Any]:
        """Use one element. `where` has channel and ts, or view_id; action_id, block_id when that is not enough.

        `given` is what was chosen or typed. A url button answers its `url`, for the browser to open.
        """
        surface = surface_of(self._state, person, where)
        pressed = element_in(surface.blocks, *_named(where), person)
        done = self._action(pressed, given, surface.entered)
        if done is None:
            return dict(NOT_ASKED)
        payload = common(self._state, "block_actions", person, surface.by.team) | surface.acting()
        ack = await self._state.bot.interaction(payload | {"actions": [done]})
        url = pressed.element.get("url")
        return outcome(ack, **({"url": url} if url else {}))

    def enter(self, view: View, given: Mapping[str, Any]) -> None:
        """Type into a view: `given` by block id, as scripts or the page send it."""
        for block_id, states in self._entering.states(view.body["blocks"], given).items():
            view.entered.setdefault(block_id, {}).update(states)

    async def options(self, person: Person, where: Mapping[str, Any], typed: str) -> dict[str, Any]:
        """Type into a select with options from outside: the bot's options, checked."""
        surface = surface_of(self._state, person, where)
        pressed = element_in(surface.blocks, *_named(where), person)
        if len(typed) < pressed.element.get("min_query_length", MIN_QUERY):
            return {**NOT_ASKED, "options": []}
        payload = common(self._state, "block_suggestion", person, surface.by.team) | surface.suggesting()
        names = {"action_id": pressed.element["action_id"], "block_id": pressed.block["block_id"]}
        ack = await self._state.bot.interaction({**payload, **names, "value": typed})
        told = outcome(ack)
        if "error" in told:
            return told
        if problems := _bad_options(ack.body):
            return told | {"error": "invalid_options", "problems": [str(one) for one in problems]}
        return told | {name: ack.body[name] for name in ("options", "option_groups") if name in ack.body}

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


def _named(where: Mapping[str, Any]) -> tuple[str, str]:
    return str(where.get("action_id") or ""), str(where.get("block_id") or "")


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
