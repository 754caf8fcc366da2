"""The bot killed at every step of a delivery, and inside every call: each post is public exactly once all the same."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it has no stubs
import pytest

from core.domain.account import Platform
from core.domain.delivery import ENDS, Delivery, DeliveryStep
from core.domain.patience import LOOK_FOR
from sandbox.faults import Fault
from tests.scenario.scene import until
from tests.scenario.shipping import Yard, a_film, yard
from tests.scenario.stage import STARTS_WITHIN, Bot, stage

NEVER = 1e8
"""Seconds after which nobody asks any more: what hangs so long never comes."""
ANSWERED_LATER = 100.0
"""Seconds for answers that come while the database holds the bot up."""
LEASE_OVER = 200
MOST_TURNS = 60

BEFORE, INSIDE, AFTER = "before the request", "before the answer", "before the commit"
MOMENTS = (BEFORE, INSIDE, AFTER)
CALLS: Mapping[Platform, Mapping[str, str]] = {
    Platform.TIKTOK: {
        "queued: may it post": "tiktok.creator_info",
        "queued: init": "tiktok.publish.video_init",
        "asked: last piece": "tiktok.upload",
        "asked: look": "tiktok.publish.status",
    },
    Platform.INSTAGRAM: {
        "queued: quota": "instagram.limit",
        "queued: container": "instagram.media",
        "prepared: is it fetched": "instagram.container",
        "asked: publish": "instagram.media_publish",
        "asked: address": "instagram.media_node",
    },
}


@dataclass(frozen=True)
class Cell:
    """One delivery, and where its process was killed."""

    platform: Platform
    call: str
    moment: str
    delivery: Delivery


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_film(tmp_path_factory.mktemp("films"))


@pytest.fixture
async def place(database_url: str, tmp_path: Path, film: bytes) -> AsyncIterator[Yard]:
    """Accounts and films beside a sandbox, and no bot."""
    async with stage(tmp_path, database_url) as (opened, sandbox):
        await opened.people.call("POST", "switches/slack", {"rates": "off"})
        await opened.people.call("POST", "switches/instagram", {"processing_seconds": 0})
        async with opened.here(sandbox.world.clock):
            await opened.people.install()
        async with yard(opened, sandbox, film) as made:
            yield made


def _fault(operation: str, moment: str) -> Fault:
    seconds = ANSWERED_LATER if moment == AFTER else NEVER
    return Fault(operation, "delay", seconds=seconds, when="before" if moment == BEFORE else "after")


async def _park(place: Yard, platform: Platform, name: str, moment: str) -> Cell:
    """Let one delivery go as far as this call, and hang there."""
    faults = place.sandbox.world.faults
    faults.add(_fault(CALLS[platform][name], moment))
    delivery = await place.approve(platform)

    async def is_there() -> bool:
        return not faults.list()

    await until(is_there, f"nobody came to {name}, {moment}", seconds=STARTS_WITHIN)
    return Cell(platform, name, moment, delivery)


@asynccontextmanager
async def _held_up(url: str) -> AsyncIterator[None]:
    """Keep everybody from writing until the block ends."""
    if url.startswith("sqlite"):
        lock = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        yield
        lock.close()
        return
    connection = await asyncpg.connect(url)
    await connection.execute("BEGIN")
    await connection.execute("LOCK TABLE deliveries IN SHARE ROW EXCLUSIVE MODE")
    yield
    await connection.close()


async def _killed_everywhere(place: Yard, url: str) -> Sequence[Cell]:
    """Kill one process after the other, each in every call of a platform at the same moment of it."""
    cells: list[Cell] = []
    for platform, calls in CALLS.items():
        for moment in MOMENTS:
            bot = await place.opened.start(ahead=place.sandbox.world.clock.offset)
            cells += [await _park(place, platform, name, moment) for name in reversed(calls)]  # deepest first
            if moment == AFTER:
                await _answered_in_vain(place, bot, url)
            else:
                await bot.kill()
    return cells


async def _answered_in_vain(place: Yard, bot: Bot, url: str) -> None:
    """Have the answers come while nobody can write them down, and kill the bot then."""
    async with _held_up(url):
        place.sandbox.world.clock.advance(ANSWERED_LATER + 1)
        await asyncio.sleep(0.5)
        await bot.kill()


async def _recovered(place: Yard) -> None:
    clock = place.sandbox.world.clock
    clock.advance(LEASE_OVER)
    async with place.opened.here(clock):
        for _ in range(MOST_TURNS):
            await asyncio.sleep(0.3)
            if all(each.step in ENDS | {DeliveryStep.UNCERTAIN} for each in await place.deliveries()):
                return
            clock.advance(20)


async def test_each_is_public_once_wherever_the_bot_was_killed(
    place: Yard, database_url: str, capsys: pytest.CaptureFixture[str]
):
    cells = await _killed_everywhere(place, database_url)
    before = {each.id: each.step for each in await place.deliveries()}
    await _recovered(place)
    after = {each.id: each for each in await place.deliveries()}
    truth = await place.truth()
    rows = []
    for cell in cells:
        delivery = after[cell.delivery.id]
        public = truth.get(place.handles[delivery.id], 0)
        rows.append((cell, before[delivery.id], delivery, public))
    with capsys.disabled():
        print(_matrix(database_url.partition(":")[0], rows))
    assert [row for row in rows if row[3] != 1] == []
    assert {row[2].step for row in rows} == {DeliveryStep.PUBLISHED}
    assert LOOK_FOR.total_seconds() > place.sandbox.world.clock.offset


def _matrix(database: str, rows: Sequence[tuple[Cell, DeliveryStep, Delivery, int]]) -> str:
    head = f"\n\nkill -9 on {database}\n{'call':38}{'moment':22}{'on record':12}{'afterwards':12}public\n"
    lines = [
        f"{cell.platform + ' ' + cell.call:38}{cell.moment:22}{before:12}{delivery.step:12}{public}"
        for cell, before, delivery, public in rows
    ]
    twice, lost = sum(row[3] > 1 for row in rows), sum(row[3] == 0 for row in rows)
    return head + "\n".join(lines) + f"\n{len(rows)} killed, {twice} public twice, {lost} lost\n"
