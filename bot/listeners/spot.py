"""One private message that is written, edited while work goes on, and gives way to the outcome.

An address for answers works five times within thirty minutes. So its last use is kept for the outcome, progress is
shown at quarters, and once it is used up the person is told by direct message, which can be edited freely.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from bot.listeners.request import Request
from bot.views.blocks import Message

USES = 5
PACE = 2.0
"""Seconds between two edits."""
MARKS = (0.25, 0.5, 0.75)


class Spot:
    """Where one piece of work answers. `replacing`: the message whose button was pressed gives way to it."""

    def __init__(self, request: Request, *, hook: str | None = None, replacing: bool = False) -> None:
        self._request = request
        self._hook = hook or request.response_url
        self._left = USES if self._hook else 0
        self._replacing = replacing
        self._edited_at = float("-inf")
        self._marks = list(MARKS)
        self._direct: tuple[str, str] | None = None

    async def show(self, message: Message) -> None:
        """Write the message, or put this in its place. Where its picture can't be shown, it goes without."""
        self._edited_at = asyncio.get_running_loop().time()
        plain = _without_pictures(message)
        shown = await self._by_hook(message) or (plain != message and await self._by_hook(plain))
        if not shown:
            await self._by_message(plain)

    async def progress(self, message: Message, fraction: float) -> None:
        """Show how far it is, unless that is too soon, or would cost the place of the outcome."""
        if asyncio.get_running_loop().time() - self._edited_at < PACE:
            return
        if self._direct is None:
            if self._left <= 1 or not self._marks or fraction < self._marks[0]:
                return
            self._marks = [each for each in self._marks if each > fraction]
        await self.show(message)

    async def _by_hook(self, message: Message) -> bool:
        if not self._hook or self._left <= 0 or self._direct is not None:
            return False
        self._left -= 1
        answer = await self._request.hooks.hook(self._hook).send_dict(
            {
                **message,
                "replace_original": self._replacing,
                "response_type": "ephemeral",
                "unfurl_links": False,
            }
        )
        done = answer.status_code < HTTPStatus.BAD_REQUEST
        self._replacing = self._replacing or done
        return done

    async def _by_message(self, message: Message) -> None:
        """Without pictures: a direct message outlives their addresses."""
        slack, text, blocks = self._request.slack, message["text"], message["blocks"]
        if self._direct is not None:
            channel, ts = self._direct
            await slack.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
            return
        sent = await slack.chat_postMessage(
            channel=self._request.person.user, text=text, blocks=blocks, unfurl_links=False
        )
        self._direct = (str(sent["channel"]), str(sent["ts"]))


def _without_pictures(message: Message) -> Message:
    return {"text": message["text"], "blocks": [_plain(each) for each in message["blocks"]]}


def _plain(block: Mapping[str, Any]) -> dict[str, Any]:
    is_picture = (block.get("accessory") or {}).get("type") == "image"
    return {name: item for name, item in block.items() if not (is_picture and name == "accessory")}
