"""What people do once they are told: after a while they put it right, and sometimes not at the first try."""

from sandbox.journey import LostError
from sandbox.simulate.dice import Dice
from sandbox.simulate.figures import AILING
from sandbox.simulate.fleet import STRANGER, Link, profile_link
from sandbox.simulate.mishaps import Mishaps
from sandbox.simulate.stage import Stage
from sandbox.simulate.truth import Truth

LINKED = "{} is linked"
"""How the page begins that says so, whatever else it adds."""
MISTAKEN = 0.08
"""The share of relinks that begin with the wrong account signed in."""


class People:
    """Repairs links as their owners and the agency's people do: in the platforms' apps, and over Slack."""

    def __init__(self, stage: Stage, truth: Truth, mishaps: Mishaps, dice: Dice) -> None:
        self._stage = stage
        self._truth = truth
        self._mishaps = mishaps
        self._dice = dice
        self.relinks = 0

    async def repair(self, link: Link) -> None:
        """Put right what is wrong with a link, or renew one that works. Raises LostError where it was in vain."""
        why, _ = self._truth.trouble(link)
        await self._settle(link)
        if why == "hidden":
            other = Link(link.brand, "tiktok")
            handle = self._truth.handle(other) if self._truth.knows(other) else link.brand.handle
            await self._mishaps.change(link, profile_link(link, handle))
        elif why not in {"held", AILING} or self._truth.trouble(link)[0]:
            await self._relink(link)

    async def _settle(self, link: Link) -> None:
        """The owner does in the platform's app what it asks for; what the platform muddled, its support mends."""
        normal = {"posting": "ok"} if link.platform == "tiktok" else {"type": "BUSINESS"}
        await self._mishaps.change(link, {"condition": "normal", "ailing": False, "answers_as": "", **normal})

    async def _relink(self, link: Link) -> None:
        people, channel = self._stage.people, link.brand.channel_id
        if self._dice.chance(MISTAKEN):
            await people.link("manager", channel, link.platform, STRANGER)
        self.relinks += 1
        former = self._truth.held(link)
        page = await people.link("manager", channel, link.platform, self._truth.handle(link))
        if not page.heading.startswith(LINKED.format(link.title)):
            self._truth.holds(link, former)  # new tokens came, and were not kept
        if self._truth.trouble(link)[0]:
            raise LostError(page.heading)
