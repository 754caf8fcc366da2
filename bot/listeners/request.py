"""One thing a person did in Slack, and the ways to answer them where they did it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import ids
from bot.listeners.desk import Desk
from bot.views.blocks import Message, View, message_modal
from core.domain.client import Person

V = TypeVar("V", bound=ids.Value)
TITLE = "Crosslink"
_CLOSED = "not_found"


class ModalClosed(Exception):
    """The person closed the modal that was to show something."""


class Hooks(Protocol):
    """Makes clients for response addresses."""

    def hook(self, url: str) -> AsyncWebhookClient:
        """Return a client that posts to this address."""


@dataclass(slots=True, kw_only=True)
class Request:
    """A verified payload. `person` is who acts; whether they are an admin is asked by the use cases, later.

    `text` is what stands behind the subcommand, `value` what the pressed button or chosen option carries.
    `modal` is the id of the modal that the person looks at: answers, and apologies, go there.
    """

    desk: Desk
    slack: AsyncWebClient
    hooks: Hooks
    body: Mapping[str, Any]
    person: Person
    text: str = ""
    value: str = ""
    modal: str = field(init=False)

    def __post_init__(self) -> None:
        self.modal = str(self.view.get("id", "")) if self.view.get("type") == "modal" else ""

    @property
    def workspace(self) -> str:
        """The workspace whose app this is."""
        return self.person.workspace

    @property
    def channel(self) -> str:
        """Where it happened; "" in a modal or in App Home."""
        channel = self.body.get("channel") or {}
        found = self.body.get("channel_id") or (channel.get("id") if isinstance(channel, Mapping) else "")
        return str(found or (self.body.get("container") or {}).get("channel_id") or "")

    @property
    def response_url(self) -> str | None:
        """The address that answers privately, five times within thirty minutes."""
        return self.body.get("response_url") or None

    @property
    def is_private(self) -> bool:
        """True where it happened in a message that this person alone sees."""
        return bool((self.body.get("container") or {}).get("is_ephemeral"))

    @property
    def view(self) -> Mapping[str, Any]:
        """The modal or Home tab in which it happened; empty in a channel."""
        return self.body.get("view") or {}

    @property
    def event(self) -> Mapping[str, Any]:
        """The event, where it is one."""
        return self.body.get("event") or {}

    def read(self, kind: type[V]) -> V:
        """Return what the button carries. Raises ids.Unreadable."""
        return ids.read(kind, self.value)

    async def say(self, message: Message) -> None:
        """Answer privately where the person is: in the open modal, over App Home, in the channel.

        Where that modal is closed by now, by direct message.
        """
        if self.modal or self.view:
            try:
                await self.show(message_modal(TITLE, message))
            except ModalClosed:
                await self.write(message)
        elif self.response_url:
            await self._respond(self.response_url, message, replace_original=False, response_type="ephemeral")
        else:
            await self.write(message)

    async def replace(self, message: Message) -> None:
        """Put a message in place of the one whose button was pressed, for everybody who sees that one."""
        if self.modal or self.view or not self.response_url:
            await self.say(message)
        else:
            await self._respond(self.response_url, message, replace_original=True)

    async def answer(self, message: Message) -> None:
        """Answer in place of the private message whose button was pressed; beside it, where others see it."""
        await (self.replace(message) if self.is_private else self.say(message))

    async def write(self, message: Message) -> None:
        """Answer by direct message, where nothing else is left."""
        await self.tell(self.person.user, message)

    async def tell(self, channel: str, message: Message) -> None:
        """Post where everybody in the channel sees it."""
        await self.slack.chat_postMessage(
            channel=channel, text=message["text"], blocks=message["blocks"], unfurl_links=False
        )

    async def show(self, view: View) -> None:
        """Show a modal: in place of the open one, else a new one while the press is fresh (three seconds).

        Raises ModalClosed where the open one isn't any more.
        """
        if self.modal:
            try:
                await self.slack.views_update(view_id=self.modal, view=view)
            except SlackApiError as error:
                if error.response.get("error") != _CLOSED:
                    raise
                raise ModalClosed from None
            return
        opened = await self.slack.views_open(trigger_id=str(self.body.get("trigger_id", "")), view=view)
        self.modal = str((opened.get("view") or {}).get("id", ""))

    async def amend(self, url: str, message: Message) -> None:
        """Put a message in place of an earlier private one, as long as its address is good."""
        with suppress(SlackClientError, aiohttp.ClientError, TimeoutError):
            await self.hooks.hook(url).send_dict(
                {
                    "text": message["text"],
                    "blocks": message["blocks"],
                    "replace_original": True,
                    "response_type": "ephemeral",
                }
            )

    async def _respond(self, url: str, message: Message, **how: Any) -> None:
        answer = await self.hooks.hook(url).send_dict(
            {"text": message["text"], "blocks": message["blocks"], "unfurl_links": False, **how}
        )
        if answer.status_code >= HTTPStatus.BAD_REQUEST:  # used five times, or older than thirty minutes
            await self.write(message)
