"""What Slack hands out to be used within a time: trigger ids and response URLs."""

from dataclasses import dataclass
from typing import Any

from sandbox.clock import TurnableClock
from sandbox.mint import Mint

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 1800.0
HOOK_USES = 5
KEPT = 5_000
"""So many of each are remembered; the oldest, long expired, are forgotten."""


@dataclass(slots=True)
class Trigger:
    """Permission to open one view for a person, for three seconds; where the person was when it arose."""

    id: str
    user: str
    team: str
    expires: float
    view: str = ""
    channel: str = ""
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A response URL: five answers in thirty minutes, to one place, beside or instead of one message."""

    path: str
    team: str
    channel: str
    user: str
    expires: float
    original: str = ""
    thread: str = ""
    uses: int = 0


class Tickets:
    def __init__(self, clock: TurnableClock, mint: Mint) -> None:
        self._clock = clock
        self._mint = mint
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}

    def trigger(self, user: str, team: str, *, view: str = "", channel: str = "") -> str:
        """A fresh trigger id for what this person just did."""
        expires = self._clock.timestamp() + TRIGGER_SECONDS
        trigger = Trigger(self._mint.slack_trigger_id(), user, team, expires, view, channel)
        self.triggers[trigger.id] = trigger
        _forget_oldest(self.triggers)
        return trigger.id

    def exchange(self, trigger_id: str) -> Trigger | str:
        """Use the trigger up, or answer Slack's error code for why that can't be."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            return "invalid_trigger_id" if trigger_id.count(".") != 2 else "expired_trigger_id"  # noqa: PLR2004 - three parts
        if trigger.used:
            return "exchanged_trigger_id"
        if self._clock.timestamp() > trigger.expires:
            return "expired_trigger_id"
        trigger.used = True
        return trigger

    def hook(
        self, kind: str, team: str, channel: str, user: str, *, original: str = "", thread: str = ""
    ) -> Hook:
        """A fresh response URL; `kind` is `commands` or `actions` as in Slack's own addresses."""
        number = self._mint.identifier(length=12, alphabet="0123456789")
        path = f"/hooks.slack.com/{kind}/{team}/{number}/{self._mint.secret(length=24)}"
        expires = self._clock.timestamp() + HOOK_SECONDS
        hook = self.hooks[path] = Hook(path, team, channel, user, expires, original, thread)
        _forget_oldest(self.hooks)
        return hook

    def use(self, path: str) -> Hook | str:
        """Count one use of the response URL, or answer why it no longer works."""
        hook = self.hooks.get(path)
        if hook is None:
            return "no_such_url"
        if self._clock.timestamp() > hook.expires:
            return "expired_url"
        if hook.uses >= HOOK_USES:
            return "used_url"
        hook.uses += 1
        return hook


def _forget_oldest(kept: dict[str, Any]) -> None:
    while len(kept) > KEPT:
        del kept[next(iter(kept))]
