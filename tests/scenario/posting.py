"""Posts as people make them in Slack: composed in the modal, decided about in the channel, followed to their end."""

from collections.abc import AsyncIterator, Container, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.demo import running
from sandbox.journey import PATIENCE, LostError, Message, button, journey, words
from sandbox.seed import VELO
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
STEP = 5
ONLY_TIKTOK = {"places": {f"{F}instagram": "off"}}
ONLY_INSTAGRAM = {"places": {f"{F}tiktok": "off"}, "privacy": ""}
TIKTOK, INSTAGRAM = "TikTok video", "Instagram Reel"
"""What a delivery is called in the request's message."""


def made(folder: Path, film: Film = RIDE) -> bytes:
    """Return the bytes of a film."""
    file = folder / "ride.mp4"
    make(file, film)
    return file.read_bytes()


async def idle(scene: Scene) -> None:
    """Wait until the bot has done what it was pressed to do; an edit that is paced may still come."""

    async def is_idle() -> bool:
        return not len(scene.demo.runtime.tasks)

    await until(is_idle, "it never came to rest")


class Composing:
    """A person with the modal of composing in front of them."""

    def __init__(self, scene: Scene, user: str = "requester") -> None:
        self.scene = scene
        self.user = user

    async def view(self, callback: str, holding: str = "") -> Mapping[str, Any]:
        return await self.scene.people.view(self.user, callback, holding=holding)

    async def press(self, callback: str, action: str, value: Any = None) -> None:
        """Press a button of the form, or change a field, as Slack tells it while the form is open."""
        view = await self.view(callback)
        where = {"user": self.user, "view_id": view["id"], "action_id": action}
        chosen = {} if value is None else {"selected": value}
        await self.scene.people.call("POST", "people/click", where | chosen)
        await idle(self.scene)

    fill = press

    async def submit(self, callback: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self.scene.people.submit(
            self.user, await self.view(callback), values
        )
        return answer

    async def media(
        self, content: bytes, caption: str = CAPTION, *, name: str = "ride.mp4"
    ) -> Mapping[str, Any]:
        """The first step, with a file that is uploaded in it."""
        uploaded = await self.scene.people.upload(self.user, VELO_CHANNEL, name, content)
        file = uploaded["file"]
        await self.scene.people.slash(self.user, VELO_CHANNEL, "post")
        if button(await self.view("post.media"), "post.new"):  # what an earlier story left
            await self.press("post.media", "post.new")
        await self.submit("post.media", {f"{F}files": [file], f"{F}caption": caption})
        return await self.view("post.places")

    async def confirm(self, privacy: str = "SELF_ONLY") -> Mapping[str, Any]:
        """The last step, as TikTok wants it: everything is a person's choice. Without `privacy` TikTok is left out."""
        if not privacy:
            return await self.submit("post.confirm", {f"{F}music": "own"})
        await self.fill("post.confirm", f"{F}privacy", privacy)
        return await self.submit("post.confirm", {f"{F}music": "own", f"{F}consent": ["yes"]})


@dataclass(frozen=True)
class Posted:
    """A request in the channel, which its message names."""

    scene: Scene
    ts: str

    async def message(self, user: str = "manager") -> Message:
        seen = await self.scene.people.messages(user, VELO_CHANNEL)
        return next(each for each in seen if each["ts"] == self.ts)

    async def says(self, *parts: str, seconds: float = PATIENCE) -> Message:
        """Wait until the message says all of this, and return it."""
        return await self._says(parts, turn=0, seconds=seconds)

    async def comes_to(self, *parts: str, turn: float = STEP, seconds: float = 2 * PATIENCE) -> Message:
        """Let time pass until the message says all of this, and return it."""
        return await self._says(parts, turn=turn, seconds=seconds)

    async def _says(self, parts: Sequence[str], *, turn: float, seconds: float) -> Message:
        found: list[Message] = []

        async def holds() -> bool:
            if turn:
                await self.scene.people.turn_clock(turn)
                await idle(self.scene)
            found[:] = [await self.message()]
            return all(each in words(found[0]) for each in parts)

        with suppress(LostError):
            await until(holds, "", seconds=seconds)
            return found[0]
        raise LostError(f"It never said {parts}, but: {words(found[0])}")

    async def press(self, user: str, action: str, *, at: str = "", choose: str = "") -> Mapping[str, Any]:
        """Press a button, the one below the delivery named by `at` where several have it."""
        message = await self.message(user)
        where = {"user": user, "channel": VELO_CHANNEL, "ts": self.ts, "action_id": action}
        chosen = {"selected": choose} if choose else {}
        below = {"block_id": _below(message, at)} if at else {}
        answer: Mapping[str, Any] = await self.scene.people.call(
            "POST", "people/click", where | chosen | below
        )
        return answer

    async def approve(self, user: str = "manager") -> None:
        await self.press(user, "post.approve")
        await idle(self.scene)

    async def thread(self, text: str) -> Message:
        """Wait for a line of the thread."""
        return await self.scene.people.sees(
            "manager", VELO_CHANNEL, lambda each: text in words(each) and each.get("thread_ts") == self.ts
        )

    def value(self, message: Message, action: str) -> str:
        """What a button of a message carries."""
        return str(button(message, action)["value"])


def _below(message: Message, name: str) -> str:
    blocks = message["blocks"]
    here = next(at for at, each in enumerate(blocks) if f"*{name}*:" in words({"blocks": [each]}))
    return str(blocks[here + 1]["block_id"])


async def composed(
    scene: Scene,
    film: bytes,
    *,
    user: str = "requester",
    places: Mapping[str, Any] | None = None,
    privacy: str = "SELF_ONLY",
) -> Message:
    """Compose a post, for both platforms unless `places` says otherwise, and return its request."""
    before = {each["ts"] for each in await scene.people.messages("manager", VELO_CHANNEL)}
    person = Composing(scene, user)
    await person.media(film)
    await person.submit("post.places", places or {})
    answer = await person.confirm(privacy)
    assert "errors" not in answer, answer
    return await request(scene, but=before)


async def posted(scene: Scene, film: bytes, **more: Any) -> Posted:
    """Compose a post and return its request, to be followed."""
    return Posted(scene, (await composed(scene, film, **more))["ts"])


async def request(scene: Scene, *, but: Container[str] = ()) -> Message:
    """Wait for a request that can be decided about, other than those."""

    def is_one(each: Message) -> bool:
        return bool(button(each, "post.approve")) and not each["is_ephemeral"] and each["ts"] not in but

    return await scene.people.sees("manager", VELO_CHANNEL, is_one)


async def says(scene: Scene, text: str, user: str = "manager") -> Message:
    """Wait until the request's message says this."""
    return await scene.people.sees(
        user, VELO_CHANNEL, lambda each: text in words(each) and not each["is_ephemeral"]
    )


async def out(scene: Scene) -> Message:
    """Let the platforms' time pass until the post is out, and return its message."""

    async def is_out() -> bool:
        await scene.people.turn_clock(5)
        seen = await scene.people.messages("manager", VELO_CHANNEL)
        return any("is out." in words(each) for each in seen)

    await until(is_out, "it never went out", seconds=2 * PATIENCE)
    return await says(scene, "is out.")


async def public(scene: Scene, platform: str) -> list[Mapping[str, Any]]:
    posts: list[Mapping[str, Any]] = await scene.people.call("GET", "posts", platform=platform)
    return posts


async def direct(scene: Scene, user: str, text: str) -> Message:
    """Wait for a direct message."""
    found: list[Message] = []

    async def came() -> bool:
        found[:] = [each for each in await scene.everything(user) if text in words(each) and "ts" in each]
        return bool(found)

    await until(came, f"{user} was never told {text!r}")
    return found[-1]


@asynccontextmanager
async def newsroom() -> AsyncIterator[Scene]:
    """A demo whose Velo Werk is linked on both platforms."""
    async with running() as demo, journey(demo.base_url) as people:
        demo.ready = True
        await people.install()
        scene = Scene(demo, people)
        await scene.switch("slack", rates="off")
        await people.set_up("manager", VELO_CHANNEL, VELO)
        for platform in ("tiktok", "instagram"):
            await people.link("requester", VELO_CHANNEL, platform, "velowerk")
        await scene.quiet()
        yield scene
        await scene.end()
