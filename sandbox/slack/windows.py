"""Views as Slack keeps them: a stack of at most three modals per person, and everybody's App Home."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import TurnableClock
from sandbox.mint import Mint
from sandbox.slack.app import APP_ID, Installation
from sandbox.slack.feed import Feed
from sandbox.slack.messages import Messages

STACK = 3

_DEFAULTS: Mapping[str, Any] = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "title": None,
    "close": None,
    "submit": None,
}


@dataclass(slots=True)
class View:
    """`body` has Slack's own shape; `entered` is what the person typed, by block id and action id."""

    id: str
    user: str
    team: str
    body: dict[str, Any]
    installation: Installation
    entered: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        return bool(self.body["type"] == "home")


class Windows:
    def __init__(self, clock: TurnableClock, mint: Mint, messages: Messages, feed: Feed) -> None:
        self._clock = clock
        self._mint = mint
        self._messages = messages
        self._feed = feed
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[tuple[str, str], View] = {}

    def open(self, user: str, team: str, body: Mapping[str, Any], by: Installation) -> View:
        """Show a modal instead of whatever modal the person has open."""
        view = self._make(user, team, body, by)
        self.stacks[user] = [view]
        self._feed.tell("view", user=user)
        return view

    def push(self, over: View, body: Mapping[str, Any]) -> View | None:
        """Lay a modal over the stack; None when three lie there already."""
        stack = self.stacks.get(over.user, [])
        if len(stack) >= STACK or not stack:
            return None
        view = self._make(over.user, over.team, body, over.installation)
        view.body["root_view_id"] = stack[0].id
        view.body["previous_view_id"] = stack[-1].id
        stack.append(view)
        self._feed.tell("view", user=over.user)
        return view

    def update(self, view: View, body: Mapping[str, Any]) -> None:
        """Show other contents in the same window; its id and place stay, its hash changes."""
        kept = {name: view.body[name] for name in ("root_view_id", "previous_view_id")}
        view.body = self._shape(view.id, view.team, body, view.installation) | kept
        self._feed.tell("home" if view.is_home else "view", user=view.user)

    def publish(self, user: str, team: str, body: Mapping[str, Any], by: Installation) -> View:
        """Show the person's App Home anew."""
        view = self.homes.get((by.team, user))
        if view is None:
            view = self._make(user, team, body, by)
            self.homes[by.team, user] = view
            self._feed.tell("home", user=user)
        else:
            self.update(view, body)
        return view

    def close(self, view: View, *, everything: bool = False) -> list[View]:
        """Take the view (or the whole stack) away; the answer is what closed, topmost first."""
        stack = self.stacks.get(view.user, [])
        if view not in stack:
            return []
        keep = 0 if everything else stack.index(view)
        closed = stack[keep:][::-1]
        self.stacks[view.user] = stack[:keep]
        self._feed.tell("view", user=view.user)
        return closed

    def find(self, view_id: str = "", external_id: str = "") -> View | None:
        """An open modal or a home by Slack's id or the app's own."""
        everything = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
        for view in everything:
            if view_id and view.id == view_id:
                return view
            if external_id and view.body["external_id"] == external_id:
                return view
        return None

    def _make(self, user: str, team: str, body: Mapping[str, Any], by: Installation) -> View:
        ident = self._mint.identifier("V", 10)
        return View(ident, user, team, self._shape(ident, team, body, by), by)

    def _shape(self, ident: str, team: str, body: Mapping[str, Any], by: Installation) -> dict[str, Any]:
        shaped = {**_DEFAULTS, **self._messages.filled(body)}
        moment = str(self._clock.timestamp()) + self._mint.identifier()
        digest = hashlib.sha256((json.dumps(shaped, sort_keys=True) + moment).encode()).hexdigest()
        return {
            "id": ident,
            "team_id": team,
            **shaped,
            "hash": f"{int(self._clock.timestamp())}.{digest[:8]}",
            "root_view_id": ident,
            "previous_view_id": None,
            "app_id": APP_ID,
            "app_installed_team_id": by.team,
            "bot_id": by.bot_id,
        }
