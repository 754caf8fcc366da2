"""Requests from a platform to the bot: signed, retried by the turnable clock, and kept for whoever asks."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

from sandbox.emulator import World

MODES = ("deliver", "lose", "delay", "twice")
DELAY_SECONDS = 3_600.0
KEPT = 1_000
ANSWER_KEPT = 2_000


def anything(_body: str) -> bool:
    """The platform doesn't look at what is answered."""
    return True


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to tell the bot.

    `write()` is called for each attempt, because a signature may hold the time of sending; it answers body and
    headers. `pauses` are the seconds before each retry; none means that the platform tries only once. It takes 200
    for an answer and nothing else (WHO, S18), where `suits` takes the body, too.
    """

    event: str
    handle: str
    url: str
    write: Callable[[], tuple[bytes, Mapping[str, str]]]
    pauses: tuple[float, ...] = ()
    suits: Callable[[str], bool] = anything


@dataclass(slots=True)
class Delivery:
    """What became of a letter: `state` is waiting, delivered, given_up or lost."""

    event: str
    handle: str
    url: str
    state: str = "waiting"
    attempts: list[dict[str, Any]] = field(default_factory=list)
    answer: str = ""

    def to_json(self, platform: str) -> dict[str, Any]:
        return {
            "platform": platform,
            "event": self.event,
            "handle": self.handle,
            "url": self.url,
            "state": self.state,
            "attempts": self.attempts,
            "answer": self.answer,
        }


class Callbacks:
    """One platform's postman."""

    def __init__(self, world: World, platform: str) -> None:
        self._world = world
        self._platform = platform
        self._kept: deque[Delivery] = deque(maxlen=KEPT)
        self._on_the_way: set[asyncio.Task[int]] = set()

    def deliveries(self) -> list[dict[str, Any]]:
        return [delivery.to_json(self._platform) for delivery in self._kept]

    async def arrived(self) -> None:
        """Wait until nothing is on its way any more; what waits for its hour goes on waiting."""
        await asyncio.sleep(0)  # what was sent a moment ago begins
        while self._on_the_way:
            await asyncio.wait(set(self._on_the_way))

    def send(self, letter: Letter, mode: str = "deliver") -> None:
        """Deliver in the background. `mode` "lose" never sends, "delay" waits an hour, "twice" repeats itself."""
        for _ in range(2 if mode == "twice" else 1):
            delivery = Delivery(letter.event, letter.handle, letter.url)
            self._kept.append(delivery)
            if mode == "lose":
                delivery.state = "lost"
            else:
                self._world.spawn(self._deliver(letter, delivery, DELAY_SECONDS if mode == "delay" else 0.0))

    async def _deliver(self, letter: Letter, delivery: Delivery, first_pause: float) -> None:
        for pause in (first_pause, *letter.pauses):
            if pause:
                await self._world.clock.sleep(pause)
            at, status = self._world.clock.now().isoformat(), await self._go(letter, delivery)
            delivery.attempts.append({"at": at, "status": status})
            if status == HTTPStatus.OK and letter.suits(delivery.answer):
                delivery.state = "delivered"
                return
        delivery.state = "given_up"

    async def _go(self, letter: Letter, delivery: Delivery) -> int:
        task = asyncio.create_task(self._post(letter, delivery))
        self._on_the_way.add(task)
        task.add_done_callback(self._on_the_way.discard)
        return await task

    async def _post(self, letter: Letter, delivery: Delivery) -> int:
        """The bot's HTTP status, 0 when it could not be reached."""
        body, headers = letter.write()
        try:
            async with self._world.session.post(
                letter.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                delivery.answer = (await answer.text(errors="replace"))[:ANSWER_KEPT]
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def backoff(first: float, total: float) -> tuple[float, ...]:
    """Pauses that double from `first` until together they would pass `total` seconds."""
    pauses: list[float] = []
    while sum(pauses) + (pause := first * 2 ** len(pauses)) <= total:
        pauses.append(pause)
    return tuple(pauses)
