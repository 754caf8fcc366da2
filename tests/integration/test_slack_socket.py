"""Socket mode: Slack reaches a laptop over a connection that the laptop opened."""

import asyncio
import json
from pathlib import Path

import aiohttp

from bot.web.server import serving
from bot.wiring.process import build
from sandbox import server as sandbox
from sandbox.journey import Journey, words
from sandbox.slack.emulator import SlackEmulator
from tests.integration.site import settings_for

NOWHERE = {"slack_signing_secret": "", "slack_client_id": "", "slack_client_secret": ""}


async def test_commands_and_answers_travel_without_any_request_to_us(tmp_path: Path):
    async with sandbox.serving() as site, aiohttp.ClientSession() as http:
        slack = next(each for each in site.emulators if isinstance(each, SlackEmulator))
        tokens = {"slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token}
        runtime = build(
            settings_for(site.world.base_url, tmp_path, **NOWHERE, **tokens), clock=site.world.clock
        )
        async with serving(runtime, host="127.0.0.1", port=0) as port:
            await _ready(http, port)
            async with http.post(f"http://127.0.0.1:{port}/slack/events") as answer:
                assert answer.status == 404
            people = Journey(http, site.world.base_url)
            assert "/crosslink status" in json.dumps(await people.slash("requester", "C0BAKERY", "help"))
            await people.slash("requester", "C0BAKERY", "status")
            said = await people.sees("requester", "C0BAKERY", lambda each: "No client" in words(each))
            assert said


async def _ready(http: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.02)
