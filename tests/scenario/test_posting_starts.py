"""How a post begins: from a message or an address, for a client that is asked for, and decided about from a list."""

import pytest

from sandbox.journey import button, words
from sandbox.seed import BAKERY
from tests.scenario.posting import Composing, F, composed, direct, idle, says
from tests.scenario.scene import BAKERY_CHANNEL, VELO_CHANNEL, Scene, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
ALERTS, GENERAL = "C0ALERTS", "C0GENERAL"
NOWHERE = "https://127.0.0.1/ride.mp4"


async def closed(velo: Scene, view) -> None:
    await velo.people.call("POST", "people/close", {"user": "requester", "view_id": view["id"]})
    await idle(velo)


async def test_an_address_that_gives_no_file_is_still_there_to_be_mended(velo: Scene):
    person = Composing(velo)
    await velo.people.slash("requester", VELO_CHANNEL, "post")
    refused = await person.submit("post.media", {f"{F}url": "http://cdn.example/ride.mp4"})
    assert "Begin the address with https://" in str(refused)
    await person.submit("post.media", {f"{F}url": NOWHERE, f"{F}caption": "Von dort"})
    again = await person.view("post.media", holding="⚠️")
    assert NOWHERE in str(again)
    assert "Von dort" in str(again)
    await closed(velo, again)
    await velo.people.slash("requester", VELO_CHANNEL, "post")
    assert NOWHERE in str(await person.view("post.media", holding="This is your draft"))


async def test_a_command_with_an_address_begins_with_its_file_and_keeps_the_address_where_there_is_none(
    velo: Scene,
):
    await velo.people.slash("requester", GENERAL, f"post {NOWHERE} velo werk")
    view = await Composing(velo).view("post.media", holding="⚠️")
    assert "For *Velo Werk*" in words(view)
    assert NOWHERE in str(view)
    await closed(velo, view)


async def test_an_address_that_is_only_typed_outlasts_its_form(velo: Scene):
    person = Composing(velo, "on-call")
    await velo.people.slash("on-call", VELO_CHANNEL, "post")
    view = await person.view("post.media")
    await person.fill("post.media", f"{F}url", NOWHERE)
    await velo.people.call("POST", "people/close", {"user": "on-call", "view_id": view["id"]})
    kept = await direct(velo, "on-call", "is kept")
    assert NOWHERE in words(kept)
    await velo.people.click("on-call", kept["channel"], kept, "post.go_on")
    assert NOWHERE in str(await person.view("post.media"))


async def test_what_waits_is_decided_in_the_list_and_the_list_says_so(velo: Scene, film: bytes):
    await composed(velo, film)
    await velo.people.slash("manager", VELO_CHANNEL, "approvals")
    listed = await velo.told("manager", "1 post waits for you")
    await velo.people.click("manager", VELO_CHANNEL, listed, "post.approve")
    done = await velo.told("manager", "✅ Approved. The request shows how it goes on.")
    assert "Nothing more waits for you." in words(done)
    assert not button(done, "post.approve")


async def test_a_press_at_home_is_answered_in_words(velo: Scene, film: bytes):
    await composed(velo, film)
    await velo.people.call("POST", "people/home", {"user": "manager"})
    await idle(velo)
    views = await velo.people.call("GET", "views", user="manager")
    home = next(each for each in views if button(each, "post.approve"))
    where = {"user": "manager", "view_id": home["id"], "action_id": "post.approve"}
    await velo.people.call("POST", "people/click", where)
    await velo.people.view("manager", "notice", holding="✅ Approved.")
    await says(velo, "is approved")


async def test_a_client_whose_accounts_are_not_linked_hears_so_where_places_are_chosen(
    velo: Scene, film: bytes
):
    await velo.people.set_up("manager", BAKERY_CHANNEL, BAKERY)
    await velo.quiet()
    person = Composing(velo)
    uploaded = await velo.people.upload("requester", BAKERY_CHANNEL, "loaf.mp4", film)
    await velo.people.shortcut("requester", BAKERY_CHANNEL, uploaded, "crosspost_video")
    await person.submit("post.media", {f"{F}caption": "Brot"})
    view = await person.view("post.places")
    assert "TikTok isn't linked yet. Link it with /crosslink link, or leave it out." in words(view)
    await person.submit("post.places", {})
    await closed(velo, await person.view("post.places", holding="Instagram isn't linked yet"))


async def test_whose_post_it_is_is_asked_where_the_channel_does_not_say(velo: Scene, film: bytes):
    person = Composing(velo, "on-call")
    uploaded = await velo.people.upload("on-call", ALERTS, "general.mp4", film)
    await velo.people.shortcut("on-call", ALERTS, uploaded, "crosspost_video")
    asked = await velo.people.view("on-call", "notice", holding="Whose post is it?")
    (menu,) = [each["accessory"] for each in asked["blocks"] if "accessory" in each]
    velo_werk = next(each for each in menu["options"] if each["text"]["text"] == "Velo Werk")
    where = {"user": "on-call", "view_id": asked["id"], "action_id": "post.client"}
    await velo.people.call("POST", "people/click", where | {"selected": velo_werk["value"]})
    view = await person.view("post.media", holding="general.mp4")
    assert "For *Velo Werk*" in words(view)
    assert "Instagram Reel" in words(view), "preflight has looked at it"


async def test_a_file_that_nobody_let_us_see_can_be_given_in_the_form(velo: Scene, film: bytes):
    uploaded = await velo.people.upload("requester", GENERAL, "general.mp4", film)
    await velo.people.shortcut("requester", GENERAL, uploaded, "crosspost_video")
    asked = await velo.people.view("requester", "notice", holding="Whose post is it?")
    (menu,) = [each["accessory"] for each in asked["blocks"] if "accessory" in each]
    where = {"user": "requester", "view_id": asked["id"], "action_id": "post.client"}
    await velo.people.call("POST", "people/click", where | {"selected": menu["options"][0]["value"]})
    view = await Composing(velo).view("post.media", holding="We can't see that file")
    assert f"{F}files" in str(view)
    await closed(velo, view)


async def test_a_window_that_is_closed_while_its_file_is_fetched_leaves_a_draft(velo: Scene, film: bytes):
    person = "on-call"

    async def is_closed() -> bool:
        views = await velo.people.call("GET", "views", user=person)
        shown = [each["id"] for each in views if each["type"] == "modal"]
        for each in shown:
            await velo.people.call("POST", "people/close", {"user": person, "view_id": each})
        return bool(shown)

    await is_closed()  # what an earlier story left
    uploaded = await velo.people.upload(person, VELO_CHANNEL, "closed.mp4", film)
    await velo.people.shortcut(person, VELO_CHANNEL, uploaded, "crosspost_video")
    await until(is_closed, "no window ever opened")
    assert button(await direct(velo, person, "“closed.mp4”"), "post.go_on")
