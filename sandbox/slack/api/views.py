"""views.*: modals and App Home."""

import json
from typing import Any

from sandbox.slack.api.dispatch import Method
from sandbox.slack.blockkit import VIEW_BYTES, all_blocks, elements_of, problems_of_view
from sandbox.slack.people.surfaces import shown
from sandbox.slack.schema import Problem
from sandbox.slack.tickets import Trigger
from sandbox.slack.windows import View
from sandbox.slack.wire import Answer, Call, RefusedError, invalid


async def open_(call: Call) -> Answer:
    body = _view(call, "modal")
    trigger = _trigger(call)
    team = call.state.workspace.people[trigger.user].team
    made = call.state.windows.open(trigger.user, team, _placed(body, trigger.channel), call.caller)
    return _shown(made)


async def push(call: Call) -> Answer:
    body = _view(call, "modal")
    trigger = _trigger(call)
    over = call.state.windows.find(trigger.view)
    if over is None or over.is_home:
        raise RefusedError("not_found")
    made = call.state.windows.push(over, body)
    if made is None:
        raise RefusedError("push_limit_reached")
    return _shown(made)


async def update(call: Call) -> Answer:
    if not (call.text("view_id") or call.text("external_id")):
        raise invalid("invalid_arguments", ["missing required field: view_id"])
    found = call.state.windows.find(call.text("view_id"), call.text("external_id"))
    if found is None or found.installation is not call.caller:
        raise RefusedError("not_found")
    body = _view(call, found.body["type"], among=found)
    _same_hash(call, found)
    call.state.windows.update(found, body)
    return _shown(found)


async def publish(call: Call) -> Answer:
    user = call.need("user_id")
    person = call.state.workspace.people.get(user)
    if person is None or person.team != call.caller.team:
        raise RefusedError("user_not_found")
    if not call.state.app.home_tab:
        raise RefusedError("not_enabled")
    before = call.state.windows.homes.get((call.caller.team, user))
    body = _view(call, "home", among=before)
    if before is not None:
        _same_hash(call, before)
    return _shown(call.state.windows.publish(user, person.team, body, call.caller))


def _view(call: Call, kind: str, among: View | None = None) -> dict[str, Any]:
    """The given view, checked. Raises `invalid_arguments`, `view_too_large`, `duplicate_external_id`."""
    view = call.structure("view", "invalid_arguments")
    if view is None:
        raise invalid("invalid_arguments", ["missing required field: view"])
    if problems := problems_of_view(view):
        raise invalid("invalid_arguments", problems)
    if view["type"] != kind:
        raise invalid("invalid_arguments", [Problem("must be a valid enum value", "/view/type")])
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise RefusedError("view_too_large")
    twin = call.state.windows.find(external_id=view.get("external_id") or "")
    if twin is not None and twin is not among:
        raise RefusedError("duplicate_external_id")
    return dict(view)


def _placed(body: dict[str, Any], channel: str) -> dict[str, Any]:
    """The view with the conversation that the person came from chosen where the app asked for that."""
    for block in all_blocks(body["blocks"]) if channel else ():
        for _, element in elements_of(block):
            if isinstance(element, dict) and element.get("default_to_current_conversation") is True:
                many = str(element["type"]).startswith("multi_")
                element["initial_conversations" if many else "initial_conversation"] = (
                    [channel] if many else channel
                )
    return body


def _trigger(call: Call) -> Trigger:
    given = call.text("trigger_id")
    if not given:
        raise invalid("invalid_arguments", ["missing required field: trigger_id"])
    trigger = call.state.tickets.exchange(given)
    if isinstance(trigger, str):
        raise RefusedError(trigger)
    if trigger.team != call.caller.team:
        raise RefusedError("invalid_trigger_id")
    return trigger


def _same_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.body["hash"]:
        raise RefusedError("hash_conflict")


def _shown(view: View) -> Answer:
    return {"view": shown(view)}


METHODS = (
    Method("views.open", open_, notes="Trigger ids: three seconds of the turnable clock, one use."),
    Method("views.push", push, notes="At most three views on the stack."),
    Method("views.update", update, notes="What a person has typed is kept by the page, not here."),
    Method("views.publish", publish),
)
