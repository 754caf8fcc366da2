"""Posts and time: those for a later hour, those that missed it, those that a platform still checks, drafts in the inbox."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from sandbox.journey import button, words
from tests.scenario.posting import (
    INSTAGRAM,
    TIKTOK,
    Composing,
    F,
    Posted,
    posted,
    public,
    request,
)
from tests.scenario.scene import HOUR, MINUTE, VELO_CHANNEL, Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERYONE = {"places": {f"{F}instagram": "off"}, "privacy": "PUBLIC_TO_EVERYONE"}


@pytest_asyncio.fixture(loop_scope="module")
async def velo(room: Scene) -> AsyncIterator[Scene]:
    """What one story left is over before the next."""
    await room.later(2 * MINUTE)
    yield room
    await room.clear_sky()
    await room.switch("tiktok", moderation_seconds=60)
    await room.change("tiktok", "velowerk", private=True)


async def planned(scene: Scene, film: bytes, *, tiktok: str = "tiktok.video") -> tuple[Posted, datetime]:
    """Ask for a post that goes out on the full hour after next, by the client's clock, and return it with its time."""
    now = scene.demo.runtime.clock.now().astimezone(ZoneInfo("Europe/Berlin"))
    at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    before = {each["ts"] for each in await scene.people.messages("manager", VELO_CHANNEL)}
    person = Composing(scene)
    await person.media(film)
    await person.fill("post.places", f"{F}when", "at")
    await person.submit(
        "post.places", {f"{F}tiktok": tiktok, f"{F}day": f"{at:%Y-%m-%d}", f"{F}time": f"{at:%H:%M}"}
    )
    answer = await person.confirm("" if tiktok == "off" else "SELF_ONLY")
    assert "errors" not in answer, answer
    post = Posted(scene, (await request(scene, but=before))["ts"])
    await post.says("Goes out at", f"{at:%H:%M} Europe/Berlin")
    return post, at


async def turn_to(scene: Scene, at: datetime, *, late: float = 0) -> None:
    left = (at - scene.demo.runtime.clock.now()).total_seconds() + late
    await scene.people.turn_clock(left)


async def test_a_post_for_later_leaves_at_its_time_and_not_before(velo: Scene, film: bytes):
    counts = {each: len(await public(velo, each)) for each in ("tiktok", "instagram")}
    post, at = await planned(velo, film)
    await post.approve()
    await post.comes_to("is approved", f"*{TIKTOK}*: queued for", f"*{INSTAGRAM}*: queued for")
    await post.thread("It goes out at")
    await turn_to(velo, at, late=-MINUTE)
    await velo.quiet()
    assert {each: len(await public(velo, each)) for each in counts} == counts
    await turn_to(velo, at)
    await post.comes_to("A post for *Velo Werk* is out.")
    newest = (await public(velo, "instagram"))[-1]
    assert datetime.fromisoformat(newest["published_at"]) - at < timedelta(minutes=5)


async def test_what_missed_its_time_is_asked_about_and_never_sent_silently(velo: Scene, film: bytes):
    count = len(await public(velo, "instagram"))
    for answer, end in (
        ("delivery.send", "A post for *Velo Werk* is out."),
        ("delivery.drop", "was cancelled"),
    ):
        post, at = await planned(velo, film, tiktok="off")
        await post.approve()
        await post.comes_to(f"*{INSTAGRAM}*: queued for")
        await velo.change("instagram", "velowerk", remove_app=True)
        await turn_to(velo, at)
        await post.comes_to("needs somebody", turn=MINUTE)
        await turn_to(velo, at, late=HOUR)
        missed = await post.comes_to(
            "missed its time, nothing went out", "Shall it go out now, or not at all?"
        )
        assert button(missed, "delivery.send")
        assert button(missed, "delivery.drop")
        await post.thread("missed its time")
        await velo.people.link("requester", VELO_CHANNEL, "instagram", "velowerk")
        await velo.later(MINUTE)
        await post.says("missed its time, nothing went out")
        await post.press("manager", answer)
        await post.comes_to(end)
    assert len(await public(velo, "instagram")) == count + 1


async def test_what_nobody_was_there_for_at_its_time_is_asked_about_once_for_both(velo: Scene, film: bytes):
    counts = {each: len(await public(velo, each)) for each in ("tiktok", "instagram")}
    post, at = await planned(velo, film)
    await post.approve()
    await post.comes_to(f"*{TIKTOK}*: queued for", f"*{INSTAGRAM}*: queued for")
    await turn_to(velo, at, late=HOUR)
    missed = await post.comes_to(
        f"*{TIKTOK}*: missed its time, nothing went out", f"*{INSTAGRAM}*: missed its time, nothing went out"
    )
    assert "needs somebody" in words(missed)
    await post.thread("Shall it go out now, or not at all?")
    assert {each: len(await public(velo, each)) for each in counts} == counts
    await post.press("manager", "delivery.drop", at=TIKTOK)
    await post.press("manager", "delivery.drop", at=INSTAGRAM)
    await post.comes_to("was cancelled: nothing went out")
    await post.thread("this is how it ended")
    seen = await velo.people.messages("manager", VELO_CHANNEL)
    rung = [
        each for each in seen if each.get("thread_ts") == post.ts and "Shall it go out now" in words(each)
    ]
    assert len(rung) == 1, "one time that was missed rings once"


async def test_moderation_takes_its_time_and_the_permalink_follows(velo: Scene, film: bytes):
    await velo.change("tiktok", "velowerk", private=False)
    await velo.switch("tiktok", moderation_seconds=HOUR)
    post = await posted(velo, film, **EVERYONE)
    await post.approve()
    checked = await post.comes_to("taken by TikTok, which still checks it before others see it")
    assert "See it on TikTok" not in words(checked)
    out = await post.comes_to("A post for *Velo Werk* is out.", "See it on TikTok", turn=10 * MINUTE)
    assert f"*{TIKTOK}*: public" in words(out)
    await post.thread("this is how it ended")


async def test_tiktoks_own_word_brings_the_news_before_we_would_ask(velo: Scene, film: bytes):
    await velo.change("tiktok", "velowerk", private=False)
    await velo.switch("tiktok", moderation_seconds=HOUR)
    post = await posted(velo, film, **EVERYONE)
    await post.approve()
    await post.comes_to("taken by TikTok, which still checks it")
    await velo.people.turn_clock(HOUR)
    await post.comes_to(f"*{TIKTOK}*: public", turn=1)
    told: list[Any] = await velo.people.call("GET", "deliveries", platform="tiktok")
    assert "publicly_available" in str(told)


async def test_a_draft_in_the_inbox_is_delivered_once_it_is_there(velo: Scene, film: bytes):
    post = await posted(
        velo, film, places={f"{F}tiktok": "tiktok.video:inbox", f"{F}instagram": "off"}, privacy=""
    )
    await post.approve()
    there = await post.comes_to("in the account's inbox: its owner finishes it in the TikTok app")
    assert not button(there, "delivery.cancel")
    await post.thread("this is how it ended")
