"""What becomes of a post that people change their minds about, whose film needs a fix, or whose account is another by now."""

import pytest

from sandbox.clips import clip
from sandbox.journey import button, words
from tests.scenario.posting import (
    INSTAGRAM,
    TIKTOK,
    Composing,
    Posted,
    posted,
    public,
    request,
)
from tests.scenario.scene import HOUR, MINUTE, VELO_CHANNEL, Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_film_that_instagram_refuses_is_fixed_in_the_form(velo: Scene):
    person = Composing(velo)
    places = await person.media(clip())
    assert button(places, "post.fix"), words(places)
    stopped = await person.submit("post.places", {})
    assert "errors" not in stopped
    told = await person.view("post.places", "Fix or change what is marked")
    assert button(told, "post.fix")
    await person.press("post.places", "post.fix")
    mended = await person.view("post.places", "Nothing stands against these files")
    assert not button(mended, "post.fix")
    await person.submit("post.places", {})
    await person.confirm()
    post = Posted(velo, (await request(velo))["ts"])
    await post.approve()
    await post.comes_to("is out.")


async def test_withdrawing_asks_first_and_ends_what_waits(velo: Scene, film: bytes):
    post = await posted(velo, film)
    await post.press("requester", "post.more", choose="Withdraw")
    asked = await velo.people.view("requester", "post.withdraw")
    assert "Withdraw the request for *Velo Werk*?" in words(asked)
    await velo.people.call("POST", "people/close", {"user": "requester", "view_id": asked["id"]})
    await post.says("asks for approval")
    await velo.trouble("instagram.media", "throttle", times=-1)
    await velo.trouble("tiktok.publish.video_init", "throttle", times=-1)
    await post.approve()
    await post.comes_to("is approved", "queued")
    await post.press("requester", "post.more", choose="Withdraw")
    asked = await velo.people.view("requester", "post.withdraw")
    assert "what waits to go out is cancelled" in words(asked)
    await velo.people.submit("requester", asked, {})
    await velo.people.view("requester", "notice", holding="Nothing more goes out")
    await post.comes_to("was withdrawn", "cancelled, nothing went out · by <@U0REQUESTER>")
    await velo.people.view("requester", "notice", "Decision")


async def test_a_stranger_to_a_post_cannot_withdraw_it(velo: Scene, film: bytes):
    post = await posted(velo, film)
    await post.press("on-call", "post.more", choose="Withdraw")
    await velo.people.sees(
        "on-call",
        VELO_CHANNEL,
        lambda each: each["is_ephemeral"] and "Only <@U0REQUESTER> or those who approve" in words(each),
    )
    await post.says("asks for approval")


async def test_one_of_two_is_cancelled_until_it_is_asked_for_and_refused_after(velo: Scene, film: bytes):
    count = len(await public(velo, "tiktok"))
    await velo.trouble("tiktok.publish.video_init", "throttle", times=-1)
    await velo.trouble("processing.instagram", "delay", seconds=HOUR)
    post = await posted(velo, film)
    await post.approve()
    message = await post.comes_to(f"*{TIKTOK}*: queued", f"*{INSTAGRAM}*: uploading")
    assert button(message, "delivery.cancel")
    await post.press("on-call", "delivery.cancel", at=TIKTOK)
    await post.comes_to(f"*{TIKTOK}*: cancelled, nothing went out · by <@U0ONCALL>")
    await velo.later(HOUR)
    message = await post.comes_to(f"*{INSTAGRAM}*: public")
    assert not button(message, "delivery.cancel")
    assert len(await public(velo, "tiktok")) == count


async def test_where_another_account_came_in_its_place_a_new_approval_is_offered(velo: Scene, film: bytes):
    await velo.trouble("tiktok.publish.video_init", "throttle", times=-1)
    post = await posted(velo, film)
    await post.approve()
    await post.comes_to(f"*{TIKTOK}*: queued", f"*{INSTAGRAM}*: public")
    await velo.change("tiktok", "velowerk", remove_app=True)
    await velo.clear_sky()
    waiting = await post.comes_to("Relink it, and it goes on by itself", turn=MINUTE)
    assert button(waiting, "link.relink")
    await velo.people.link("manager", VELO_CHANNEL, "tiktok", "velo.fanpage")
    held = await velo.people.sees("manager", VELO_CHANNEL, lambda each: bool(button(each, "link.adopt")))
    await velo.press("manager", held, "link.adopt")
    swapped = await post.comes_to(
        "Another account is linked to TikTok now", "Ask for a new approval", turn=MINUTE
    )
    assert not button(swapped, "link.relink")
    assert not button(swapped, "delivery.again")
    await post.press("requester", "post.copy", at=TIKTOK)
    person = Composing(velo)
    places = await person.view("post.places")
    assert "velo.fanpage" in str(places)
    await person.submit("post.places", {})
    before = {each["ts"] for each in await velo.people.messages("manager", VELO_CHANNEL)}
    await person.confirm()
    again = await request(velo, but=before)
    assert "*TikTok video* as @velo.fanpage" in words(again)
    assert "Instagram" not in words(again)
    assert not [each for each in await public(velo, "tiktok") if each["account"] == "velo.fanpage"]
