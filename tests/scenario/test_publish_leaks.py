"""What publishing leaves behind names posts, steps and codes, and nothing that opens or tells anything."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from core.domain.account import Platform
from core.domain.delivery import DeliveryStep
from sandbox.faults import Fault
from tests.scenario.scene import until
from tests.scenario.shipping import Yard, a_film, yard
from tests.scenario.stage import Bot, stage

TROUBLE = (
    (Platform.TIKTOK, Fault("tiktok.publish.video_init", "drop_after")),
    (Platform.TIKTOK, Fault("tiktok.upload", "drop_after")),
    (Platform.TIKTOK, Fault("tiktok.publish.status", "corrupt")),
    (Platform.INSTAGRAM, Fault("instagram.media", "corrupt")),
    (Platform.INSTAGRAM, Fault("instagram.media_publish", "drop_after")),
)
CONTENT = re.compile(r"Ride \d|ride\.mp4|PUBLIC_TO_EVERYONE")
OPENS = re.compile(r"upload_token=[^•]|/media/[\w-]{20,}|access_token=[^•]")
ENDED_WITHIN = 90


@pytest.fixture
async def place(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Yard]:
    """Accounts and films beside a sandbox, and no bot."""
    async with stage(tmp_path, sqlite_url) as (opened, sandbox):
        await opened.people.call("POST", "switches/slack", {"rates": "off"})
        await opened.people.call("POST", "switches/instagram", {"processing_seconds": 0})
        async with opened.here(sandbox.world.clock):
            await opened.people.install()
        async with yard(opened, sandbox, a_film(tmp_path)) as made:
            yield made


async def _shipped(place: Yard) -> None:
    """Send one post into each kind of trouble, and one of each platform without any."""
    for platform, fault in TROUBLE:
        place.sandbox.world.faults.add(fault)
        await place.approve(platform)
        await until(_is_met(place), f"nobody met {fault.where}", seconds=ENDED_WITHIN)
    smooth = [(await place.approve(platform)).id for platform in Platform]

    async def are_out() -> bool:
        found = {each.id: each.step for each in await place.deliveries()}
        return all(found[id_] is DeliveryStep.PUBLISHED for id_ in smooth)

    await until(are_out, "what met no trouble never came out", seconds=ENDED_WITHIN)


def _is_met(place: Yard):
    async def is_met() -> bool:
        return not place.sandbox.world.faults.list()

    return is_met


async def _metrics(bot: Bot) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}/metrics") as answer,
    ):
        return await answer.text()


@pytest.mark.timeout(300)
async def test_publishing_leaves_names_and_codes_behind_and_nothing_else(place: Yard):
    bot = await place.opened.start(often=True, log_level="debug", log_format="json")
    await _shipped(place)
    counted = await _metrics(bot)
    await bot.stop()
    printed = await place.opened.run("posts", "--json")
    told_of = [
        place.opened.run("history", "--post", each.post_id, "--json") for each in await place.deliveries()
    ]
    stories = await asyncio.gather(*told_of)
    logged = bot.log.read_text()
    for name, text in {"log": logged, "metrics": counted, "posts": printed, "stories": str(stories)}.items():
        assert not [each for each in place.sandbox.world.mint.minted() if each in text], name
        assert not CONTENT.search(text), name
        assert not OPENS.search(text), name
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    told = [each for each in lines if {"post", "delivery", "step", "provider", "code", "log_id"} <= set(each)]
    assert {each["step"] for each in told} >= {"asked", "published"}
    assert {each["provider"] for each in told} == {"tiktok", "instagram"}
    assert 'crosslink_delivery_steps_total{platform="tiktok",step="published"}' in counted
    assert 'crosslink_delivery_outcomes_total{code="",outcome="published",platform="instagram"}' in counted
    assert 'crosslink_platform_call_seconds_count{call="ask",outcome="unconfirmed"' in counted
    assert all('"what": "published"' in each for each in stories[-2:])
