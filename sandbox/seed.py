"""What the demo begins with: two clients, one linked on both platforms, a film, and messages that say what to try."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp

from sandbox.clips import clip
from sandbox.journey import Journey

BAKERY = {
    "name": "Nordlicht Bakery",
    "tiktok": "nordlicht.bakery",
    "instagram": "nordlicht.bakery",
    "intent": "crosspost",
    "managers": ["U0MANAGER"],
    "oncall": ["U0ONCALL"],
    "time_zone": "Europe/Berlin",
}
VELO = BAKERY | {"name": "Velo Werk", "tiktok": "velowerk", "instagram": "@velowerk"}

BAKERY_CHANNEL = "C0BAKERY"
VELO_CHANNEL = "C0VELO"
ALERTS_CHANNEL = "C0ALERTS"

WELCOME = """*Welcome to Crosslink's demo.* Everything here is emulated and ends with the program. Try this:
1. In #nordlicht-bakery, whose accounts are linked, a film waits to be posted on both platforms.
2. Type `/crosslink status` here: Velo Werk is not linked yet. `/crosslink link`, open a button, allow it as *velowerk*.
3. Link again as *velo.fanpage*: the wrong account is held aside, and a manager may decide.
4. In the panel *Weather*, remove the app from an account at its platform: one alert there, one in #on-call. Answer it.
5. Relink that account: the alert closes by itself.
6. In *Weather*, *Rules*, set TikTok's *refresh life* to *from_consent*, and turn the clock five times by 30 days: \
a warning comes a month before the end.
7. Switch between people at the top: what is private to one stays private.
`/crosslink help` lists everything."""
FILM = "Morning by the sea.mp4"
HINT = """*Post this film on both platforms.* In the menu of the film's message choose *Cross-post this video*. \
Instagram would refuse the film as it is: *Fix* mends it. Ask for approval, then be the *manager* and approve."""


async def seed(people: Journey, bot_token: str) -> None:
    """Install the app, set both clients up, link the bakery, bring a film and greet. Raises LostError."""
    await people.install()
    await people.set_up("manager", BAKERY_CHANNEL, BAKERY)
    await people.set_up("manager", VELO_CHANNEL, VELO)
    for channel in (BAKERY_CHANNEL, VELO_CHANNEL):
        await people.set_alerts("manager", channel, {"channel": ALERTS_CHANNEL})
    for platform in ("tiktok", "instagram"):
        await people.link("manager", BAKERY_CHANNEL, platform, "nordlicht.bakery")
    film = await asyncio.to_thread(clip)
    await people.upload("requester", BAKERY_CHANNEL, FILM, film)
    for channel, text in ((BAKERY_CHANNEL, HINT), (VELO_CHANNEL, WELCOME)):
        await _post(people.base_url, bot_token, {"channel": channel, "text": text})


async def _post(base_url: str, token: str, message: Mapping[str, Any]) -> None:
    url = f"{base_url}/slack.com/api/chat.postMessage"
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json=dict(message)) as answer,
    ):
        answer.raise_for_status()
