"""A post in Slack, over HTTP: composed, sent back, edited, approved, and public on both platforms."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from sandbox.journey import button, words
from tests.scenario.posting import (
    CAPTION,
    Composing,
    F,
    composed,
    direct,
    idle,
    out,
    public,
    request,
    says,
)
from tests.scenario.scene import AGENCY, HOUR, VELO_CHANNEL, Scene, until
from tests.scenario.wire import wire


async def test_composed_changed_edited_approved_and_out_on_both(linked: Scene, film: bytes):
    asked = await composed(linked, film)
    said = words(asked)
    for part in (
        "asks for approval",
        CAPTION,
        "TikTok video",
        "Instagram Reel",
        "@velowerk",
        "Approvals: 0 of 1",
    ):
        assert part in said, part
    assert button(asked, "post.play")
    await linked.people.click("manager", VELO_CHANNEL, asked, "post.request_changes")
    view = await linked.people.view("manager", "post.reason")
    await linked.people.submit("manager", view, {f"{F}reason": "Say where it was."})
    returned = await says(linked, "needs changes")
    assert "Say where it was." in words(returned)
    assert not button(returned, "post.approve")
    await linked.people.click("requester", VELO_CHANNEL, returned, "post.edit")
    person = Composing(linked)
    await person.submit("post.media", {f"{F}caption": "Am Feldberg. " + CAPTION})
    await person.submit("post.places", {})
    await person.confirm()
    again = await request(linked)
    assert again["ts"] == asked["ts"]
    assert "Before the edit" in words(again)
    await linked.people.click("manager", VELO_CHANNEL, again, "post.approve")
    done = await out(linked)
    assert done["ts"] == asked["ts"]
    assert not button(done, "post.approve")
    assert "See it on Instagram" in words(done)
    for platform in ("tiktok", "instagram"):
        assert len(await public(linked, platform)) == 1
    await linked.told("requester", "this is how it ended")


async def test_a_draft_is_kept_as_it_is_typed_and_gone_on_with(linked: Scene):
    person = Composing(linked)
    await linked.people.slash("requester", VELO_CHANNEL, "post")
    view = await person.view("post.media")
    await person.fill("post.media", f"{F}caption", "Noch nicht fertig")
    await linked.people.call("POST", "people/close", {"user": "requester", "view_id": view["id"]})
    kept = await direct(linked, "requester", "is kept")
    assert "Noch nicht fertig" in words(kept)
    assert button(kept, "post.go_on")
    await linked.people.slash("requester", VELO_CHANNEL, "post")
    again = await person.view("post.media")
    assert "Noch nicht fertig" in str(again)
    assert "This is your draft" in words(again)


async def test_a_form_that_is_closed_while_files_are_fetched_loses_neither_words_nor_files(
    linked: Scene, film: bytes
):
    person = Composing(linked)
    uploaded = await linked.people.upload("requester", VELO_CHANNEL, "ride.mp4", film)
    await linked.people.slash("requester", VELO_CHANNEL, "post")
    await person.submit("post.media", {f"{F}files": [uploaded["file"]], f"{F}caption": "Halb"})
    (view,) = await linked.people.call("GET", "views", user="requester")
    await linked.people.call("POST", "people/close", {"user": "requester", "view_id": view["id"]})
    kept = await direct(linked, "requester", "is kept")
    assert "Halb" in words(kept)
    await idle(linked)
    assert not [each for each in await linked.everything("requester") if "went wrong" in words(each)]
    await linked.people.slash("requester", VELO_CHANNEL, "post")
    assert "ride.mp4" in words(await person.view("post.media"))


async def test_an_empty_form_leaves_nothing_behind(linked: Scene):
    await linked.people.slash("requester", VELO_CHANNEL, "post")
    view = await Composing(linked).view("post.media")
    await linked.people.call("POST", "people/close", {"user": "requester", "view_id": view["id"]})
    await linked.quiet()
    await linked.people.slash("requester", VELO_CHANNEL, "post list drafts")
    await linked.told("requester", "Nothing here")


async def test_what_is_missing_is_said_beside_its_field(linked: Scene, film: bytes):
    person = Composing(linked)
    await linked.people.slash("requester", VELO_CHANNEL, "post")
    assert "Choose a video" in str(await person.submit("post.media", {}))
    await person.media(film)
    nowhere = await person.submit("post.places", {f"{F}tiktok": "off", f"{F}instagram": "off"})
    assert "Choose where it goes" in str(nowhere)
    await person.submit("post.places", {f"{F}tiktok": "tiktok.video", f"{F}instagram": "instagram.reel"})
    assert "required" in str(await person.submit("post.confirm", {f"{F}music": "own"}))


async def test_a_double_press_is_one_post_on_each_platform(linked: Scene, film: bytes):
    asked = await composed(linked, film)
    await linked.people.click("manager", VELO_CHANNEL, asked, "post.approve")
    await linked.people.click("manager", VELO_CHANNEL, asked, "post.approve")
    await out(linked)
    for platform in ("tiktok", "instagram"):
        assert len(await public(linked, platform)) == 1


async def test_a_press_that_is_sent_again_and_again_is_one_post_on_each_platform(linked: Scene, film: bytes):
    asked = await composed(linked, film)
    press = {
        "type": "block_actions",
        "team": {"id": AGENCY},
        "user": {"id": "U0MANAGER", "team_id": AGENCY},
        "trigger_id": "1.2.repeated",
        "actions": [
            {
                "type": "button",
                "action_id": "post.approve",
                "value": button(asked, "post.approve")["value"],
            }
        ],
    }
    body = urlencode({"payload": json.dumps(press)}).encode()
    async with wire(linked) as line:
        for number in range(4):
            again = (
                {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
            )
            assert (await line.slack(body, line.signature(body) | again)).status == 200
    await out(linked)
    for platform in ("tiktok", "instagram"):
        assert len(await public(linked, platform)) == 1


async def test_nobody_approves_their_own_words_and_strangers_are_answered(linked: Scene, film: bytes):
    asked = await composed(linked, film)
    await linked.people.click("requester", VELO_CHANNEL, asked, "post.approve")
    await linked.told("requester", "Only those who approve")
    await linked.people.click("outsider", VELO_CHANNEL, asked, "post.approve")
    await linked.told("outsider", "Only those who approve")
    await linked.people.click("outsider", VELO_CHANNEL, asked, "post.reject")
    assert button(await request(linked), "post.approve"), "the request is untouched"


async def test_an_old_button_is_told_that_there_is_a_newer_version(linked: Scene, film: bytes):
    asked = await composed(linked, film)
    await linked.people.click("requester", VELO_CHANNEL, asked, "post.more", choose="Edit")
    person = Composing(linked)
    await person.submit("post.media", {f"{F}caption": "Anders"})
    await person.submit("post.places", {})
    old = next(each for each in asked["blocks"][-1]["elements"] if each["action_id"] == "post.approve")
    await person.confirm()
    await says(linked, "Anders")
    async with wire(linked) as line:
        await line.press("post.approve", old["value"], user="U0MANAGER", home=AGENCY)
        await direct(linked, "manager", "changed this post meanwhile")
    assert not await public(linked, "tiktok")


async def test_what_waits_for_me_is_listed_and_decided_there(linked: Scene, film: bytes):
    await composed(linked, film)
    await linked.people.slash("manager", VELO_CHANNEL, "approvals")
    listed = await linked.told("manager", "1 post waits for you")
    await linked.people.click("manager", VELO_CHANNEL, listed, "post.reject")
    view = await linked.people.view("manager", "post.reason")
    await linked.people.submit("manager", view, {f"{F}reason": "Falscher Film."})
    rejected = await says(linked, "was rejected")
    assert "Falscher Film." in words(rejected)
    await linked.told("requester", "rejected it")
    await linked.people.slash("requester", VELO_CHANNEL, "approvals")
    await linked.told("requester", "Nothing waits for you")


async def test_what_changed_meanwhile_is_asked_before_it_is_approved(linked: Scene, film: bytes):
    asked = await composed(linked, film)
    await linked.change("tiktok", "velowerk", condition="restricted")
    await linked.later(HOUR)
    await linked.people.click("manager", VELO_CHANNEL, asked, "post.approve")
    question = await linked.told("manager", "can't go out as it is")
    assert question["is_ephemeral"]
    assert not button(question, "post.approve_anyway")
    assert not await public(linked, "instagram")


async def test_a_video_is_cross_posted_from_its_message(linked: Scene, film: bytes):
    uploaded = await linked.people.upload("requester", VELO_CHANNEL, "ride.mp4", film)
    await linked.people.shortcut("requester", VELO_CHANNEL, uploaded, "crosspost_video")
    view = await Composing(linked).view("post.media")
    assert "ride.mp4" in words(view)


async def test_home_shows_what_waits_and_drafts(linked: Scene, film: bytes):
    await composed(linked, film)
    await linked.people.call("POST", "people/home", {"user": "manager"})
    home = await direct_home(linked, "manager", "Waits for your approval")
    assert button(home, "post.approve")


async def direct_home(scene: Scene, user: str, text: str) -> Mapping[str, Any]:
    found: list[Mapping[str, Any]] = []

    async def came() -> bool:
        views = await scene.people.call("GET", "views", user=user)
        found[:] = [each for each in views if text in words(each)]
        return bool(found)

    await until(came, f"{user} never saw {text!r} at home")
    return found[-1]


async def test_who_should_decide_is_reminded_and_in_the_end_it_expires(linked: Scene, film: bytes):
    await composed(linked, film)
    await linked.later(24 * HOUR + 60)
    reminder = await linked.told("manager", "still waits for a decision")
    assert "<@U0MANAGER>" in words(reminder)
    await linked.later(48 * HOUR)
    expired = await says(linked, "expired: nobody decided in time")
    assert not button(expired, "post.approve")
    await linked.told("requester", "nobody decided in time, so it expired")
    assert not await public(linked, "tiktok")
