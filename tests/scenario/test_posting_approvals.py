"""Who decides about a post: as many as the client wants, each once, in whose place, and nobody else."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.journey import button, words
from sandbox.seed import VELO
from tests.scenario.posting import CAPTION, Composing, F, direct, idle, newsroom, posted, public
from tests.scenario.scene import AGENCY, DAY, HOUR, MINUTE, VELO_CHANNEL, Scene
from tests.scenario.wire import wire

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOTH = ["U0MANAGER", "U0ONCALL"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def velo() -> AsyncIterator[Scene]:
    async with newsroom() as scene:
        yield scene


async def policy(scene: Scene, **fields: object) -> None:
    """Change who decides, as set-up asks for it."""
    usual = {"managers": BOTH, "needed": "1", "outsiders": [], "self_approval": []}
    await scene.people.set_up("manager", VELO_CHANNEL, VELO | usual | fields)
    await idle(scene)


async def test_two_approvals_are_needed_and_each_counts_once(velo: Scene, film: bytes):
    await policy(velo, needed="2")
    post = await posted(velo, film)
    await post.approve("manager")
    await post.comes_to("Approvals: 1 of 2", "Approved by <@U0MANAGER>", "To decide: <@U0ONCALL>")
    await post.approve("manager")
    await velo.told("manager", "You have approved this version already")
    await post.approve("on-call")
    await post.comes_to("A post for *Velo Werk* is out.", "Approvals: 2 of 2")


async def test_an_edit_after_an_approval_voids_it_where_all_see_it(velo: Scene, film: bytes):
    await policy(velo, needed="0")
    post = await posted(velo, film)
    await post.approve("on-call")
    await post.comes_to("Approvals: 1 of 2")
    await post.press("requester", "post.more", choose="Edit")
    person = Composing(velo)
    await person.submit("post.media", {f"{F}caption": "Neuer Text " + CAPTION})
    await person.submit("post.places", {})
    await person.confirm()
    await post.comes_to(
        "Neuer Text", "Approvals: 0 of 2", "~Approved by <@U0ONCALL>", "Edited by <@U0REQUESTER>"
    )
    await post.thread("what was decided before doesn't count any more")
    await post.approve("on-call")
    await post.approve("manager")
    await post.comes_to("is out.")


async def test_of_two_managers_at_the_same_moment_one_decides_and_the_other_is_told(velo: Scene, film: bytes):
    await policy(velo)
    post = await posted(velo, film)
    await asyncio.gather(post.approve("manager"), post.approve("on-call"))
    await post.comes_to("Approvals: 1 of 1", "is out.")
    told = [
        user
        for user in ("manager", "on-call")
        if any("settled already: approved" in each for each in await velo.read(user))
    ]
    assert len(told) == 1, told
    assert len([each for each in await public(velo, "instagram") if each["state"] == "public"]) == 3


async def test_an_approval_and_a_rejection_at_once_have_one_winner(velo: Scene, film: bytes):
    await policy(velo)
    post = await posted(velo, film)
    await post.press("on-call", "post.reject")
    form = await velo.people.view("on-call", "post.reason")
    reject = velo.people.submit("on-call", form, {f"{F}reason": "Nicht heute."})
    await asyncio.gather(post.approve("manager"), reject)
    await idle(velo)
    head = (await post.comes_to("asked for by"))["text"]
    assert ("was rejected" in head) != any(each in head for each in ("is approved", "is out")), head


async def test_nobody_approves_their_own_words_though_they_are_a_manager(velo: Scene, film: bytes):
    await policy(velo)
    post = await posted(velo, film, user="manager")
    await post.approve("manager")
    await velo.told("manager", "These are your own words")
    await post.says("To decide: <@U0ONCALL>", "Approvals: 0 of 1")
    await policy(velo, self_approval=["self"])
    await post.approve("manager")
    await post.comes_to("is approved")


async def test_a_substitute_decides_in_a_managers_place(velo: Scene, film: bytes):
    await policy(velo, managers=["U0MANAGER"])
    post = await posted(velo, film)
    await post.approve("on-call")
    await velo.told("on-call", "Only those who approve for Velo Werk can decide about this: <@U0MANAGER>")
    settings = await velo.people.answer(
        "manager", VELO_CHANNEL, "settings", lambda each: bool(button(each, "away.open"))
    )
    await velo.people.click("manager", VELO_CHANNEL, settings, "away.open")
    form = await velo.people.view("manager", "away.submit")
    assert "errors" not in await velo.people.submit("manager", form, {"substitute": "U0ONCALL"})
    await post.comes_to("To decide: <@U0ONCALL>", "stands in for <@U0MANAGER>")
    await post.approve("on-call")
    await post.comes_to("Approved by <@U0ONCALL> instead of <@U0MANAGER>")


async def test_an_outsider_decides_where_the_client_names_them_and_else_is_told(velo: Scene, film: bytes):
    await policy(velo)
    post = await posted(velo, film)
    await post.approve("outsider")
    await velo.told("outsider", "Only those who approve for Velo Werk can decide")
    await post.press("outsider", "post.more", choose="Details")
    assert "Only people of the agency's own workspace" in words(
        await velo.people.view("outsider", "notice", "Crosslink")
    )
    await policy(velo, outsiders=["U0OUTSIDER"])
    await post.comes_to("<@U0OUTSIDER>")
    await post.press("outsider", "post.more", choose="Details")
    await velo.quiet()
    assert "Bergab" in words(await velo.people.view("outsider", "notice", "Post"))
    await post.press("outsider", "post.request_changes")
    form = await velo.people.view("outsider", "post.reason")
    await velo.people.submit("outsider", form, {f"{F}reason": "Bitte ohne Musik."})
    await post.comes_to("Changes requested by <@U0OUTSIDER>", "Bitte ohne Musik.")


async def test_it_can_be_edited_while_it_is_approved_and_only_one_of_them_holds(velo: Scene, film: bytes):
    await policy(velo)
    post = await posted(velo, film)
    await post.press("requester", "post.more", choose="Edit")
    person = Composing(velo)
    await person.submit("post.media", {f"{F}caption": "Gleichzeitig"})
    await person.submit("post.places", {})
    await person.fill("post.confirm", f"{F}privacy", "SELF_ONLY")
    confirm = person.submit("post.confirm", {f"{F}music": "own", f"{F}consent": ["yes"]})
    await asyncio.gather(confirm, post.approve("manager"))
    await idle(velo)
    said = words(await post.comes_to("by <@U0"))
    everywhere = [each for each in await public(velo, "instagram") if each["caption"] == "Gleichzeitig"]
    assert not everywhere, "nobody approved that"
    assert ("Approvals: 0 of 1" in said) or ("Gleichzeitig" not in said), said


async def test_what_expired_is_not_approved_any_more(velo: Scene, film: bytes):
    await policy(velo)
    post = await posted(velo, film)
    old = post.value(await post.message(), "post.approve")
    await velo.later(24 * HOUR + MINUTE)
    await post.thread("still waits for a decision")
    await velo.later(2 * DAY)
    await post.comes_to("expired: nobody decided in time", turn=MINUTE)
    async with wire(velo) as line:
        await line.press("post.approve", old, user="U0MANAGER", home=AGENCY)
    told = words(await direct(velo, "manager", "expired before anybody decided"))
    assert "Make Another Like It" in told
    assert not button(await post.message(), "post.approve")
