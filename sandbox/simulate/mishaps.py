"""What happens to one account: its owner removes the app, unticks a permission, changes the password …"""

from collections.abc import Mapping
from typing import Any

from sandbox.journey import Journey
from sandbox.simulate.dice import Dice
from sandbox.simulate.figures import AILING
from sandbox.simulate.fleet import STRANGER, Link, profile_link
from sandbox.simulate.truth import Truth

LOST_ANSWER = "lost_answer"
WEBHOOKS: Mapping[str, float] = {"lose": 50, "deliver": 34, "twice": 8, "delay": 8}
"""Half of all webhooks never come; of the others some come late and some twice."""

BREAKS: Mapping[str, Mapping[str, float]] = {
    "tiktok": {
        "removed": 33,
        AILING: 3,
        "permission": 14,
        "tokens": 12,
        "restricted": 8,
        "banned_from_posting": 6,
        "checkpoint": 4,
        "banned": 4,
        "age": 2,
        "swapped": 4,
        LOST_ANSWER: 10,
    },
    "instagram": {
        "removed": 31,
        AILING: 3,
        "permission": 8,
        "password": 12,
        "logged_out": 8,
        "checkpoint": 10,
        "restricted": 8,
        "personal": 8,
        "hidden": 8,
        "swapped": 4,
    },
}
"""How likely each is, of a hundred."""

_CHANGES: Mapping[str, Mapping[str, Any]] = {
    "removed": {"remove_app": True},
    "age": {"remove_app": 3},
    "tokens": {"password_changed": True},
    "password": {"password_changed": True},
    "logged_out": {"logged_out": True},
    "restricted": {"condition": "restricted"},
    "checkpoint": {"condition": "checkpoint"},
    "banned": {"condition": "banned"},
    "banned_from_posting": {"posting": "banned"},
    "personal": {"type": "PERSONAL"},
    "hidden": {"bio_link": None},
    "swapped": {"answers_as": STRANGER},
    AILING: {"ailing": True},
}
_SCOPES = {"tiktok": "video.publish", "instagram": "instagram_business_content_publish"}

HARMLESS: Mapping[str, Mapping[str, float]] = {
    "tiktok": {"rename": 2, "private": 3, "busy": 3, "name": 1},
    "instagram": {"rename": 2, "name": 1},
}
"""Changes after which the link goes on working, and about which nobody must be rung."""


class Mishaps:
    """Changes accounts as their owners and the platforms do, over the sandbox's control calls."""

    def __init__(self, people: Journey, truth: Truth, dice: Dice) -> None:
        self._people = people
        self._truth = truth
        self._dice = dice
        self._renamed = 0

    async def break_one(self, link: Link) -> str:
        """Break a link in one of the ways it can; answers which."""
        kind = self._dice.among(BREAKS[link.platform])
        if kind == "hidden" and not link.brand.shows_link:
            kind = "removed"
        if kind == AILING and self._truth.ends_soon(link):
            kind = "removed"  # its end is announced: that it can't be proved either would be another alert
        if kind == LOST_ANSWER:
            self._truth.lose_next_answer(link)
            return kind
        change = _CHANGES.get(kind, {"untick": [_SCOPES[link.platform]]})
        await self.change(link, {"webhooks": self._dice.among(WEBHOOKS), **change})
        return kind

    async def annoy(self, link: Link) -> None:
        """Change something that breaks nothing. What its platform muddles, its owner can't change either."""
        if self._truth.trouble(link)[0] == AILING:
            return
        match self._dice.among(HARMLESS[link.platform]):
            case "rename":
                await self._rename(link)
            case "private":
                await self.change(link, {"private": self._dice.chance(0.5)})
            case "busy":
                await self.change(link, {"posting": "too_many_posts"})
            case _:
                await self.change(link, {"name": f"Brand {link.brand.number} now"})

    async def calm(self, link: Link) -> None:
        """End the day on which TikTok took no more posts."""
        if self._truth.is_busy(link):
            await self.change(link, {"posting": "ok"})

    async def _rename(self, link: Link) -> None:
        """A new handle; careful owners write it into the other profile, too."""
        self._renamed += 1
        handle = f"{link.brand.handle}.{self._renamed}"
        await self.change(link, {"rename": handle})
        other = Link(link.brand, "instagram" if link.platform == "tiktok" else "tiktok")
        if link.brand.shows_link and self._truth.knows(other):
            await self.change(other, profile_link(other, handle))

    async def change(self, link: Link, change: Mapping[str, Any]) -> None:
        """Change an account, whatever it is called now."""
        await self._people.call("POST", f"accounts/{link.platform}/{self._truth.handle(link)}", dict(change))
