"""Submitting and closing modals, and what the bot's answer does to them."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.blockkit import all_blocks, problems_of_view
from sandbox.slack.bot import Ack
from sandbox.slack.people.clicks import Clicks
from sandbox.slack.people.payload import NOT_ASKED, common, outcome, team_part
from sandbox.slack.people.sight import app_behind, view_of
from sandbox.slack.people.surfaces import shown
from sandbox.slack.people.values import refusals, values_of
from sandbox.slack.state import State
from sandbox.slack.windows import View
from sandbox.slack.workspace import Person

TROUBLE = "We had some trouble connecting. Try again?"


class Modals:
    def __init__(self, state: State, clicks: Clicks) -> None:
        self._state = state
        self._clicks = clicks

    async def submit(self, person: Person, view_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Fill in and submit the topmost modal.

        `errors` (a sentence per block id) says why the form stayed open: Slack's client missed something, then
        `asked` is false and the bot knows nothing; or the bot answered so. `error` is Slack's word for a bot
        that failed; the modal stays open then too.
        """
        view = view_of(self._state, person, view_id)
        self._clicks.enter(view, given)
        values = values_of(view.body["blocks"], view.entered)
        if missed := refusals(view.body["blocks"], values):
            return NOT_ASKED | {"errors": missed}
        by = app_behind(self._state, view.installation.team)
        self._hand_files(values, by.team)
        payload = {
            **common(self._state, "view_submission", person, by.team),
            "team": team_part(self._state, person.team),
            "trigger_id": self._state.tickets.trigger(person.id, by.team, view=view.id),
            "view": shown(view),
            "response_urls": self._response_urls(view, person, values),
        }
        ack = await self._state.bot.interaction(payload)
        told = outcome(ack)
        if "error" in told:
            return told | {"shown": TROUBLE}
        return told | self._react(view, ack)

    def _hand_files(self, values: Mapping[str, Any], team: str) -> None:
        for inputs in values.values():
            for entered in inputs.values():
                for shape in entered.get("files") or ():
                    self._state.files.kept[shape["id"]].handed_to.add(team)

    async def close(self, person: Person, view_id: str, *, everything: bool = False) -> dict[str, Any]:
        """Cancel the topmost modal, or with `everything` the whole stack; tells the bot where it asked for it."""
        view = view_of(self._state, person, view_id)
        cleared = everything or bool(view.body["clear_on_close"])
        told = dict(NOT_ASKED)
        for closed in self._state.windows.close(view, everything=cleared):
            if closed.body["notify_on_close"]:
                told = await self._tell_closed(person, closed, cleared=cleared)
        return told

    async def _tell_closed(self, person: Person, view: View, *, cleared: bool) -> dict[str, Any]:
        by = app_behind(self._state, view.installation.team)
        payload = {
            **common(self._state, "view_closed", person, by.team),
            "team": team_part(self._state, person.team),
            "view": shown(view),
            "is_cleared": cleared,
        }
        return outcome(await self._state.bot.interaction(payload))

    def _react(self, view: View, ack: Ack) -> dict[str, Any]:
        """Do what `response_action` says; an answer that Slack can't follow is trouble to the person."""
        answer = ack.body if isinstance(ack.body, dict) else {}
        match answer.get("response_action"):
            case None:
                self._state.windows.close(view)
                return {}
            case "clear":
                self._state.windows.close(view, everything=True)
                return {}
            case "errors":
                return _field_errors(view, answer.get("errors"))
            case "update" | "push" as action:
                return self._show(view, str(action), answer.get("view"))
            case other:
                return _trouble([f"unknown response_action: {other}"])

    def _show(self, view: View, action: str, body: Any) -> dict[str, Any]:
        if problems := problems_of_view(body):
            return _trouble([str(problem) for problem in problems])
        if action == "update":
            self._state.windows.update(view, body)
        elif self._state.windows.push(view, body) is None:
            return _trouble(["push_limit_reached"])
        return {}

    def _response_urls(self, view: View, person: Person, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One response URL per channel that was chosen where the app asked for one."""
        urls = []
        for block in all_blocks(view.body["blocks"]):
            element = block.get("element") or {}
            if not element.get("response_url_enabled"):
                continue
            state = values[block["block_id"]][element["action_id"]]
            channel = state.get("selected_conversation") or state.get("selected_channel")
            if channel:
                hook = self._state.tickets.hook("app", view.installation.team, channel, person.id)
                urls.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel,
                        "response_url": self._state.world.base_url + hook.path,
                    }
                )
        return urls


def _field_errors(view: View, errors: Any) -> dict[str, Any]:
    known = {
        block.get("block_id") for block in all_blocks(view.body["blocks"]) if block.get("type") == "input"
    }
    if not isinstance(errors, dict) or not errors or set(errors) - known:
        return _trouble(["errors must name input blocks of this view"])
    if not all(isinstance(sentence, str) and sentence for sentence in errors.values()):
        return _trouble(["errors must be texts"])
    return {"errors": errors}


def _trouble(problems: list[str]) -> dict[str, Any]:
    return {"error": "invalid_response", "problems": problems, "shown": TROUBLE}
