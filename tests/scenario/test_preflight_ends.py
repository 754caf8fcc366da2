"""Preflight that ends otherwise: the bot stops in between, or Slack's address for answers has run out."""

from fractions import Fraction
from pathlib import Path

import pytest

from sandbox.journey import button, words
from tests.media.films import Film, make
from tests.scenario.scene import HOUR, VELO_CHANNEL, Scene, until

DIRECT = "D0REQUESTER"
LONG = Film(width=1080, height=1920, rate=Fraction(5), frames=20, options={"crf": "50"}, sounds=())
"""What takes a while to make anew: too few frames a second for Instagram."""


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> bytes:
    file: Path = tmp_path_factory.mktemp("films") / "long.mp4"
    make(file, LONG)
    return file.read_bytes()


async def a_fix_under_way(scene: Scene, content: bytes):
    """Return the card's message, which shows how far the new version is."""
    uploaded = await scene.people.upload("requester", VELO_CHANNEL, "Long.mp4", content)
    await scene.people.shortcut("requester", VELO_CHANNEL, uploaded, "preflight_video")
    card = await scene.people.sees(
        "requester", VELO_CHANNEL, lambda each: bool(button(each, "preflight.fix"))
    )
    await scene.people.click("requester", VELO_CHANNEL, card, "preflight.fix")
    return await scene.people.sees(
        "requester", VELO_CHANNEL, lambda each: bool(button(each, "preflight.cancel"))
    )


def half_files(scene: Scene) -> list[Path]:
    """What the store is still being given."""
    return list(scene.demo.runtime.media._making.iterdir())


async def test_a_bot_that_ends_says_so_and_leaves_no_half_file(scene: Scene, film: bytes):
    working = await a_fix_under_way(scene, film)

    async def is_writing() -> bool:
        return bool(half_files(scene))

    await until(is_writing, "nothing was being made")
    await scene.demo.runtime.desk.jobs.drain(0)
    told = await scene.told("requester", "is being restarted")
    assert told["ts"] == working["ts"]
    assert "Nothing was changed" in words(told)
    assert not button(told, "preflight.cancel")
    assert half_files(scene) == []
    await scene.people.click("requester", VELO_CHANNEL, told, "preflight.fix")
    await scene.told("requester", "Crosslink is being restarted. Try again in a minute.")


async def test_an_answer_that_comes_too_late_for_its_place_comes_directly(scene: Scene, film: bytes):
    await a_fix_under_way(scene, film)
    await scene.people.turn_clock(HOUR)
    made = await scene.people.sees("requester", DIRECT, lambda each: bool(button(each, "preflight.download")))
    assert "Blocked" not in words(made)
    pictures = [each for each in made["blocks"] if (each.get("accessory") or {}).get("type") == "image"]
    assert pictures == [], "a direct message outlives the address of a picture"
    assert len([each for each in await scene.read("requester", DIRECT) if "Long.mp4" in each]) == 1
