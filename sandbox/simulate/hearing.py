"""What people are told, read from the emulated Slack's channels as people read them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.journey import words
from sandbox.slack.emulator import SlackEmulator

ALARMS = ("link.relink", "link.start", "status.check", "status.diagnose", "unlink.finish")
"""A message that asks somebody to act has a button that does it."""
SHOWN = 300
"""Characters of a message that tell which it is."""
TITLES = {"TikTok": "tiktok", "Instagram": "instagram"}


class Hearing:
    """Reads the channels in which something changed. A message alarms about the platforms that it names."""

    def __init__(self, slack: SlackEmulator) -> None:
        self._slack = slack
        self._changed: set[str] = set()
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        slack.state.feed.watch(self._note)

    def _note(self, kind: str, channel: str) -> None:
        if kind == "message" and channel:
            self._changed.add(channel)

    def stands(self, channel: str, message: str, platform: str) -> bool:
        """True where a message still alarmed about a platform at the last reading."""
        return platform in self._known.get((channel, message), frozenset())

    def said(self, channel: str, message: str) -> str:
        """The beginning of a message, as it reads now."""
        bodies = {each.ts: each.body for each in self._slack.state.messages.visible(channel)}
        return words(bodies.get(message, {}))[:SHOWN].replace("\n", " ")

    def news(self) -> Iterator[tuple[str, str, str]]:
        """Yield (channel, platform, message) for every alarm that wasn't there at the last reading."""
        changed, self._changed = self._changed, set()
        for channel in sorted(changed):
            for message in self._slack.state.messages.visible(channel):
                place = channel, message.ts
                alarms = _alarms(message.body)
                for platform in sorted(alarms - self._known.get(place, frozenset())):
                    yield channel, platform, message.ts
                if alarms or place in self._known:
                    self._known[place] = alarms


def _alarms(body: Mapping[str, Any]) -> frozenset[str]:
    """The platforms about which a message asks somebody to act."""
    is_reply = body.get("thread_ts") not in {None, body["ts"]}
    if not body.get("bot_id") or is_reply or not any(map(_is_alarm, _elements(body))):
        return frozenset()
    said = words(body)
    return frozenset(platform for title, platform in TITLES.items() if title in said)


def _elements(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for block in body.get("blocks", ()):
        yield from block.get("elements", ())
        yield block.get("accessory") or {}


def _is_alarm(element: Mapping[str, Any]) -> bool:
    return str(element.get("action_id", "")).startswith(ALARMS)
