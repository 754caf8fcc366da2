"""From Bolt to our listeners: ack first, then the work as a kept task, then an answer in sentences.

What is returned is the ack. So nothing here may take time before it returns: what takes time is spawned.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.listeners import sentences
from bot.listeners.desk import Desk
from bot.listeners.request import Hooks, Request
from bot.listeners.table import Listener, Table
from bot.slack.authorize import TEAMS
from bot.slack.errors import Errors
from bot.slack.tasks import Tasks
from bot.views.blocks import Message
from bot.workspaces import is_org
from core.domain.client import Person

_log = structlog.get_logger(__name__)
UNREADABLE = "This body can't be read."
BUSY = BoltResponse(status=503, body="Crosslink is busy. Please try again in a moment.")
_SPACE = re.compile(r"\s+")
_ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Answers every verified request: finds the listener in the table, by the kind and the id in the payload."""

    table: Table
    desk: Desk
    hooks: Hooks
    tasks: Tasks
    errors: Errors

    async def answer(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> BoltResponse:
        """Return the ack. What Slack may send beyond these kinds is taken, so that nobody sees a warning sign."""
        if "command" in body:
            return self._command(context, body)
        match body.get("type"):
            case "block_actions":
                return self._action(context, body)
            case "view_submission":
                return await self._submission(context, body)
            case "view_closed":
                return self._closed(context, body)
            case "event_callback":
                return await self._event(context, body)
            case "message_action":
                return self._shortcut(context, body)
        return _ack()

    def _command(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> BoltResponse:
        """`/crosslink word text`: some words are answered in the ack, the others after it."""
        word, _, text = _typed(str(body.get("text") or "")).partition(" ")
        word = word.casefold()
        if (instant := self.table.instant.get(word)) is not None:
            return _ack(**_private(instant(text)))
        if (listener := self.table.commands.get(word)) is None:
            return _ack(**_private(self.table.instant[""](word)))
        if not context.bot_token:
            return _ack(**_private(sentences.not_installed(self.desk.base_url)))
        if self.tasks.is_full:
            return _ack(**_private(sentences.busy()))
        self._after(listener, self._request(context, body, text=text), f"command {word}")
        return _ack()

    def _action(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> BoltResponse:
        """A button or menu, in a message, a modal or App Home."""
        if not (actions := body.get("actions")):
            return BoltResponse(status=400, body={"error": UNREADABLE})
        pressed = actions[0]
        action = str(pressed.get("action_id", ""))
        listener = self.table.actions.get(action)
        if action in self.table.silent:
            return _ack()
        if self.tasks.is_full:
            return BUSY
        value = str(pressed.get("value") or (pressed.get("selected_option") or {}).get("value") or "")
        request = self._request(context, body, value=value)
        self._after(listener or self.errors.outdated, request, f"action {action}")
        return _ack()

    async def _submission(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> BoltResponse:
        """A modal's submit: wrong fields are named in the ack, so that the input stays."""
        submission = self.table.submissions.get(str((body.get("view") or {}).get("callback_id", "")))
        if submission is None:
            return _ack()
        if self.tasks.is_full:
            return BUSY
        request = self._request(context, body)
        if errors := await submission.check(request):
            return _ack(response_action="errors", errors=dict(errors))
        self._after(submission.work, request, "submission")
        if submission.meanwhile is None:
            return _ack(response_action="clear")
        return _ack(response_action="update", view=submission.meanwhile)

    def _closed(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> BoltResponse:
        """A modal that was closed without a submit, where it wants that told."""
        callback = str((body.get("view") or {}).get("callback_id", ""))
        if (listener := self.table.closings.get(callback)) is not None and not self.tasks.is_full:
            self._after(listener, self._request(context, body), f"closing {callback}")
        return _ack()

    def _shortcut(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> BoltResponse:
        """An entry of a message's menu."""
        if self.tasks.is_full:
            return BUSY
        callback = str(body.get("callback_id", ""))
        listener = self.table.shortcuts.get(callback, self.errors.outdated)
        self._after(listener, self._request(context, body), f"shortcut {callback}")
        return _ack()

    async def _event(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> BoltResponse:
        """An event; one we have no listener for is taken and forgotten."""
        name = str((body.get("event") or {}).get("type", ""))
        if (lasting := self.table.lasting.get(name)) is not None:
            await lasting(self._request(context, body))
            return _ack()
        if self.tasks.is_full:
            return BUSY
        if (listener := self.table.events.get(name)) is not None:
            self._after(listener, self._request(context, body), f"event {name}")
        return _ack()

    def _after(self, listener: Listener, request: Request, name: str) -> None:
        async def work() -> None:
            structlog.contextvars.clear_contextvars()
            structlog.contextvars.bind_contextvars(workspace=request.workspace, person=request.person.user)
            try:
                await listener(request)
            except Exception as error:  # noqa: BLE001 - the one place that turns any failure into words
                await self.errors.answer(request, error, during=name)

        self.tasks.spawn(work, name=name)

    def _request(
        self, context: AsyncBoltContext, body: Mapping[str, Any], *, text: str = "", value: str = ""
    ) -> Request:
        return Request(
            desk=self.desk,
            slack=context.client,
            hooks=self.hooks,
            body=body,
            person=who(body, _workspace(context)),
            text=text,
            value=value,
        )


def who(body: Mapping[str, Any], workspace: str) -> Person:
    """Return who acts in a payload, and the workspace they belong to."""
    user = body.get("user") or (body.get("event") or {}).get("user") or body.get("user_id") or ""
    home = body.get("team_id") or workspace
    org = (body.get("enterprise") or {}).get("id") or body.get("enterprise_id")
    if isinstance(user, Mapping):
        home = user.get("team_id") or (body.get("team") or {}).get("id") or workspace
        user = user.get("id", "")
    if is_org(workspace) and org == workspace:
        home = workspace
    return Person(user=str(user), workspace=workspace, home=str(home))


def _workspace(context: AsyncBoltContext) -> str:
    """The workspace that was found to have the app; for one that just lost it, the likeliest of the payload."""
    result = context.authorize_result
    if result and result.bot_token:
        return str(result.team_id)
    return next(iter(context.get(TEAMS) or ()), "")


def _typed(text: str) -> str:
    """What the person typed, on one line: Slack escapes three characters."""
    for escaped, character in _ESCAPED:
        text = text.replace(escaped, character)
    return _SPACE.sub(" ", text).strip()


def _ack(**body: Any) -> BoltResponse:
    return BoltResponse(status=200, body=body or "")


def _private(message: Message) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": message["text"], "blocks": message["blocks"]}
