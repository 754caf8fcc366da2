"""One thing a person did in Slack, and the ways to answer them where they did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import ids
from bot.listeners.desk import Desk
from bot.views.blocks import Message, View, message_modal
from core.domain.client import Person

V = TypeVar("V", bound=ids.Value)


class Hooks(Protocol):
    """Makes clients for response addresses."""

    def hook(self, url: str) -> AsyncWebhookClient:
        """Return a client that posts to this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A verified payload. `person` is who acts; whether they are an admin is asked by the use cases, later.

    `text` is what stands behind the subcommand, `value` what the pressed button or chosen option carries.
    """

    desk: Desk
    slack: AsyncWebClient
    hooks: Hooks
    body: Mapping[str, Any]
    person: Person
    text: str = ""
    value: str = ""

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
    def view(self) -> Mapping[str, Any]:
        """The modal or Home tab in which it happened; empty in a channel."""
        return self.body.get("view") or {}

    @property
    def in_modal(self) -> bool:
        """True where a modal is what the person looks at."""
        return self.view.get("type") == "modal"

    def read(self, kind: type[V]) -> V:
        """Return what the button carries. Raises ids.Unreadable."""
        return ids.read(kind, self.value)

    async def say(self, message: Message) -> None:
        """Answer privately where the person is: in the open modal, the channel, or over App Home."""
        if self.view:
            await self.show(message_modal("Crosslink", message))
        elif self.response_url:
            await self._respond(message, replace_original=False, response_type="ephemeral")
        else:
            await self.write(message)

    async def replace(self, message: Message) -> None:
        """Put a message in place of the one whose button was pressed."""
        if self.view:
            await self.show(message_modal("Crosslink", message))
        elif self.response_url:
            await self._respond(message, replace_original=True)
        else:
            await self.write(message)

    async def remove(self) -> None:
        """Take away the private message whose button was pressed."""
        if self.response_url:
            await self.hooks.hook(self.response_url).send_dict({"delete_original": True})

    async def write(self, message: Message) -> None:
        """Answer by direct message, where nothing else is left."""
        await self.slack.chat_postMessage(
            channel=self.person.user, text=message["text"], blocks=message["blocks"], unfurl_links=False
        )

    async def show(self, view: View) -> None:
        """Show a modal: in place of the open one, else a new one while the press is fresh (three seconds)."""
        if self.in_modal:
            await self.slack.views_update(view_id=str(self.view["id"]), view=view)
        else:
            await self.slack.views_open(trigger_id=str(self.body.get("trigger_id", "")), view=view)

    async def put(self, view_id: str, view: View) -> None:
        """Change a modal that we opened ourselves."""
        await self.slack.views_update(view_id=view_id, view=view)

    async def open(self, view: View) -> str:
        """Open a modal and return its id, to be changed with `put`."""
        if self.in_modal:
            await self.show(view)
            return str(self.view["id"])
        opened = await self.slack.views_open(trigger_id=str(self.body.get("trigger_id", "")), view=view)
        return str(opened["view"]["id"])

    async def _respond(self, message: Message, **how: Any) -> None:
        assert self.response_url is not None
        answer = await self.hooks.hook(self.response_url).send_dict(
            {"text": message["text"], "blocks": message["blocks"], "unfurl_links": False, **how}
        )
        if answer.status_code >= 400:  # noqa: PLR2004 - Slack says used up or expired as 404 or 410
            await self.write(message)
