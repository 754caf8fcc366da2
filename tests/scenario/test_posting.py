"""A post in Slack, over HTTP: composed, sent back, edited, approved, and public on both platforms."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.journey import Message, button, words
from tests.media.films import Film, Sound, make
from tests.scenario.scene import VELO_CHANNEL, Scene, until

RIDE = Film(
    width=720,
    height=1280,
    frames=120,
    options={"crf": "45", "g": "30", "bf": "0"},
    container={"movflags": "faststart", "use_editlist": "0"},
    sounds=(Sound(rate=48000),),
)
"""Four seconds that both platforms take as they are."""
CAPTION = "Bergab mit Rückenwind #velowerk"
F = "post.field."


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> bytes:
    file: Path = tmp_path_factory.mktemp("films") / "ride.mp4"
    make(file, RIDE)
    return file.read_bytes()


class Composing:
    """A person with the modal of composing in front of them."""

    def __init__(self, scene: Scene, user: str = "requester") -> None:
        self.scene = scene
        self.user = user

    async def view(self, callback: str) -> Mapping[str, Any]:
        return await self.scene.people.view(self.user, callback)

    async def fill(self, callback: str, action: str, value: Any) -> None:
        """Change a field, as Slack tells it while the form is open."""
        view = await self.view(callback)
        await self.scene.people.call(
            "POST",
            "people/click",
            {"user": self.user, "view_id": view["id"], "action_id": action, "selected": value},
        )
        await self.scene.quiet()

    async def submit(self, callback: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self.scene.people.submit(
            self.user, await self.view(callback), values
        )
        return answer

    async def media(self, content: bytes, caption: str = CAPTION) -> Mapping[str, Any]:
        """The first step, with a file that is uploaded in it."""
        uploaded = await self.scene.people.upload(self.user, VELO_CHANNEL, "ride.mp4", content)
        file = uploaded["file"]
        await self.scene.people.slash(self.user, VELO_CHANNEL, "post")
        await self.submit("post.media", {f"{F}files": [file], f"{F}caption": caption})
        return await self.view("post.places")

    async def confirm(self) -> Mapping[str, Any]:
        """The last step, as TikTok wants it: everything is a person's choice."""
        await self.fill("post.confirm", f"{F}privacy", "SELF_ONLY")
        return await self.submit("post.confirm", {f"{F}music": "own", f"{F}consent": ["yes"]})


async def composed(scene: Scene, film: bytes, *, user: str = "requester") -> Message:
    """Compose a post for both platforms and return its request."""
    person = Composing(scene, user)
    await person.media(film)
    await person.submit("post.places", {})
    answer = await person.confirm()
    assert "errors" not in answer, answer
    return await request(scene)


async def request(scene: Scene, user: str = "manager") -> Message:
    return await scene.people.sees(
        user, VELO_CHANNEL, lambda each: bool(button(each, "post.approve")) and not each["is_ephemeral"]
    )


async def says(scene: Scene, text: str, user: str = "manager") -> Message:
    """Wait until the request's message says this."""
    return await scene.people.sees(
        user, VELO_CHANNEL, lambda each: text in words(each) and not each["is_ephemeral"]
    )


async def public(scene: Scene, platform: str) -> list[Mapping[str, Any]]:
    posts: list[Mapping[str, Any]] = await scene.people.call("GET", "posts", platform=platform)
    return posts


async def test_composed_changed_edited_approved_and_out_on_both(linked: Scene, film: bytes):
    asked = await composed(linked, film)
    said = words(asked)
    for part in ("asks for approval", CAPTION, "TikTok video", "Instagram Reel", "@velowerk", "Approvals: 0 of 1"):
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
    done = await says(linked, "is out.")
    assert done["ts"] == asked["ts"]
    assert not button(done, "post.approve")
    assert "See it on Instagram" in words(done)
    for platform in ("tiktok", "instagram"):
        assert len(await public(linked, platform)) == 1
    await linked.told("requester", "this is how it ended")
