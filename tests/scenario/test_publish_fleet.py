"""Four workers on one PostgreSQL, killed at random, beside platforms in bad weather: nothing twice, nothing lost."""

import asyncio
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from core.domain.account import Platform
from core.domain.delivery import ENDS, Delivery, DeliveryStep
from sandbox.faults import KINDS, Fault, Faults
from tests.scenario.shipping import Yard, a_film, yard
from tests.scenario.stage import Bot, stage

SENT = int(os.environ.get("FLEET_DELIVERIES", "60"))
"""Few in the suite; FLEET_DELIVERIES=1000 takes minutes."""
WORKERS = 4
WEATHER = ("drop_after", "throttle", "refuse", "slow")
"""What befalls a call to a platform, each one in ten; `refuse` stands for their 5xx."""
SERVER_TROUBLE = {"tiktok": "internal_error", "instagram": "2"}
KILLED_EVERY = 3.0
STORM = 24.0
LEASE_OVER = 200
MOST_ROUNDS = 60
DONE = ENDS | {DeliveryStep.UNCERTAIN}

pytestmark = pytest.mark.postgres


class Weather(Faults):
    """Trouble by chance, while `is_bad`."""

    def __init__(self) -> None:
        super().__init__()
        self.is_bad = False
        self.met: Counter[str] = Counter()

    def take(self, where: str) -> Fault | None:
        emulator = where.partition(".")[0]
        if not self.is_bad or emulator not in SERVER_TROUBLE or "pages" in where:
            return super().take(where)
        drawn = secrets.randbelow(10)
        if drawn >= len(WEATHER):
            return None
        what = WEATHER[drawn]
        self.met[what] += 1
        return Fault(where, KINDS[what], code=SERVER_TROUBLE[emulator], seconds=0.5)


@pytest.fixture
async def place(postgres_url: str, tmp_path: Path) -> AsyncIterator[tuple[Yard, Weather]]:
    async with stage(tmp_path, postgres_url) as (opened, sandbox):
        weather = Weather()
        object.__setattr__(sandbox.world, "faults", weather)
        await opened.people.call("POST", "switches/slack", {"rates": "off"})
        await opened.people.call("POST", "switches/instagram", {"processing_seconds": 0})
        async with opened.here(sandbox.world.clock):
            await opened.people.install()
        async with yard(opened, sandbox, a_film(tmp_path)) as made:
            yield made, weather


async def _staffed(place: Yard) -> list[Bot]:
    """Start the workers, and somebody who serves the films."""
    ahead = place.sandbox.world.clock.offset
    roles = ["all", *["worker"] * (WORKERS - 1)]
    return [await place.opened.start(role=role, ahead=ahead, until_well=False) for role in roles]


async def _stormed(place: Yard, bots: list[Bot]) -> int:
    """Kill one worker after the other and start it again; return how many died."""
    killed, ends_at = 0, asyncio.get_running_loop().time() + STORM * SENT / 60
    while asyncio.get_running_loop().time() < ends_at and not await _are_done(place):
        await asyncio.sleep(KILLED_EVERY)
        place_of = secrets.randbelow(len(bots))
        role = "all" if place_of == 0 else "worker"
        await bots[place_of].kill()
        ahead = place.sandbox.world.clock.offset
        bots[place_of] = await place.opened.start(role=role, ahead=ahead, until_well=False)
        killed += 1
    return killed


async def _are_done(place: Yard) -> bool:
    return all(each.step in DONE for each in await place.deliveries())


async def _recovered(place: Yard) -> Sequence[Delivery]:
    clock = place.sandbox.world.clock
    clock.advance(LEASE_OVER)
    async with place.opened.here(clock):
        for _ in range(MOST_ROUNDS):
            if await _are_done(place):
                break
            await asyncio.sleep(0.5)
            clock.advance(60)
    return await place.deliveries()


async def test_nothing_is_public_twice_and_nothing_is_lost(
    place: tuple[Yard, Weather], capsys: pytest.CaptureFixture[str]
):
    made, weather = place
    for number in range(SENT):
        await made.approve(list(Platform)[number % 2])
    bots = await _staffed(made)
    weather.is_bad = True
    killed = await _stormed(made, bots)
    for bot in bots:
        await bot.kill()
    weather.is_bad = False
    ended = await _recovered(made)
    truth = await made.truth()
    public = {each.id: truth.get(made.handles[each.id], 0) for each in ended}
    steps = Counter(str(each.step) for each in ended)
    twice = [id_ for id_, times in public.items() if times > 1]
    unseen = [each for each in ended if each.step is DeliveryStep.PUBLISHED and public[each.id] != 1]
    untold = [each for each in ended if each.step not in DONE]
    with capsys.disabled():
        print(f"\n\n{SENT} deliveries, {WORKERS} workers, {killed} killed: {dict(steps)}")
        print(f"{sum(weather.met.values())} calls met trouble: {dict(weather.met)}")
        print(f"public twice {len(twice)}, lost {len(unseen) + len(untold)}\n")
    assert (twice, unseen, untold) == ([], [], [])
    refused = [each for each in ended if each.step is DeliveryStep.REFUSED]
    assert [each.id for each in refused if public[each.id]] == []
