"""The bot as README has people run it: beside `crosslink sandbox`, and in socket mode without any address of its own."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import variable
from sandbox.journey import words
from sandbox.seed import VELO
from tests.scenario.scene import VELO_CHANNEL
from tests.scenario.stage import Stage, stage_of_processes

WITHOUT = ("slack_signing_secret", "slack_client_id", "slack_client_secret")


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Stage]:
    """A sandbox in a process of its own, and the settings that it prints."""
    async with stage_of_processes(tmp_path) as opened:
        yield opened


async def test_status_in_the_shell_is_the_same_connection_before_and_after_a_relink(alone: Stage):
    await alone.start()
    await alone.people.install()
    await alone.people.set_up("manager", VELO_CHANNEL, VELO)
    await alone.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    (before,) = json.loads(await alone.run("status", "--json"))["clients"]
    assert before["connections"]["tiktok"]["state"] == "authorized"
    assert before["connections"]["instagram"] is None
    page = await alone.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.heading == "TikTok is linked again for Velo Werk"
    (after,) = json.loads(await alone.run("status", "--client", "velo werk", "--json"))["clients"]
    assert after["connections"]["tiktok"]["id"] == before["connections"]["tiktok"]["id"]
    assert after["id"] == before["id"]


async def test_socket_mode(alone: Stage):
    minted = await alone.people.call("GET", "minted")
    tokens = {name: next(each for each in minted if each.startswith(kind)) for name, kind in _KINDS.items()}
    alone.settings = {
        **{name: value for name, value in alone.settings.items() if name not in map(variable, WITHOUT)},
        **{variable(name): token for name, token in tokens.items()},
    }
    await alone.start()
    ack = await alone.people.slash("requester", VELO_CHANNEL, "help")
    assert ack["status"] == 200
    assert "/crosslink status" in json.dumps(ack["ack"])
    await alone.people.set_up("manager", VELO_CHANNEL, VELO)
    status = await alone.people.answer("requester", VELO_CHANNEL, "status")
    assert "Neither account is linked yet" in words(status)


_KINDS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}
