"""Bringing a message to somebody: the client's channel, else the people who look after the client."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.messenger.errors import LAYOUT, METADATA, Undeliverable, WorkspaceGone, asked, throttled
from bot.views.blocks import Message
from bot.views.news import instead_of_channel
from core.domain.client import Client
from core.domain.errors import PlatformDown
from core.ports import Clock

_log = structlog.get_logger(__name__)
_PERSON = ("U", "W")
_REFUSED = 400
_SERVER = 500
_THROTTLED = 429

Spot = tuple[str, str]
"""A message as Slack names it: channel and ts."""
Clients = Callable[[str], Awaitable[AsyncWebClient | None]]
"""The client that speaks as us in a workspace; None where the app isn't installed any more."""


class Hooks(Protocol):
    """Makes clients for response addresses."""

    def hook(self, url: str) -> AsyncWebhookClient:
        """Return a client that posts to this address."""


class Post:
    """Delivers in any workspace. Every method raises Passing for what is worth trying again, and WorkspaceGone."""

    def __init__(self, *, clients: Clients, hooks: Hooks, clock: Clock) -> None:
        self._clients = clients
        self._hooks = hooks
        self._clock = clock

    async def to_channel(self, client: Client, told: Message) -> Sequence[Spot]:
        """Post to the client's channel; where it takes nothing from us, to its managers, else to who is on call.

        Returns where it stands now.
        """
        try:
            return [await self._post(client.workspace, client.channel, told)]
        except Undeliverable as refused:
            _log.info("channel refused", client=client.id, channel=client.channel, code=refused.code)
        private = instead_of_channel(told, client)
        for circle in (client.managers, client.oncall):
            people = [each for each in circle if is_person(each)]
            reached = [await self._reached(client.workspace, each, private) for each in people]
            if places := [each for each in reached if each is not None]:
                return places
        _log.error("nobody could be told", client=client.id, workspace=client.workspace)
        return []

    async def to_person(self, workspace: str, user: str, told: Message) -> Sequence[Spot]:
        """Write a direct message; return where it stands now.

        A person who takes none is logged, nothing else can be done.
        """
        reached = await self._reached(workspace, user, told)
        if reached is None:
            _log.error("a person could not be told", workspace=workspace, user=user)
            return []
        return [reached]

    async def _reached(self, workspace: str, user: str, told: Message) -> Spot | None:
        try:
            return await self._post(workspace, user, told)
        except Undeliverable as refused:
            _log.warning("direct message refused", workspace=workspace, user=user, code=refused.code)
            return None

    async def message(
        self, workspace: str, target: str, told: Message, *, thread: str = "", broadcast: bool = False
    ) -> Spot:
        """Post to a channel, a person or a thread; return Slack's channel and ts. Raises Undeliverable too."""
        return await self._post(workspace, target, told, thread=thread, broadcast=broadcast)

    async def marked(self, workspace: str, target: str, told: Message, metadata: Mapping[str, Any]) -> Spot:
        """Post to a channel or a person with what Slack is to tell us of it. Raises Undeliverable too."""
        return await self._send(workspace, {"channel": target}, {**told, "metadata": metadata})

    async def take_back(self, workspace: str, channel: str, ts: str) -> None:
        """Delete a message of ours, where Slack lets us."""
        slack = await self._client(workspace)
        try:
            await asked(slack.chat_delete(channel=channel, ts=ts), self._clock)
        except Undeliverable as refused:
            _log.info("a message could not be taken back", channel=channel, code=refused.code)

    async def edit(self, workspace: str, channel: str, ts: str, told: Message) -> None:
        """Put this in place of what a message of ours says. Raises Undeliverable too."""
        slack = await self._client(workspace)
        try:
            await asked(
                slack.chat_update(channel=channel, ts=ts, text=told["text"], blocks=told["blocks"]),
                self._clock,
            )
        except Undeliverable as refused:
            if refused.code not in LAYOUT:
                raise
            _log.error("blocks refused", channel=channel, code=refused.code)
            await asked(slack.chat_update(channel=channel, ts=ts, text=told["text"], blocks=[]), self._clock)

    async def answer(self, url: str, told: Message, *, replace: bool) -> bool:
        """Answer privately through a response address; False where it is used up, run out or refuses what we say.

        With `replace` the answer takes the place of the message that the address stands for, else it comes beside.
        """
        hook = self._hooks.hook(url).send_dict(
            {
                **told,
                "unfurl_links": False,
                "replace_original": replace,
                "response_type": "ephemeral",
            }
        )
        response = await asked(hook, self._clock)
        if response.status_code == _THROTTLED:
            raise throttled(response.headers, self._clock)
        if response.status_code >= _SERVER:
            raise PlatformDown("slack_hook_down")
        return response.status_code < _REFUSED

    async def publish(self, workspace: str, user: str, view: dict[str, object]) -> None:
        """Show a person's Home. Raises Undeliverable too."""
        slack = await self._client(workspace)
        await asked(slack.views_publish(user_id=user, view=view), self._clock)

    async def _post(
        self, workspace: str, channel: str, told: Message, *, thread: str = "", broadcast: bool = False
    ) -> Spot:
        in_thread = {"thread_ts": thread, "reply_broadcast": broadcast} if thread else {}
        return await self._send(workspace, {"channel": channel, **in_thread}, told)

    async def _send(self, workspace: str, where: Mapping[str, Any], told: Mapping[str, Any]) -> Spot:
        """Post, without the parts that Slack refuses: the words still go out."""
        slack, channel = await self._client(workspace), where["channel"]
        parts = {**where, **told, "unfurl_links": False, "unfurl_media": False}
        while True:
            try:
                sent = await asked(slack.chat_postMessage(**parts), self._clock)
                return str(sent.get("channel") or channel), str(sent.get("ts") or "")
            except Undeliverable as refused:
                part = "blocks" if refused.code in LAYOUT else "metadata" if refused.code in METADATA else ""
                if part not in parts:
                    raise
                del parts[part]
                _log.error(f"{part} refused", channel=channel, code=refused.code)

    async def _client(self, workspace: str) -> AsyncWebClient:
        slack = await self._clients(workspace)
        if slack is None:
            raise WorkspaceGone("not_installed")
        return slack


def is_person(id_: str) -> bool:
    """True for somebody who can be written to; groups can only be mentioned."""
    return id_.startswith(_PERSON)
