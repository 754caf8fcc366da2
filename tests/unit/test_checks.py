"""What the doctor says about this machine: settings, folder, keys, database, and the files of posts."""

import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.commands import checks_here, checks_outside
from bot.commands.check import Verdict
from bot.settings import Settings
from bot.wiring import upkeep
from bot.wiring.keys import key_file
from bot.wiring.stored import open_stored
from storage.media_store import FolderStore
from storage.vault import new_key
from tests.builders import a_client, a_content, a_linked_connection, a_post, an_item, credentials

ROOT = Path(__file__).parents[2]
NOWHERE = "postgresql://crosslink:secret-password@127.0.0.1:9/crosslink"


def given(folder: Path, **changes: Any) -> Settings:
    return Settings.model_validate({"data_dir": folder, **changes})


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
async def test_platforms_fetch_from_public_https_alone(tmp_path: Path, address: str, is_public: bool):
    (check,) = await checks_outside.publishing(given(tmp_path, base_url=address))
    assert ("URL properties" in check.do) is is_public
    assert f"{address}/media/" in check.says


async def test_looking_makes_nothing(tmp_path: Path):
    settings = given(tmp_path / "data")
    for look in (checks_here.folder, checks_here.keys, checks_here.database, checks_here.files):
        assert {each.verdict for each in await look(settings)} <= {Verdict.NOTE}
    assert not settings.data_dir.exists()


LOOKED_BY_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from bot.commands import checks_here
from bot.settings import Settings

async def look():
    given = Settings.model_validate({"data_dir": Path(sys.argv[1])})
    checks = (checks_here.folder, checks_here.keys, checks_here.database, checks_here.files)
    return [str(found.verdict) for check in checks for found in await check(given)]

if os.getuid() == 0:
    os.setuid(65534)
print(*asyncio.run(look()))
"""


def test_a_folder_that_this_user_may_not_see_is_said(tmp_path: Path):
    (tmp_path / "closed").mkdir(mode=0)
    program = [sys.executable, "-c", LOOKED_BY_NOBODY, str(tmp_path / "closed" / "data")]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout.split(), ran.stderr) == (["failed", "note", "note"], "")


async def test_a_folder_that_is_a_file_is_said(tmp_path: Path):
    (tmp_path / "data").write_text("")
    (check,) = await checks_here.folder(given(tmp_path / "data"))
    assert check.verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (NOWHERE, "doesn't answer"),
        ("mysql://localhost/x", "CROSSLINK_DATABASE_URL can't be used"),
        ("no address", "CROSSLINK_DATABASE_URL can't be used"),
        ("sqlite:////proc/nowhere/x.db", "can't be used"),
    ],
)
async def test_a_database_that_cant_be_had_is_a_sentence_without_its_password(
    tmp_path: Path, address: str, said: str
):
    settings = given(tmp_path, database_url=address, encryption_keys=new_key())
    (check,) = await checks_here.database(settings)
    assert (check.verdict, said in check.says, "CROSSLINK_DATABASE_URL" in check.do) == (
        Verdict.FAILED,
        True,
        True,
    )
    assert "secret-password" not in check.says
    assert await checks_here.files(settings) == []


async def test_what_is_made_is_its_users_alone(tmp_path: Path):
    settings = given(tmp_path / "data")
    await upkeep.migrate(settings)
    await open_stored(settings).database.close()
    made = [settings.data_dir, settings.database_file, key_file(settings)]
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o700, 0o600, 0o600]


async def test_rows_that_no_key_opens_are_counted(tmp_path: Path):
    settings = given(tmp_path, encryption_keys=new_key("old"))
    await upkeep.migrate(settings)
    await _sealed(settings)
    (check,) = await checks_here.keys(settings)
    assert check.verdict is Verdict.OK
    (check,) = await checks_here.keys(given(tmp_path, encryption_keys=new_key("new")))
    assert (check.verdict, "1 rows" in check.says, "old" in check.says) == (Verdict.FAILED, True, True)


async def _sealed(settings: Settings) -> None:
    stored, client = open_stored(settings), a_client()
    connection = a_linked_connection(client)
    async with stored.work.writing() as unit:
        await unit.clients.save(client)
        await unit.connections.save(connection)
        await unit.credentials.put(connection.id, credentials())
        await unit.commit()
    await stored.database.close()


async def test_a_database_without_its_key_is_an_error_and_gets_no_new_one(tmp_path: Path):
    settings = given(tmp_path)
    await upkeep.migrate(settings)
    await checks_here.files(settings)
    (check,) = await checks_here.keys(settings)
    assert (check.verdict, "The next start" in check.says) == (Verdict.NOTE, True), "nothing is sealed yet"
    await _sealed(settings)
    key_file(settings).unlink()
    (check,) = await checks_here.keys(settings)
    assert (
        check.verdict,
        f"1 rows in the database are sealed, and there is no key, neither in {key_file(settings)}"
        in check.says,
    ) == (Verdict.FAILED, True)
    await checks_here.files(settings)
    assert not key_file(settings).exists()


@pytest.mark.parametrize("content", ["no key", "a:b", "\u20ac"])
async def test_a_spoilt_key_file_is_named(tmp_path: Path, content: str):
    settings = given(tmp_path)
    key_file(settings).write_text(content, encoding="utf-8")
    (check,) = await checks_here.keys(settings)
    assert (check.verdict, str(key_file(settings)) in check.says) == (Verdict.FAILED, True)


async def test_files_of_posts_that_lie_on_another_machine_are_missed(tmp_path: Path):
    settings = given(tmp_path)
    assert await checks_here.files(settings) == [], "no database, which is told of already"
    await upkeep.migrate(settings)
    film = await FolderStore(tmp_path / "media").keep(_pieces(), at=SystemClock().now(), largest=9)
    client = a_client()
    items = (an_item(sha256=film.sha256, size=film.size), an_item(sha256="ab" * 32))
    stored = open_stored(settings)
    async with stored.work.writing() as unit:
        await unit.clients.save(client)
        post = await unit.posts.save(a_post(client, content=a_content(items=items)))
        await unit.commit()
    (check,) = await checks_here.files(settings)
    assert check.verdict is Verdict.FAILED
    assert "1 of 2 files" in check.says
    assert "one shared folder" in check.do
    async with stored.work.writing() as unit:
        await unit.posts.save(replace(post, content=a_content(items=items[:1])))
        await unit.commit()
    (check,) = await checks_here.files(settings)
    assert check.verdict is Verdict.OK
    await stored.database.close()


async def _pieces() -> AsyncIterator[bytes]:
    yield b"film"
