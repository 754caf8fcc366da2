"""Renditions for real: pictures, and everything that ends one otherwise than in a new file."""

import asyncio
import os
import signal
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from core.domain.refusals import Refusal
from core.domain.rendition import CannotCopy, Picture, Progress, Recipe
from core.media.local import LocalFile
from core.media.rendition import Costs, IsolatedRenditions
from core.media.sources import OnDisk
from core.usecases.mending import Wish
from tests.media.pictures import jpeg, png
from tests.media.workshop import (
    BOTH,
    a_film,
    children,
    clapper,
    there_are,
)

HEAVY = Picture(
    width=1920, height=1920, canvas_width=1920, canvas_height=1920, rate=Fraction(60), bit_rate=50_000_000
)


async def test_a_picture_becomes_a_jpeg_that_both_take(workshop, tmp_path):
    (tmp_path / "photo.png").write_bytes(png(900, 400))
    made, media, _ = await workshop.one(tmp_path / "photo.png", "tiktok.photo", "instagram.image")
    assert (made.name, media.image.format) == ("photo.jpg", "jpeg")
    assert (media.image.width, media.image.height) == (900, 472)


async def test_a_turned_photo_is_turned(workshop, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(jpeg(1000, 2000, orientation=6))
    _, media, _ = await workshop.one(tmp_path / "photo.jpg", "instagram.image")
    assert (media.image.width, media.image.height, media.image.orientation) == (1440, 754, 1)


async def test_the_same_fix_is_made_once(workshop, tmp_path):
    path = a_film(tmp_path)
    first, _, where = await workshop.one(path)
    made_at = where.stat().st_ino
    (second,), told = await workshop.fix(path, *BOTH)
    assert (first.was_there, second.was_there) == (False, True)
    assert (second.kept, where.stat().st_ino) == (first.kept, made_at)
    assert told == [Progress(0.0)]


async def test_progress_grows_to_one(workshop, tmp_path):
    _, told = await workshop.fix(a_film(tmp_path, pixels="yuv422p"), *BOTH)
    shares = [each.fraction for each in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(shares) > 10


async def test_a_process_started_ahead_makes_the_next_one(tmp_path):
    path, renditions = a_film(tmp_path), IsolatedRenditions(ahead=True)
    with closing(renditions):
        for turn in range(3):
            with LocalFile(path) as source:
                async for _ in renditions.make(source, Recipe(), tmp_path / f"{turn}.mp4"):
                    pass
            await there_are(1)
            assert (tmp_path / f"{turn}.mp4").read_bytes() == (tmp_path / "0.mp4").read_bytes()
            if turn == 0:
                os.kill(children()[0], signal.SIGKILL)  # nobody relies on it
                await there_are(0)
    assert children() == []


async def test_what_is_not_clean_afterwards_is_refused(workshop, tmp_path):
    class Lazy(IsolatedRenditions):
        async def make(self, source, recipe, target):
            target.write_bytes((tmp_path / "film.mp4").read_bytes())
            yield Progress(1.0)

    path = a_film(tmp_path)
    workshop.mending._renditions = Lazy()
    with pytest.raises(Refusal, match="fix_failed"):
        await workshop.fix(path, *BOTH)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
async def test_cancelling_ends_the_process_and_leaves_nothing(workshop, tmp_path):
    path = a_film(tmp_path, width=960, height=720, pixels="yuv422p")
    steps = workshop.mending.fix(OnDisk(path), Wish(targets=BOTH))
    async for step in steps:
        if isinstance(step, Progress) and children():
            break
    await steps.aclose()
    assert children() == []
    assert not [each for each in (tmp_path / "store").rglob("*") if each.is_file()]


async def test_a_cancelled_task_ends_the_process(workshop, tmp_path):
    path = a_film(tmp_path, width=960, height=720, pixels="yuv422p")
    task = asyncio.create_task(workshop.fix(path, *BOTH))
    async with asyncio.timeout(20):
        while not children():  # noqa: ASYNC110 - nobody tells when another process begins
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == []


async def test_a_killed_process_is_an_answer(workshop, tmp_path):
    path = a_film(tmp_path, width=960, height=720, pixels="yuv422p")
    task = asyncio.create_task(workshop.fix(path, *BOTH))
    async with asyncio.timeout(20):
        while not children():  # noqa: ASYNC110 - nobody tells when another process begins
            await asyncio.sleep(0.01)
    for each in children():
        os.kill(each, signal.SIGKILL)
    with pytest.raises(Refusal, match="fix_too_heavy"):
        await task


@pytest.mark.parametrize(
    ("costs", "recipe", "code"),
    [
        ({"largest": 10_000}, Recipe(), "fix_too_large"),
        ({"silent_seconds": 0.01}, Recipe(), "fix_stuck"),
        ({"cpu_seconds": 1}, Recipe(picture=HEAVY), "fix_too_heavy"),
        ({"memory": 700 << 20}, Recipe(picture=HEAVY), "fix_too_heavy"),
    ],
)
async def test_costs_are_bounded(tmp_path, costs, recipe, code):
    path = a_film(tmp_path, frames=90)
    with LocalFile(path) as source, pytest.raises(Refusal) as caught:
        async for _ in IsolatedRenditions(replace(Costs(), **costs)).make(source, recipe, tmp_path / "made"):
            pass
    assert caught.value.code == code


@pytest.mark.parametrize(
    "content", [b"", b"no film", b"\0\0\0\x18ftypmp42" + bytes(100), b"#EXTM3U\nhttp://127.0.0.1/x\n"]
)
async def test_what_is_no_film_is_refused(tmp_path, content):
    (tmp_path / "film.mp4").write_bytes(content)
    with LocalFile(tmp_path / "film.mp4") as source, pytest.raises(Refusal, match="fix_unreadable"):
        async for _ in IsolatedRenditions().make(source, Recipe(), tmp_path / "made"):
            pass


async def test_a_film_cut_off_gives_no_rendition_or_a_whole_one(workshop, tmp_path):
    path = a_film(tmp_path, "film.mkv")
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(Refusal):
        await workshop.fix(path, *BOTH)


async def test_a_track_that_cannot_be_copied_says_so(tmp_path):
    clapper(tmp_path / "clap.mkv", delay=0.4)
    with LocalFile(tmp_path / "clap.mkv") as source, pytest.raises(CannotCopy, match="sound"):
        async for _ in IsolatedRenditions().make(source, Recipe(), tmp_path / "made"):
            pass
