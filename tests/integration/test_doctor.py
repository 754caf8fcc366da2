"""What the doctor hears from Slack and the platforms: who is reached, and whether they know us."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands import checks_outside
from bot.commands.check import Verdict
from bot.settings import Settings
from sandbox.server import Sandbox, serving
from tests.integration.site import settings_for

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """The platforms alone: the doctor needs no running bot."""
    async with serving(port=0, bot_url=NOBODY) as site:
        yield site


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Settings:
    return settings_for(sandbox.world.base_url, tmp_path)


def changed(settings: Settings, **changes: Any) -> Settings:
    return Settings.model_validate(settings.model_dump() | changes)


async def test_all_are_content_with_the_right_settings(settings: Settings):
    for check in (checks_outside.slack, checks_outside.tiktok, checks_outside.instagram):
        assert {each.verdict for each in await check(settings)} == {Verdict.OK}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slack_client_id", "1.2"),
        ("slack_client_secret", "another"),
        ("tiktok_client_key", "another"),
        ("tiktok_client_secret", "another"),
        ("instagram_app_id", "1"),
        ("instagram_app_secret", "another"),
    ],
)
async def test_credentials_of_another_app_are_told_from_the_right_ones(
    settings: Settings, name: str, value: str
):
    platform = name.partition("_")[0]
    check, *_ = await getattr(checks_outside, platform)(changed(settings, **{name: value}))
    assert (check.name, check.verdict) == (platform, Verdict.FAILED)
    assert f"CROSSLINK_{name.upper()}" in check.says
    assert "Copy" in check.do


@pytest.mark.parametrize(
    "name", ["slack_api_url", "tiktok_api_url", "instagram_graph_url", "instagram_token_url"]
)
async def test_who_cant_be_reached_is_named(settings: Settings, name: str):
    platform = name.partition("_")[0]
    (check,) = await getattr(checks_outside, platform)(changed(settings, **{name: NOBODY}))
    assert (check.name, check.verdict) == (platform, Verdict.FAILED)
    assert f"{NOBODY}" in check.says
    assert "doesn't answer" in check.says


async def test_a_bot_token_says_whose_it_is_and_what_it_lacks(settings: Settings, sandbox: Sandbox):
    token = sandbox.slack.bot_token
    check, *_ = await checks_outside.slack(changed(settings, slack_bot_token=token, slack_client_id=""))
    assert (check.verdict, "Agency" in check.says) == (Verdict.OK, True)
    installed = sandbox.slack.state.by_token(token)
    assert installed
    installed.scopes = tuple(each for each in installed.scopes if each != "files:read")
    check, *_ = await checks_outside.slack(changed(settings, slack_bot_token=token, slack_client_id=""))
    assert (check.verdict, "files:read" in check.says) == (Verdict.FAILED, True)
    check, *_ = await checks_outside.slack(changed(settings, slack_bot_token="xoxb-no", slack_client_id=""))
    assert (check.verdict, "invalid_auth" in check.says) == (Verdict.FAILED, True)


async def test_socket_mode_needs_an_app_token_that_slack_takes(settings: Settings, sandbox: Sandbox):
    slack = sandbox.slack
    socket = changed(settings, slack_bot_token=slack.bot_token, slack_app_token=slack.app_token)
    found = {each.name: each.verdict for each in await checks_outside.slack(socket)}
    assert found["socket"] is Verdict.OK
    found = {
        each.name: each for each in await checks_outside.slack(changed(socket, slack_app_token="xapp-no"))
    }
    assert found["slack"].verdict is Verdict.OK
    assert found["socket"].verdict is Verdict.FAILED
    assert "CROSSLINK_SLACK_APP_TOKEN" in found["socket"].says


async def test_a_place_to_listen_at_is_free_or_ours(settings: Settings, sandbox: Sandbox):
    assert await checks_outside.listening(changed(settings, port=0)) == []
    taken = changed(settings, port=int(sandbox.world.base_url.rpartition(":")[2]))
    for wrong, why in (
        (taken, "something else"),
        (changed(settings, host="nohost.invalid"), "nohost.invalid"),
    ):
        (check,) = await checks_outside.listening(wrong)
        assert (check.verdict, "CROSSLINK_PORT" in check.do) == (Verdict.FAILED, True)
        assert why in check.says


async def test_nobody_at_our_own_address_is_a_note_before_the_start(settings: Settings):
    nobody = await checks_outside.address(changed(settings, base_url=NOBODY))
    assert {each.verdict for each in nobody} == {Verdict.NOTE}
    assert "doesn't answer" in nobody[0].says
    other = await checks_outside.address(settings)
    assert "not as Crosslink" in other[0].says
