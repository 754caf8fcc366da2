"""What nobody needs any more goes; the files that a post may need stay."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.post import PostStep
from core.ports import Kept
from core.usecases.tidying import KEPT, Tidying
from storage.media_store import FolderStore
from tests.builders import NOW, a_content, a_fact, a_post, an_item
from tests.unit.usecases.agency import Agency


class Bot:
    """An agency with a media store."""

    def __init__(self, folder: Path) -> None:
        self.agency = Agency()
        self.store = FolderStore(folder)
        self.tidying = Tidying(work=self.agency.work, clock=self.agency.clock, store=self.store)

    async def keep(self, content: bytes) -> Kept:
        async def pieces() -> AsyncIterator[bytes]:
            yield content

        return await self.store.keep(pieces(), at=self.agency.clock.now(), largest=100)

    async def has(self, kept: Kept) -> bool:
        return await self.store.find(kept.sha256, at=NOW) is not None


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return Bot(tmp_path)


async def test_files_stay_as_long_as_a_post_needs_them_and_a_month_longer(bot: Bot) -> None:
    film, other = await bot.keep(b"a film"), await bot.keep(b"another")
    agency = bot.agency
    client = await agency.client()
    content = a_content(items=(an_item(sha256=film.sha256, size=film.size),))
    async with agency.work.writing() as unit:
        post = await unit.posts.save(a_post(client, content=content, step=PostStep.REQUESTED))
        await unit.commit()
    agency.clock.turn(days=60)
    await bot.tidying.tidy()
    assert (await bot.has(film), await bot.has(other)) == (True, False)
    async with agency.work.writing() as unit:
        await unit.posts.save(post.to(PostStep.REJECTED, agency.clock.now()))
        await unit.commit()
    agency.clock.turn(KEPT)
    await bot.tidying.tidy()
    assert await bot.has(film)
    agency.clock.turn(timedelta(seconds=1))
    await bot.tidying.tidy()
    assert not await bot.has(film)


async def test_rows_go_in_small_steps_until_none_is_left(bot: Bot) -> None:
    agency = bot.agency
    async with agency.work.writing() as unit:
        await unit.facts.add(*(a_fact() for _ in range(501)))
        taken = await unit.facts.untold(NOW, owner="a", until=NOW, limit=501)
        await unit.facts.told(*(each.id for each in taken), at=NOW, owner="a")
        await unit.commit()
    agency.clock.turn(KEPT + timedelta(seconds=1))
    before = agency.work.commits
    assert await bot.tidying.tidy() == 501
    assert agency.work.commits - before == 3
