"""The bot killed at every step of a delivery, and inside every call: each post is public exactly once all the same."""

import asyncio
import sqlite3
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it has no stubs
import pytest

from core.domain.account import Platform
from core.domain.delivery import Delivery, DeliveryStep
from core.domain.media import Kind
from core.domain.patience import LOOK_FOR
from core.domain.post import Form, TikTokOptions
from sandbox.faults import Fault
from tests.media.pictures import jpeg
from tests.scenario.scene import until
from tests.scenario.shipping import Sort, Yard, a_film, direct, yard
from tests.scenario.stage import STARTS_WITHIN, Bot, stage

NEVER = 1e8
"""Seconds after which nobody asks any more: what hangs so long never comes."""
ANSWERED_LATER = 100.0
"""Seconds for answers that come while the database holds the bot up."""
LEASE_OVER = 200
ENDS_WITHIN = 60

BEFORE, INSIDE, AFTER = "before the request", "before the answer", "before the commit"
MOMENTS = (BEFORE, INSIDE, AFTER)
FILM, PIECES, DRAFT, PHOTOS = "film", "film in pieces", "draft", "photos"
REEL, STORY, CAROUSEL = "reel", "story", "carousel"
CALLS: Mapping[Platform, Sequence[tuple[str, str, str]]] = {
    Platform.TIKTOK: (
        (FILM, "queued: may it post", "tiktok.creator_info"),
        (FILM, "queued: init", "tiktok.publish.video_init"),
        (PIECES, "prepared: first of six", "tiktok.upload"),
        (FILM, "asked: last piece", "tiktok.upload"),
        (DRAFT, "asked: last piece", "tiktok.upload"),
        (PHOTOS, "asked: the only call", "tiktok.publish.content_init"),
        (FILM, "asked: look", "tiktok.publish.status"),
    ),
    Platform.INSTAGRAM: (
        (REEL, "queued: quota", "instagram.limit"),
        (REEL, "queued: container", "instagram.media"),
        (REEL, "prepared: is it fetched", "instagram.container"),
        (REEL, "asked: publish", "instagram.media_publish"),
        (STORY, "asked: publish", "instagram.media_publish"),
        (CAROUSEL, "asked: publish", "instagram.media_publish"),
        (REEL, "asked: address", "instagram.media_node"),
    ),
}
"""What is posted, the call in which its process dies with the step that is on record by then, and its operation."""
REPORTED = {PHOTOS}
"""Their one call is not seen by looking: TikTok names a post only in the answer. A person is asked."""
IN_PIECES = 65_000_000


@dataclass(frozen=True)
class Cell:
    """One delivery, and where its process was killed."""

    platform: Platform
    sort: str
    call: str
    moment: str
    id: str
    on_record: DeliveryStep


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
        sandbox.world.clock.advance(2 * NEVER)  # else the site waits a minute for those that hang


def _fault(operation: str, moment: str) -> Fault:
    seconds = ANSWERED_LATER if moment == AFTER else NEVER
    return Fault(operation, "delay", seconds=seconds, when="before" if moment == BEFORE else "after")


async def _sorts(place: Yard, film: bytes) -> Mapping[str, Sort]:
    """Everything that is posted here, kept in the yard's store."""
    padding = struct.pack(">I4s", IN_PIECES - len(film), b"free").ljust(IN_PIECES - len(film), b"\0")
    large = await place.keep(film + padding, "long ride.mp4", Kind.VIDEO)
    pictures = [await place.keep(jpeg(1080, height), f"{height}.jpg", Kind.IMAGE) for height in (1080, 1350)]
    tiktok, instagram = direct(Platform.TIKTOK), direct(Platform.INSTAGRAM)
    draft = replace(tiktok, tiktok=TikTokOptions(to_inbox=True, consents=True))
    return {
        FILM: Sort(tiktok, (place.item,)),
        PIECES: Sort(tiktok, (large,)),
        DRAFT: Sort(draft, (place.item,)),
        PHOTOS: Sort(replace(tiktok, form=Form.TIKTOK_PHOTO), tuple(pictures)),
        REEL: Sort(instagram, (place.item,)),
        STORY: Sort(replace(instagram, form=Form.STORY), (place.item,)),
        CAROUSEL: Sort(replace(instagram, form=Form.CAROUSEL), tuple(pictures)),
    }


async def _park(place: Yard, sort: Sort, operation: str, moment: str) -> Delivery:
    """Let one delivery go as far as this call, and hang there."""
    faults = place.sandbox.world.faults
    faults.add(_fault(operation, moment))
    delivery = await place.approve(sort.target.platform, sort=sort)

    async def is_there() -> bool:
        return all(each.where != operation for each in faults.list())

    await until(is_there, f"nobody came to {operation}, {moment}", seconds=STARTS_WITHIN)
    return delivery


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


async def _killed_everywhere(place: Yard, url: str, sorts: Mapping[str, Sort]) -> Sequence[Cell]:
    """Kill one process after the other, each in every call of both platforms at the same moment of it."""
    cells: list[Cell] = []
    for moment in MOMENTS:
        bot = await place.opened.start(ahead=place.sandbox.world.clock.offset, often=True)
        parked = await asyncio.gather(*(_parked(place, sorts, platform, moment) for platform in CALLS))
        if moment == AFTER:
            await _answered_in_vain(place, bot, url)
        else:
            await bot.kill()
        steps = {each.id: each.step for each in await place.deliveries()}
        cells += [replace(cell, on_record=steps[cell.id]) for of_one in parked for cell in of_one]
    return sorted(cells, key=lambda cell: list(CALLS).index(cell.platform))


async def _parked(place: Yard, sorts: Mapping[str, Sort], platform: Platform, moment: str) -> Sequence[Cell]:
    """Let one delivery hang in every call of a platform; the deepest first, since the others pass by there."""
    cells = []
    for sort, call, operation in reversed(CALLS[platform]):
        delivery = await _park(place, sorts[sort], operation, moment)
        cells.append(Cell(platform, sort, call, moment, delivery.id, delivery.step))
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
        left = await place.settle(ENDS_WITHIN)
    assert not left, [(each.id, each.step, each.obstacle) for each in left]


async def test_each_is_public_once_wherever_the_bot_was_killed(
    place: Yard, database_url: str, film: bytes, capsys: pytest.CaptureFixture[str]
):
    cells = await _killed_everywhere(place, database_url, await _sorts(place, film))
    await _recovered(place)
    after = {each.id: each for each in await place.deliveries()}
    truth = await place.truth()
    rows = [(cell, after[cell.id], truth.get(place.handles[cell.id], 0)) for cell in cells]
    with capsys.disabled():
        print(_matrix(database_url.partition(":")[0], rows))
    known = [row for row in rows if row[0].sort not in REPORTED]
    assert [row for row in known if (row[2], row[1].step) != (1, DeliveryStep.PUBLISHED)] == []
    reported = [row for row in rows if row[0].sort in REPORTED]
    assert [row for row in reported if row[2] > 1 or row[1].step is not DeliveryStep.UNCERTAIN] == []
    assert LOOK_FOR.total_seconds() > place.sandbox.world.clock.offset


def _matrix(database: str, rows: Sequence[tuple[Cell, Delivery, int]]) -> str:
    """One line for each kill: what was on record then, what is once others have gone on, and how often it is there."""
    head = f"\n\nkill -9 on {database}\n{'post':26}{'step: call':24}{'moment':20}{'on record':11}{'afterwards':12}there\n"
    lines = [
        f"{f'{cell.platform} {cell.sort}':26}{cell.call:24}{cell.moment:20}{cell.on_record:11}{delivery.step:12}{public}"
        for cell, delivery, public in rows
    ]
    twice = sum(row[2] > 1 for row in rows)
    asked = sum(row[1].step is DeliveryStep.UNCERTAIN for row in rows)
    lost = sum(row[2] == 0 and row[1].step is not DeliveryStep.UNCERTAIN for row in rows)
    return (
        head
        + "\n".join(lines)
        + f"\n{len(rows)} killed, {twice} there twice, {lost} lost, {asked} put to a person\n"
    )
