"""The Events API: envelopes for what the app subscribed to, and the retries of Slack."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sandbox.emulator import World
from sandbox.slack.app import APP_ID, VERIFICATION_TOKEN, Installation
from sandbox.slack.bot import Ack, Bot, Delivery
from sandbox.slack.messages import Messages

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds before each retry: nearly at once, a minute, five (docs.slack.dev, Events API, Retries)."""


class Events:
    def __init__(
        self, world: World, messages: Messages, bot: Bot, subscribed: Callable[[], Collection[str]]
    ) -> None:
        self._world = world
        self._messages = messages
        self._bot = bot
        self._subscribed = subscribed

    def publish(
        self,
        event: Mapping[str, Any],
        to: Installation,
        *,
        shared: bool = False,
        subscription: str = "",
        later: float = 0,
    ) -> None:
        """Send the event beside the requests, when the app subscribed to it, `later` seconds from now.

        `subscription` is the manifest's word where it isn't the event's type (`message.im`).
        """
        name = subscription or str(event["type"])
        if name in self._subscribed():
            self._world.spawn(self._deliver(self._envelope(event, to, shared=shared), name, later))

    async def send(self, event: Mapping[str, Any], to: Installation) -> Ack | None:
        """Send the event and wait for the first answer, retries follow beside; None when nobody subscribed."""
        name = str(event["type"])
        if name not in self._subscribed():
            return None
        delivery, envelope = self._bot.event_delivery(name), self._envelope(event, to, shared=False)
        ack = await self._bot.event(envelope, {}, delivery)
        self._world.spawn(self._retry(envelope, delivery, ack))
        return ack

    async def _deliver(self, envelope: Mapping[str, Any], name: str, later: float) -> None:
        await self._world.clock.sleep(later)
        delivery = self._bot.event_delivery(name)
        await self._retry(envelope, delivery, await self._bot.event(envelope, {}, delivery))

    async def _retry(self, envelope: Mapping[str, Any], delivery: Delivery, ack: Ack) -> None:
        for number, pause in enumerate(RETRY_AFTER, start=1):
            if ack.fine or _header(ack, "X-Slack-No-Retry") == "1":
                return
            await self._world.clock.sleep(pause)
            retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": ack.failed}
            ack = await self._bot.event(envelope, retry, delivery)

    def _envelope(self, event: Mapping[str, Any], to: Installation, *, shared: bool) -> dict[str, Any]:
        mint, clock = self._world.mint, self._world.clock
        stamped = {**event, "event_ts": event.get("event_ts", self._messages.stamp())}
        authorization = {
            "enterprise_id": None,
            "team_id": to.team,
            "user_id": to.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": to.team,
            "context_team_id": to.team,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": stamped,
            "type": "event_callback",
            "event_id": mint.identifier("Ev0", 9),
            "event_time": int(clock.timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": shared,
            "event_context": mint.identifier("4-", 40),
        }


def _header(ack: Ack, name: str) -> str:
    return next((value for key, value in ack.headers.items() if key.lower() == name.lower()), "")
