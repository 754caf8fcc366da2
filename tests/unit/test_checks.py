"""What the doctor says about the address from which platforms fetch files, and about the files."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import wiring
from bot.clock import SystemClock
from bot.commands import checks
from bot.settings import Settings
from bot.wiring.adapters import open_adapters
from storage.media_store import FolderStore
from tests.builders import a_client, a_content, a_post, an_item


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("https://links.example.com", True),
        ("https://8.8.8.8", True),
        ("http://links.example.com", False),
        ("https://localhost", False),
        ("https://10.0.0.7", False),
        ("https://[::1]", False),
        ("https://crosslink.internal", False),
    ],
)
async def test_platforms_fetch_from_public_https_alone(address: str, is_public: bool):
    (check,) = await checks._publishing(Settings.model_validate({"base_url": address}))
    assert ("URL properties" in check.do) is is_public
    assert f"{address}/media/" in check.says


async def test_files_of_posts_that_lie_on_another_machine_are_missed(tmp_path: Path):
    settings = Settings.model_validate({"data_dir": tmp_path})
    assert await checks._files(settings) == [], "no database, which is told of already"
    await wiring.migrate(settings)
    film = await FolderStore(tmp_path / "media").keep(_pieces(), at=SystemClock().now(), largest=9)
    client = a_client()
    items = (an_item(sha256=film.sha256, size=film.size), an_item(sha256="ab" * 32))
    adapters = open_adapters(settings, SystemClock())
    async with adapters.work.writing() as unit:
        await unit.clients.save(client)
        post = await unit.posts.save(a_post(client, content=a_content(items=items)))
        await unit.commit()
    (check,) = await checks._files(settings)
    assert check.verdict is checks.Verdict.FAILED
    assert "1 of 2 files" in check.says
    assert "one shared folder" in check.do
    async with adapters.work.writing() as unit:
        await unit.posts.save(replace(post, content=a_content(items=items[:1])))
        await unit.commit()
    (check,) = await checks._files(settings)
    assert check.verdict is checks.Verdict.OK
    await adapters.close()


async def _pieces() -> AsyncIterator[bytes]:
    yield b"film"
