"""Messages as Slack keeps them: public ones in their channel, ephemeral ones for one person."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import TurnableClock
from sandbox.mint import Mint
from sandbox.slack.blockkit import all_blocks, elements_of
from sandbox.slack.feed import Feed

INTERACTIVE_PARENTS = frozenset({"actions", "section", "input", "context_actions", "card"})
TEXTS = frozenset({"plain_text", "mrkdwn"})


@dataclass(slots=True)
class Message:
    """`body` has Slack's own shape. `only_for` is the one person who sees an ephemeral message,
    `team` the workspace whose app wrote it, `entered` what each person chose in it, by user, block, action.
    """

    channel: str
    ts: str
    body: dict[str, Any]
    only_for: str = ""
    team: str = ""
    entered: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.only_for)


class Messages:
    """Every message of every channel, by channel and time stamp."""

    def __init__(self, clock: TurnableClock, mint: Mint, feed: Feed) -> None:
        self._clock = clock
        self._mint = mint
        self._feed = feed
        self._last = 0
        self._by_channel: dict[str, dict[str, Message]] = {}

    def stamp(self) -> str:
        """A time stamp that no message has: microseconds, always growing."""
        self._last = max(self._last + 1, int(self._clock.timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, channel: str, body: Mapping[str, Any], *, only_for: str = "", team: str = "") -> Message:
        """Keep a message; its `ts` is minted, its blocks get the ids that Slack fills in."""
        ts = self.stamp()
        kept = {"type": "message", **self.filled(body), "ts": ts}
        message = Message(channel, ts, kept, only_for, team)
        self._by_channel.setdefault(channel, {})[ts] = message
        self._feed.tell("message", channel=channel, user=only_for)
        return message

    def change(self, message: Message, changes: Mapping[str, Any]) -> None:
        message.body |= self.filled(changes)
        self._feed.tell("message", channel=message.channel, user=message.only_for)

    def remove(self, message: Message) -> None:
        self._by_channel[message.channel].pop(message.ts, None)
        self._feed.tell("message", channel=message.channel, user=message.only_for)

    def find(self, channel: str, ts: str) -> Message | None:
        return self._by_channel.get(channel, {}).get(ts)

    def visible(self, channel: str, user: str = "") -> list[Message]:
        """What that person sees in the channel, oldest first; without a person what everybody sees."""
        return [one for one in self._by_channel.get(channel, {}).values() if one.only_for in {"", user}]

    def forget_ephemeral(self, user: str) -> None:
        """What reloading Slack does: ephemeral messages are gone."""
        for kept in self._by_channel.values():
            for message in [one for one in kept.values() if one.only_for == user]:
                self.remove(message)

    def filled(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A copy with the block ids, action ids and text defaults that Slack adds to what an app sends."""
        copied = deepcopy(dict(body))
        if isinstance(copied.get("blocks"), list):
            self.fill_blocks(copied["blocks"])
        for attachment in copied.get("attachments") or []:
            if isinstance(attachment.get("blocks"), list):
                self.fill_blocks(attachment["blocks"])
        return copied

    def fill_blocks(self, blocks: list[Any]) -> None:
        for block in all_blocks(blocks):
            if isinstance(block, dict) and not block.get("block_id"):
                block["block_id"] = self._mint.identifier(length=5)
            if block.get("type") in INTERACTIVE_PARENTS:
                self._fill_actions(block)
        _fill_texts(blocks)

    def _fill_actions(self, block: Mapping[str, Any]) -> None:
        for _, element in elements_of(block):
            acts = element.get("type") not in {"image", *TEXTS}
            if isinstance(element, dict) and acts and not element.get("action_id"):
                element["action_id"] = self._mint.identifier(length=5)


def _fill_texts(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _fill_texts(item)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text" and isinstance(value.get("text"), str):
            value.setdefault("emoji", True)
        if value.get("type") == "mrkdwn" and isinstance(value.get("text"), str):
            value.setdefault("verbatim", False)
        for inner in value.values():
            _fill_texts(inner)
