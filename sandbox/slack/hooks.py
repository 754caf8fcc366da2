"""Response URLs, and what the body of an acknowledgement may say: both put messages before people."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.emulator import OUTCOME
from sandbox.slack.app import Installation
from sandbox.slack.messages import Message
from sandbox.slack.posting import check_content, put
from sandbox.slack.state import State
from sandbox.slack.tickets import Hook
from sandbox.slack.wire import RefusedError


class Hooks:
    """hooks.slack.com: five uses in thirty minutes, beside or instead of the original message."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def receive(self, request: web.Request) -> web.Response:
        hook = self._state.tickets.use(request.path)
        if isinstance(hook, str):
            return _said(404, hook)
        by = self._state.installations.get(hook.team)
        if by is None:
            return _said(404, "app_not_installed")
        try:
            self.say(by, hook, await _content(request))
        except RefusedError as error:
            return _said(400, error.code, **error.more)
        return _said(200, "ok")

    def say(self, by: Installation, hook: Hook, content: Mapping[str, Any]) -> Message | None:
        """Show what the app answered. Raises RefusedError when Slack would not take it.

        `delete_original` and `replace_original` act on the message that the URL came with, and for a command on
        the first answer to it; `response_type` decides who sees a new message: the person, or the channel.
        """
        original = self._state.messages.find(hook.channel, hook.original) if hook.original else None
        if content.get("delete_original") is True:
            if original is not None:
                self._state.messages.remove(original)
            return None
        checked = check_content(self._state, content)
        if content.get("replace_original") is True and original is not None:
            for name in {"blocks", "attachments"} - set(checked):
                original.body.pop(name, None)
            self._state.messages.change(original, checked)
            return original
        if thread := str(content.get("thread_ts") or hook.thread):
            checked["thread_ts"] = thread
        everybody = content.get("response_type") == "in_channel"
        message = put(self._state, by, hook.channel, checked, only_for="" if everybody else hook.user)
        if not hook.original:
            hook.original = message.ts
        return message


async def _content(request: web.Request) -> dict[str, Any]:
    """The JSON body, also in a form field `payload` as of old."""
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        text = str((await request.post()).get("payload", ""))
    try:
        content = json.loads(text)
    except ValueError as broken:
        raise RefusedError("invalid_payload") from broken
    if not isinstance(content, dict):
        raise RefusedError("invalid_payload")
    return content


def _said(status: int, code: str, **more: Any) -> web.Response:
    body = {"ok": True} if code == "ok" else {"ok": False, "error": code, **more}
    response = web.json_response(body, status=status)
    response[OUTCOME] = code
    return response
