"""A running demo as a stage: what people do over HTTP, what they see, and what is true at the platforms."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from core.domain.account import Platform
from core.domain.connection import Connection
from core.ports import Duty
from core.usecases.status import ClientStatus, ConnectionStatus
from sandbox.demo import Demo
from sandbox.journey import PATIENCE, Browser, Journey, LostError, Message, Page, button, words

AGENCY, OUTSIDE = "T0AGENCY", "T0OUTSIDE"
BAKERY_CHANNEL, VELO_CHANNEL = "C0BAKERY", "C0VELO"
MINUTE, HOUR, DAY = 60, 3600, 86_400
LINK_BUTTON = "link.open_page"

Json = Any


@dataclass(frozen=True)
class Scene:
    """A demo whose workspace has the app. Everything is done over HTTP; the runtime is only read."""

    demo: Demo
    people: Journey

    @property
    def url(self) -> str:
        return self.demo.base_url

    # the platforms

    async def truth(self, platform: str, handle: str) -> Mapping[str, Json]:
        """What is true of an account at its platform."""
        accounts = await self.people.call("GET", "accounts", platform=platform)
        return next(each for each in accounts if each["handle"] == handle)

    async def is_linked(self, platform: str, handle: str) -> bool:
        return bool((await self.truth(platform, handle))["linked"])

    async def change(self, platform: str, handle: str, **change: Json) -> None:
        await self.people.call("POST", f"accounts/{platform}/{handle}", change)

    async def switch(self, platform: str, **switches: Json) -> None:
        await self.people.call("POST", f"switches/{platform}", switches)

    async def trouble(self, where: str, what: str, **more: Json) -> None:
        await self.people.call("POST", "faults", {"where": where, "what": what, **more})

    async def clear_sky(self) -> None:
        await self.people.call("DELETE", "faults")

    async def asked(self, operation: str, outcome: str = "ok") -> int:
        """How often the platforms were asked for this with that outcome."""
        entries = await self.people.call("GET", "journal", operation=operation)
        return sum(each["outcome"] == outcome for each in entries)

    # the bot, read

    async def row(self, client: str = "Velo Werk", workspace: str = AGENCY) -> ClientStatus:
        rows = await self.demo.runtime.desk.status.of_workspace(workspace)
        return next(each for each in rows if each.client.name == client)

    async def half(self, platform: str = "tiktok", client: str = "Velo Werk") -> ConnectionStatus:
        half = (await self.row(client)).connections[Platform(platform)]
        assert half is not None
        return half

    async def state(self, platform: str = "tiktok", client: str = "Velo Werk") -> str:
        return (await self.half(platform, client)).verdict.state

    async def connections(self, workspace: str = AGENCY) -> Sequence[Connection]:
        async with self.demo.runtime.desk.work.reading() as unit:
            return await unit.connections.of_workspace(workspace)

    async def quiet(self) -> None:
        """Wait until nothing is due, running or untold."""
        await until(self._is_quiet, "it never got quiet")

    async def _is_quiet(self) -> bool:
        runtime = self.demo.runtime
        now = runtime.clock.now()
        async with runtime.desk.work.reading() as unit:
            wakes = await unit.next_wakes()
            known = [each for team in (AGENCY, OUTSIDE) for each in await unit.connections.of_workspace(team)]
        dues = [wakes[Duty.INVITATIONS], wakes[Duty.ALERTS], *(each.due_at for each in known)]
        settled = wakes[Duty.FACTS] is None and all(due is None or due > now for due in dues)
        return settled and not len(runtime.tasks)

    async def end(self) -> None:
        """Let the bot finish telling while somebody still listens: it would try again once the site is gone."""
        await self.clear_sky()
        with suppress(LostError):
            await until(self._is_quiet, "still telling", seconds=1)

    async def later(self, seconds: float) -> None:
        """Let end what is under way, turn the clock, and let happen what that makes due."""
        await self.quiet()
        await self.people.turn_clock(seconds)
        await self.quiet()

    # what people see

    async def told(self, user: str, text: str, channel: str = VELO_CHANNEL) -> Message:
        """Wait until somebody reads this in a channel."""
        return await self.people.sees(user, channel, lambda each: text in words(each))

    async def alarms(self, user: str, channel: str = VELO_CHANNEL) -> list[Message]:
        """What the whole channel was told that asks somebody to repair a link."""
        seen = await self.people.messages(user, channel)
        return [each for each in seen if button(each, "link.relink") and not each["is_ephemeral"]]

    async def alarm(self, user: str, channel: str = VELO_CHANNEL) -> Message:
        """Wait for such a message."""
        return await self.people.sees(
            user, channel, lambda each: bool(button(each, "link.relink")) and not each["is_ephemeral"]
        )

    async def read(self, user: str, channel: str = VELO_CHANNEL) -> list[str]:
        return [words(each) for each in await self.people.messages(user, channel)]

    async def private_buttons(self, user: str, channel: str = VELO_CHANNEL) -> list[Message]:
        """The private messages with a link button that this person still has."""
        return [each for each in await self.people.messages(user, channel) if button(each, LINK_BUTTON)]

    async def press(
        self, user: str, message: Message, action: str, *, channel: str = VELO_CHANNEL
    ) -> Mapping[str, Json]:
        """Press a button and let everything happen that follows."""
        pressed: Mapping[str, Json] = await self.people.click(user, channel, message, action)
        await self.quiet()
        return pressed

    async def everything(self, user: str) -> list[Message]:
        """Every message and open window that a person has anywhere, oldest first in each place."""
        seen = await self.people.call("GET", "workspace", user=user)
        places = [await self.people.messages(user, each["id"]) for each in seen["channels"]]
        windows = await self.people.call("GET", "views", user=user)
        return [each for place in (*places, windows) for each in place]


@dataclass(frozen=True)
class Attempt:
    """One way through a consent page, in one browser, stopped before the platform's answer reaches us."""

    browser: Browser
    callback: str

    async def arrive(self, url: str = "") -> Page:
        return await self.browser.get(url or self.callback)


async def attempt(
    browser: Browser, address: str, account: str = "velowerk", *, scopes: Sequence[str] = ()
) -> Attempt:
    """Go as far as the platform's redirect, and keep that instead of following it."""
    sent_to = await browser.post(address, follow=False)
    assert sent_to.status == 303, sent_to.text
    form = [("account", account), ("decision", "allow"), *(("scopes", each) for each in scopes)]
    return Attempt(browser, (await browser.post(sent_to.url, form, follow=False)).url)


async def until(holds: Callable[[], Awaitable[bool]], lost: str, *, seconds: float = PATIENCE) -> None:
    """Wait until a condition holds. Raises LostError."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not await holds():
        if loop.time() > end:
            raise LostError(f"{lost} within {seconds:.0f} seconds.")
        await asyncio.sleep(0.02)
