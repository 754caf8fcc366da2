"""The media store: files by their content, whole or not at all, gone when nobody asks."""

import asyncio
import hashlib
import os
import tracemalloc
from datetime import timedelta

import pytest

from core.domain.refusals import Refusal
from core.ports import Kept
from storage.media_store import FolderStore
from tests.builders import NOW

LARGE = 1 << 30


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path, capacity=10_000)


async def stream(*pieces):
    for each in pieces:
        yield each


async def keep(store, content, at=NOW):
    return await store.keep(stream(content), at=at, largest=LARGE)


def left(tmp_path):
    return sorted(each.name for each in tmp_path.rglob("*") if each.is_file())


async def test_a_file_is_named_by_its_content_and_kept_once(store, tmp_path):
    kept = await store.keep(stream(b"ab", b"c"), at=NOW, largest=3)
    assert kept == Kept(sha256=hashlib.sha256(b"abc").hexdigest(), size=3)
    assert await keep(store, b"abc") == kept
    assert left(tmp_path) == [kept.sha256]


async def test_what_is_kept_is_read_back_in_parts(store):
    kept = await keep(store, b"0123456789")
    with store.open(kept, name="film.mp4") as file:
        assert (file.name, file.size) == ("film.mp4", 10)
        assert await file.read(3, 4) == b"3456"
        assert await file.read(8, 100) == b"89"


async def test_what_is_too_large_leaves_nothing(store, tmp_path):
    with pytest.raises(Refusal, match="media_too_large"):
        await store.keep(stream(b"abc", b"d"), at=NOW, largest=3)
    assert left(tmp_path) == []


async def test_a_stream_that_breaks_leaves_nothing(store, tmp_path):
    async def breaking():
        yield b"abc"
        raise Refusal("url_cut_short")

    with pytest.raises(Refusal, match="url_cut_short"):
        await store.keep(breaking(), at=NOW, largest=LARGE)
    assert left(tmp_path) == []


async def test_a_stream_that_is_cancelled_leaves_nothing(store, tmp_path):
    began = asyncio.Event()

    async def endless():
        yield bytes(2 << 20)
        began.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(store.keep(endless(), at=NOW, largest=LARGE))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left(tmp_path) == []


async def test_what_is_gone_is_refused(store, tmp_path):
    kept = await keep(store, b"abc")
    for file in tmp_path.rglob(kept.sha256):
        file.unlink()
    with pytest.raises(Refusal, match="media_gone"):
        store.open(kept, name="film.mp4")
    assert await store.find(kept.sha256, at=NOW) is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "a" * 63, "a" * 64 + "\n"])
async def test_only_digests_become_part_of_a_path(store, name):
    with pytest.raises(ValueError, match="SHA-256"):
        await store.find(name, at=NOW)
    with pytest.raises(ValueError, match="SHA-256"):
        await store.made(name, at=NOW)


async def test_a_finished_file_is_taken_over_and_scratch_is_cleaned(store, tmp_path):
    async with store.scratch() as file:
        file.write_bytes(b"made")
        kept = await store.adopt(file, at=NOW)
        assert not file.exists()
    async with store.scratch() as file:
        file.write_bytes(b"not wanted")
    assert left(tmp_path) == [kept.sha256] == [hashlib.sha256(b"made").hexdigest()]


async def test_what_a_recipe_gave_is_remembered_as_long_as_it_is_there(store):
    recipe = hashlib.sha256(b"recipe").hexdigest()
    assert await store.made(recipe, at=NOW) is None
    kept = await keep(store, b"made")
    await store.note(recipe, kept)
    assert await store.made(recipe, at=NOW) == kept
    await store.tidy(NOW + timedelta(days=8), referenced=[])
    assert await store.made(recipe, at=NOW) is None


@pytest.mark.parametrize("left_over", [b"", b"0f3a", b"\xff" * 64], ids=["empty", "half", "damaged"])
async def test_a_recipe_whose_note_a_crash_cut_short_is_carried_out_anew(store, tmp_path, left_over):
    recipe = hashlib.sha256(b"recipe").hexdigest()
    kept = await keep(store, b"made")
    await store.note(recipe, kept)
    (note,) = [each for each in tmp_path.rglob(recipe) if each.is_file()]
    note.write_bytes(left_over)
    assert await store.made(recipe, at=NOW) is None
    await store.tidy(NOW, referenced=[kept.sha256])
    assert not note.exists()
    await store.note(recipe, kept)
    assert await store.made(recipe, at=NOW) == kept


async def test_what_nobody_asks_for_goes_and_what_is_referred_to_stays(store):
    old, fresh, wanted = [await keep(store, each) for each in (b"old", b"fresh", b"wanted")]
    later = NOW + timedelta(days=8)
    await store.find(fresh.sha256, at=later)
    assert await store.tidy(later, referenced=[wanted.sha256]) == old.size
    assert await store.find(old.sha256, at=later) is None
    assert await store.find(fresh.sha256, at=later) == fresh
    assert await store.find(wanted.sha256, at=later) == wanted


async def test_a_full_store_lets_the_oldest_go_but_none_in_use(store):
    first, second, third = [
        await keep(store, bytes([number]) * 4000, NOW + timedelta(minutes=40 * number)) for number in range(3)
    ]
    assert await store.tidy(NOW + timedelta(minutes=90), referenced=[first.sha256]) == 0
    assert await store.tidy(NOW + timedelta(minutes=110), referenced=[first.sha256]) == 4000
    assert [await store.find(each.sha256, at=NOW) for each in (first, second, third)] == [first, None, third]


async def test_what_a_killed_process_left_goes_after_a_day(store, tmp_path):
    async with store.scratch() as file:
        abandoned = file.with_name("abandoned")
        abandoned.write_bytes(b"x")
        os.utime(abandoned, (NOW.timestamp(), NOW.timestamp()))
    await store.tidy(NOW + timedelta(hours=23), referenced=[])
    assert abandoned.exists()
    await store.tidy(NOW + timedelta(hours=25), referenced=[])
    assert not abandoned.exists()


async def test_a_large_file_goes_through_in_constant_memory(store):
    piece = bytes(1 << 16)

    async def many():
        for _ in range(1024):
            yield piece

    tracemalloc.start()
    kept = await store.keep(many(), at=NOW, largest=LARGE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept.size == 64 << 20
    assert peak < 8 << 20


async def test_the_same_file_from_two_at_once_is_one_file(store, tmp_path):
    kept = await asyncio.gather(*(keep(store, b"same") for _ in range(8)))
    assert len(set(kept)) == 1
    assert left(tmp_path) == [kept[0].sha256]
