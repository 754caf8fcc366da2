"""The demo without a browser: one client from nothing to linked, posted, broken and repaired, step by step."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from sandbox.clips import clip
from sandbox.composing import compose
from sandbox.journey import Journey, LostError, button, words
from sandbox.seed import VELO, VELO_CHANNEL

ACCOUNT = "velowerk"
WRONG = "velo.fanpage"
_MENTION, _DATE = re.compile(r"<@(\w+)>"), re.compile(r"<!date[^|>]*\|([^>]*)>")
_NAMES = {"U0REQUESTER": "requester", "U0MANAGER": "manager", "U0ONCALL": "on-call"}
CAPTION = "Downhill with a tailwind #velowerk"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tour: what somebody does, and what came of it. `outcome` is None while it runs."""

    title: str
    outcome: str | None = None


async def tour(people: Journey) -> AsyncIterator[Step]:
    """Walk the tour: each step is yielded when it begins and again with its outcome. Raises LostError."""
    for title, act in STEPS:
        yield Step(title)
        yield Step(title, _plain(await act(people)))


def _plain(text: str) -> str:
    """Slack's text as people see it: a person by name, a moment as words, nothing of the marks."""
    named = _MENTION.sub(lambda found: f"@{_NAMES.get(found[1], found[1])}", text)
    return _DATE.sub(r"\1", named).replace("*", "")


async def _install(people: Journey) -> str:
    return (await people.install()).heading


async def _set_up(people: Journey) -> str:
    await people.set_up("manager", VELO_CHANNEL, VELO)
    seen = await people.sees("requester", VELO_CHANNEL, lambda each: "Velo Werk" in words(each))
    return str(seen["text"])


def _link(platform: str) -> Callable[[Journey], Awaitable[str]]:
    async def act(people: Journey) -> str:
        return (await people.link("requester", VELO_CHANNEL, platform, ACCOUNT)).heading

    return act


async def _wrong(people: Journey) -> str:
    return (await people.link("requester", VELO_CHANNEL, "tiktok", WRONG)).heading


async def _status(people: Journey) -> str:
    return str((await people.answer("requester", VELO_CHANNEL, "status"))["text"])


async def _compose(people: Journey) -> str:
    film = await asyncio.to_thread(clip)
    return str((await compose(people, "requester", VELO_CHANNEL, film, CAPTION))["text"])


async def _approve(people: Journey) -> str:
    request = await people.sees("manager", VELO_CHANNEL, lambda each: bool(button(each, "post.approve")))
    await people.click("manager", VELO_CHANNEL, request, "post.approve")
    seen = await people.sees("manager", VELO_CHANNEL, lambda each: "is out." in each["text"])
    return str(seen["text"])


async def _published(people: Journey) -> str:
    told = []
    for platform in ("tiktok", "instagram"):
        posts = await people.call("GET", "posts", platform=platform)
        once = [each for each in posts if each["account"] == ACCOUNT and each["caption"] == CAPTION]
        if len(once) != 1:
            raise LostError(f"{platform} has the post {len(once)} times.")
        where = once[0]["url"] if once[0]["state"] == "public" else "which only its own account sees"
        told.append(f"{platform}: once, {once[0]['state']}, {where}")
    return "; ".join(told)


async def _remove(people: Journey) -> str:
    await people.call("POST", f"accounts/tiktok/{ACCOUNT}", {"remove_app": True})
    seen = await people.sees(
        "requester", VELO_CHANNEL, lambda each: bool(button(each, "link.relink")) and not each["is_ephemeral"]
    )
    return str(seen["text"])


async def _acknowledge(people: Journey) -> str:
    alarm = await people.sees(
        "on-call", VELO_CHANNEL, lambda each: bool(button(each, "incident.acknowledge"))
    )
    await people.click("on-call", VELO_CHANNEL, alarm, "incident.acknowledge")
    seen = await people.sees("manager", VELO_CHANNEL, lambda each: "takes care of it" in each["text"])
    return str(seen["text"])


async def _over(people: Journey) -> str:
    seen = await people.sees("manager", VELO_CHANNEL, lambda each: "was relinked and works" in each["text"])
    return str(seen["text"])


STEPS: tuple[tuple[str, Callable[[Journey], Awaitable[str]]], ...] = (
    ("An admin installs Crosslink into the workspace", _install),
    ("The manager sets up Velo Werk with /crosslink setup", _set_up),
    ("The requester links TikTok, but signed in to somebody else's account", _wrong),
    ("The requester links TikTok as the right account", _link("tiktok")),
    ("The requester links Instagram", _link("instagram")),
    ("/crosslink status", _status),
    ("The requester composes a post for both, and has its film fixed for Instagram", _compose),
    ("The manager approves it in the channel", _approve),
    ("Both platforms have it once", _published),
    ("Velo Werk's owner removes the app in TikTok's settings", _remove),
    ("Somebody on call acknowledges the alert", _acknowledge),
    ("The requester relinks TikTok", _link("tiktok")),
    ("The alert closes by itself", _over),
    ("/crosslink status", _status),
)
