"""Four workers on one database, killed at random and started again, beside platforms in bad weather."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.domain.account import Platform
from core.domain.delivery import Delivery, DeliveryStep
from sandbox.faults import KINDS, Fault, Faults
from tests.scenario.scene import AGENCY
from tests.scenario.shipping import Yard, a_film, is_at_rest, yard
from tests.scenario.stage import Bot, stage

WORKERS = 4
EACH_ACCOUNT = 2
"""Deliveries to one account: only one of them at a time may be worked on, by whichever worker."""
WEATHER = ("drop_after", "throttle", "refuse", "slow")
"""What befalls a call to a platform, each one in ten; `refuse` stands for their 5xx."""
SERVER_TROUBLE = {"tiktok": "internal_error", "instagram": "2"}
SLOW_SECONDS = 0.5
WAVES = 60
"""How often all of them die at most; afterwards a bot that lives brings what is left to its end."""
KILLED_EVERY = (3, 6)
"""Seconds after the last one is well again."""
MOST_KILLS = 40
"""Of one wave."""
ENDS_WITHIN = 300.0
"""Seconds for what is left after the last wave: what takes longer is lost, and the report says at what it is."""
FEW = 20
"""Deliveries that move between two kills where it is still worth going on; most of the rest are the dead's."""
LEASE_OVER = 200
"""What the dead had under way is theirs for so long; all die before the clock is turned, so that no two differ."""
TOLD_WITHIN = 60.0
WAITS = "waits for a person"
Versions = dict[str, int]
"""How often deliveries were written, by their ids."""


class Weather(Faults):
    """Trouble by chance, while `is_bad`. `met` counts it, and the calls that met none."""

    def __init__(self) -> None:
        super().__init__()
        self.is_bad = False
        self.met: Counter[str] = Counter()
        self.spared = 0

    def take(self, where: str) -> Fault | None:
        emulator = where.partition(".")[0]
        if not self.is_bad or emulator not in SERVER_TROUBLE or "pages" in where:
            return super().take(where)
        drawn = secrets.randbelow(10)
        if drawn >= len(WEATHER):
            self.spared += 1
            return None
        what = WEATHER[drawn]
        self.met[what] += 1
        return Fault(where, KINDS[what], code=SERVER_TROUBLE[emulator], seconds=SLOW_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of all deliveries, by the record, by the platforms' own truth, and by Slack's.

    `lost`: on record as public and not so, or at no end, with what is on record of it. `denied`: on record as
    refused, yet public. `untold`: at an end of which nobody was told in the post's thread. What waits for a person who
    was told is at an end, too.
    """

    steps: Mapping[str, int]
    workers: int
    killed: int
    waves: int
    met: Mapping[str, int]
    calls: int
    twice: Sequence[str]
    lost: Sequence[str]
    denied: Sequence[str]
    untold: Sequence[str]
    seconds: float

    @property
    def is_kept(self) -> bool:
        """True where every promise was."""
        return not (self.twice or self.lost or self.denied or self.untold)

    def __str__(self) -> str:
        count = sum(self.steps.values())
        steps = ", ".join(
            f"{name} {self.steps.get(name, 0)}" for name in ("published", "refused", "uncertain", WAITS)
        )
        met = ", ".join(f"{name} {self.met.get(name, 0)}" for name in WEATHER)
        return (
            f"{count} deliveries, {self.workers} workers, {self.killed} killed and started again"
            f" in {self.waves} waves, {self.seconds:.0f} s\n"
            f"{steps}; of {self.calls} calls to platforms met trouble: {met}\n"
            f"public twice {len(self.twice)}, lost {len(self.lost)}, denied {len(self.denied)},"
            f" untold {len(self.untold)}" + "".join(f"\n  lost: {each}" for each in self.lost)
        )


@dataclass
class Fleet:
    """Workers that come and go."""

    place: Yard
    weather: Weather
    workers: int
    bots: list[Bot] = field(default_factory=list)
    killed: int = 0
    waves: int = 0

    async def sail(self, waves: int) -> None:
        """Have everything delivered, for so many waves however often workers die; then by one that lives."""
        self.weather.is_bad = True
        clock = self.place.sandbox.world.clock
        while self.waves < waves and (left := await self._open()):
            self.waves += 1
            self.bots = list(await asyncio.gather(*(self._started(place) for place in range(self.workers))))
            left = await self._wave(left)
            await asyncio.gather(*(bot.kill() for bot in self.bots))
            self.killed += self.workers if left else 0
            clock.advance(LEASE_OVER)
        async with self.place.opened.here(clock):
            await self.place.settle(ENDS_WITHIN)
        self.weather.is_bad = False

    async def _wave(self, before: Versions) -> Versions:
        """Kill one worker after the other, until little moves but what the dead hold; return what is left."""
        left = before
        for _ in range(MOST_KILLS):
            left = await self._after_a_while()
            if not left:
                break
            victim = secrets.randbelow(self.workers)
            await self.bots[victim].kill()
            self.bots[victim] = await self._started(victim)
            self.killed += 1
            if len(before.items() - left.items()) < FEW:
                break
            before = left
        return left

    async def _after_a_while(self) -> Versions:
        """Return what is left after some seconds, sooner where nothing is."""
        left: Versions = {}
        for _ in range(secrets.choice(range(*KILLED_EVERY))):
            await asyncio.sleep(1 + secrets.randbelow(100) / 1000)
            left = await self._open()
            if not left:
                break
        return left

    async def _started(self, place: int) -> Bot:
        """The first also serves the films. Whoever dies next has to wait until this one is well."""
        role, ahead = "worker" if place else "all", self.place.sandbox.world.clock.offset
        return await self.place.opened.start(role=role, ahead=ahead, often=True)

    async def _open(self) -> Versions:
        return {each.id: each.version for each in await self.place.going_on()}


async def sailed(
    folder: Path, url: str, deliveries: int, *, workers: int = WORKERS, waves: int = WAVES
) -> Report:
    """Have so many deliveries made by a fleet on a migrated PostgreSQL, and return what became of them."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with stage(folder, url) as (opened, sandbox):
        weather = Weather()
        object.__setattr__(sandbox.world, "faults", weather)
        await opened.people.call("POST", "switches/slack", {"rates": "off"})
        await opened.people.call("POST", "switches/instagram", {"processing_seconds": 0})
        async with opened.here(sandbox.world.clock):
            await opened.people.install()
        async with yard(opened, sandbox, a_film(folder)) as place:
            await _approved(place, deliveries)
            fleet = Fleet(place, weather, workers)
            await fleet.sail(waves)
            untold = await _untold(place)
            ended, public = await place.deliveries(), await place.public()
    steps = Counter(WAITS if each.waits else str(each.step) for each in ended)
    return Report(
        steps=steps,
        workers=workers,
        killed=fleet.killed,
        waves=fleet.waves,
        met=weather.met,
        calls=weather.spared + weather.met.total(),
        twice=[each.id for each in ended if public[each.id] > 1],
        lost=[_described(each) for each in ended if _is_lost(each, public[each.id])],
        denied=[each.id for each in ended if each.step is DeliveryStep.REFUSED and public[each.id]],
        untold=untold,
        seconds=loop.time() - began,
    )


def _is_lost(delivery: Delivery, times: int) -> bool:
    return not is_at_rest(delivery) or (delivery.step is DeliveryStep.PUBLISHED and not times)


def _described(delivery: Delivery) -> str:
    """Say where one is that should have come to an end."""
    why = f"{delivery.obstacle.blame} {delivery.obstacle.code}" if delivery.obstacle else "nothing in its way"
    tries = f"{delivery.failures} failures, {delivery.looks} looks, {delivery.rounds} rounds"
    return f"{delivery.id} {delivery.step} since {delivery.stepped_at}, {why}, {tries}, due {delivery.due_at}"


async def _approved(place: Yard, deliveries: int) -> None:
    for number in range(0, deliveries, EACH_ACCOUNT):
        platform = list(Platform)[number // EACH_ACCOUNT % 2]
        account = await place.link(platform)
        for _ in range(min(EACH_ACCOUNT, deliveries - number)):
            await place.approve(platform, accounts=[account])


async def _untold(place: Yard) -> Sequence[str]:
    """Let a bot in calm weather tell what the fleet has not told yet; return the deliveries nobody has heard of."""
    clock, loop = place.sandbox.world.clock, asyncio.get_running_loop()
    ends_at = loop.time() + TOLD_WITHIN
    async with place.opened.here(clock):
        while (untold := await _unheard(place)) and loop.time() < ends_at:
            clock.advance(60)
            await asyncio.sleep(0.5)
    return untold


async def _unheard(place: Yard) -> Sequence[str]:
    """Who asked for a post is rung in its thread once it is over, or needs somebody."""
    messages = await place.opened.people.call("GET", "messages", channel="C0VELO")
    rung = {each.get("thread_ts") for each in messages if "<@U0REQUESTER>" in str(each)}
    unheard = []
    async with place.work.reading() as unit:
        for delivery in await unit.deliveries.of_workspace(AGENCY, steps=frozenset(DeliveryStep)):
            shown = await unit.post_messages.of_post(AGENCY, delivery.post_id)
            if not any(each.ts in rung for each in shown):
                unheard.append(delivery.id)
    return unheard
