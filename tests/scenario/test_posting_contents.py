"""What is posted: two kinds of files in one post, sound that an account may not use, and what it is too late to stop."""

import hashlib

import pytest

from sandbox.journey import button, words
from tests.media.pictures import jpeg
from tests.scenario.posting import (
    ONLY_TIKTOK,
    TIKTOK,
    Composing,
    F,
    Posted,
    direct,
    posted,
    public,
    request,
)
from tests.scenario.scene import AGENCY, HOUR, VELO_CHANNEL, Scene
from tests.scenario.wire import wire

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_picture_and_a_film_go_out_as_one_carousel_in_their_order(velo: Scene, film: bytes):
    person, files = Composing(velo), [jpeg(1080, 1350), film]
    uploaded = [
        (await velo.people.upload("requester", VELO_CHANNEL, name, content))["file"]
        for name, content in zip(("loaf.jpg", "ride.mp4"), files, strict=True)
    ]
    await velo.people.slash("requester", VELO_CHANNEL, "post")
    await person.submit("post.media", {f"{F}files": uploaded, f"{F}caption": "Beides"})
    places = await person.view("post.places")
    assert "1 picture and 1 video" in words(places)
    assert "tiktok.photo" not in str(places), "TikTok takes pictures or a film, not both"
    await person.submit("post.places", {})
    await person.confirm("")
    asked = await request(velo)
    assert "*Instagram carousel* as @velowerk" in words(asked)
    assert button(asked, "post.show")["text"]["text"] == "View 2 Files"
    post = Posted(velo, asked["ts"])
    await post.press("manager", "post.show")
    details = await velo.people.view("manager", "notice", holding="loaf.jpg")
    beside = [each["accessory"] for each in details["blocks"] if "accessory" in each]
    assert [each["text"]["text"] for each in beside if each["type"] == "button"] == ["View", "Play"]
    await post.approve()
    await post.comes_to("A post for *Velo Werk* is out.")
    (out,) = await public(velo, "instagram")
    assert (out["kind"], out["caption"]) == ("carousel", "Beides")
    assert [each["sha256"] for each in out["media"]] == [hashlib.sha256(each).hexdigest() for each in files]
    assert not await public(velo, "tiktok")


async def test_a_title_for_tiktoks_photos_is_kept_as_it_is_typed(velo: Scene):
    person = Composing(velo)
    places = await person.media(jpeg(1080, 1350), name="loaf.jpg")
    await person.fill("post.places", f"{F}tiktok_title", "Frisch aus dem Ofen")
    await velo.people.call("POST", "people/close", {"user": "requester", "view_id": places["id"]})
    await direct(velo, "requester", "is kept")
    await velo.people.slash("requester", VELO_CHANNEL, "post")
    await person.submit("post.media", {})
    assert "Frisch aus dem Ofen" in str(await person.view("post.places"))


async def test_popular_music_is_no_business_accounts_and_stops_the_request(velo: Scene, film: bytes):
    await velo.change("instagram", "velowerk", type="BUSINESS")
    await velo.later(HOUR)
    before = {each["ts"] for each in await velo.people.messages("manager", VELO_CHANNEL)}
    person = Composing(velo)
    await person.media(film)
    await person.submit("post.places", {})
    await person.fill("post.confirm", f"{F}privacy", "SELF_ONLY")
    chosen = {f"{F}music": "popular", f"{F}consent": ["yes"]}
    await person.submit("post.confirm", chosen)
    stopped = await person.view("post.confirm", "with popular music this post can be muted or taken down")
    assert "Instagram Reel" in words(stopped)
    seen = await velo.people.messages("manager", VELO_CHANNEL)
    assert not [each for each in seen if button(each, "post.approve") and each["ts"] not in before]
    await person.submit("post.confirm", chosen | {f"{F}music": "commercial"})
    asked = await request(velo, but=before)
    assert "Music: from a library cleared for commercial use" in words(asked)


async def test_a_cancel_that_comes_too_late_is_told_and_changes_nothing(velo: Scene, film: bytes):
    count = len(await public(velo, "tiktok"))
    await velo.trouble("tiktok.publish.video_init", "throttle", times=-1)
    post = await posted(velo, film, **ONLY_TIKTOK)
    await post.approve()
    waiting = await post.comes_to(f"*{TIKTOK}*: queued", "TikTok asks us to wait", "Next try at")
    late = post.value(waiting, "delivery.cancel")
    await velo.clear_sky()
    await velo.trouble("processing.tiktok", "delay", seconds=HOUR)
    asked = await post.comes_to("TikTok is processing it")
    assert not button(asked, "delivery.cancel")
    async with wire(velo) as line:
        await line.press("delivery.cancel", late, user="U0ONCALL", home=AGENCY)
    await direct(velo, "on-call", "It is too late for that: TikTok has it already.")
    await velo.later(HOUR)
    await post.comes_to("A post for *Velo Werk* is out.")
    assert len(await public(velo, "tiktok")) == count + 1
