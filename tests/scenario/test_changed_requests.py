"""Changes to a request are kept as they are typed: closed, gone on with from the drafts, asked for in its place."""

from pathlib import Path

from sandbox.journey import button, words
from tests.scenario.posting import Composing, F, composed, direct, made, request, says
from tests.scenario.scene import VELO_CHANNEL, Scene


async def test_changes_are_gone_on_with_and_take_the_requests_place(linked: Scene, tmp_path: Path):
    asked = await composed(linked, made(tmp_path))
    await linked.people.click("requester", VELO_CHANNEL, asked, "post.more", choose="Edit")
    person = Composing(linked)
    view = await person.view("post.media")
    await person.fill("post.media", f"{F}caption", "Halb geschrieben")
    await linked.people.call("POST", "people/close", {"user": "requester", "view_id": view["id"]})
    assert "Halb geschrieben" in words(await direct(linked, "requester", "Your changes to a post"))

    await linked.people.slash("requester", VELO_CHANNEL, "post")
    fresh = await person.view("post.media")
    assert "Halb geschrieben" not in str(fresh), "a new post is another matter"
    await linked.people.call("POST", "people/close", {"user": "requester", "view_id": fresh["id"]})
    await linked.quiet()

    drafts = await linked.people.answer(
        "requester", VELO_CHANNEL, "post list drafts", lambda each: bool(button(each, "post.go_on"))
    )
    assert "changes to a request" in words(drafts)
    await linked.people.click("requester", VELO_CHANNEL, drafts, "post.go_on")
    await person.submit("post.places", {})
    await person.confirm()
    await says(linked, "Halb geschrieben")
    again = await request(linked)
    assert again["ts"] == asked["ts"]
    await linked.people.slash("requester", VELO_CHANNEL, "post list drafts")
    await linked.told("requester", "Nothing here")


async def test_a_request_that_was_only_looked_at_leaves_no_draft(linked: Scene, tmp_path: Path):
    asked = await composed(linked, made(tmp_path))
    await linked.people.click("requester", VELO_CHANNEL, asked, "post.more", choose="Edit")
    view = await Composing(linked).view("post.media")
    await linked.people.call("POST", "people/close", {"user": "requester", "view_id": view["id"]})
    await linked.quiet()
    await linked.people.slash("requester", VELO_CHANNEL, "post list drafts")
    await linked.told("requester", "Nothing here")
