"""A process that is killed at the worst moment: afterwards there is the old truth or the new one, and a way on."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest

from core.domain.account import Platform
from core.usecases.status import ConnectionStatus
from sandbox.clock import TurnableClock
from sandbox.journey import Message, button, words
from sandbox.seed import VELO
from sandbox.server import Sandbox
from tests.scenario.scene import DAY, HOUR, LINK_BUTTON, MINUTE, VELO_CHANNEL, until
from tests.scenario.stage import FOREVER, STARTS_WITHIN, Bot, Stage, stage

RENEWAL = 13 * HOUR
"""After so long an access token of either regime is renewed."""
LEASE = 6 * MINUTE
"""A little longer than a look may take: from then on what the killed process had begun is anybody's work."""


@pytest.fixture
async def beside(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Stage, Sandbox]]:
    """A stage on each kind of database, on which Velo Werk is set up and no bot is running."""
    async with stage(tmp_path, database_url) as (opened, sandbox):
        await opened.people.call("POST", "switches/slack", {"rates": "off"})
        async with opened.here(sandbox.world.clock):
            await opened.people.install()
            await opened.people.set_up("manager", VELO_CHANNEL, VELO)
        yield opened, sandbox


async def _half(opened: Stage) -> ConnectionStatus:
    half = (await opened.row()).connections[Platform.TIKTOK]
    assert half is not None
    return half


async def _becomes(opened: Stage, state: str) -> None:
    async def holds() -> bool:
        return (await _half(opened)).verdict.state == state

    await until(holds, f"TikTok never was {state}")


async def _link(opened: Stage, clock: TurnableClock) -> str:
    """Link with a bot that then ends; return the connection's id."""
    async with opened.here(clock):
        page = await opened.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
        assert page.heading == "TikTok is linked for Velo Werk"
        await opened.people.sees("on-call", VELO_CHANNEL, lambda each: "linked TikTok" in words(each))
    return (await _half(opened)).connection.id


async def _killed_while_linking(opened: Stage, bot: Bot) -> str:
    """Kill the bot while it asks TikTok who came; return the address behind the person's button."""
    address = await opened.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    await opened.tap("tiktok.user_info", FOREVER)
    arriving = asyncio.create_task(opened.people.consent(address, "velowerk"))
    await until(opened.is_tapped, "nobody called TikTok", seconds=STARTS_WITHIN)
    await bot.kill()
    with pytest.raises(aiohttp.ClientError):
        await arriving
    return address


async def test_between_exchange_and_store(beside: tuple[Stage, Sandbox]):
    opened, sandbox = beside
    address = await _killed_while_linking(opened, await opened.start())
    assert (await _half(opened)).verdict.state == "pending"
    async with opened.here(sandbox.world.clock):
        page = await opened.people.consent(address, "velowerk")
        assert page.heading == "TikTok is linked for Velo Werk"
        await opened.people.sees("on-call", VELO_CHANNEL, lambda each: "linked TikTok" in words(each))
    assert (await _half(opened)).verdict.state == "authorized"
    told = [words(each) for each in await opened.people.messages("on-call", VELO_CHANNEL)]
    assert sum("linked TikTok" in each for each in told) == 1


async def test_between_exchange_and_store_of_a_relink(beside: tuple[Stage, Sandbox]):
    opened, sandbox = beside
    before = await _link(opened, sandbox.world.clock)
    address = await _killed_while_linking(opened, await opened.start())
    assert (await _half(opened)).verdict.state == "authorized"
    async with opened.here(sandbox.world.clock):
        page = await opened.people.consent(address, "velowerk")
        assert page.heading == "TikTok is linked again for Velo Werk"
    assert (await _half(opened)).connection.id == before


async def _killed_while_renewing(opened: Stage, clock: TurnableClock) -> None:
    """Kill a bot after TikTok has replaced the refresh token and before anybody has heard of it."""
    clock.advance(RENEWAL)
    await opened.tap("tiktok.oauth.token", FOREVER, "after")
    bot = await opened.start(role="worker", ahead=clock.offset, until_well=False)
    await until(opened.is_tapped, "nobody asked for a renewal", seconds=STARTS_WITHIN)
    await bot.kill()
    clock.advance(LEASE)


@pytest.mark.parametrize(
    ("lifetimes", "state", "why"),
    [
        ("24h_365d", "refresh_required", "only a person can renew it"),
        ("2h_180d", "expired", "The access ran out"),
    ],
)
async def test_between_refresh_and_store(beside: tuple[Stage, Sandbox], lifetimes: str, state: str, why: str):
    """What we hold was replaced and nobody knows by what: said as soon as it is known, and repaired by a relink."""
    opened, sandbox = beside
    await opened.people.call("POST", "switches/tiktok", {"lifetimes": lifetimes})
    before = await _link(opened, sandbox.world.clock)
    await _killed_while_renewing(opened, sandbox.world.clock)
    async with opened.here(sandbox.world.clock):
        await _becomes(opened, state)
        status = await opened.people.answer("requester", VELO_CHANNEL, "status")
        assert why in words(status)
        await opened.people.click("requester", VELO_CHANNEL, status, "link.relink")
        private = await opened.people.sees(
            "requester", VELO_CHANNEL, lambda each: bool(button(each, LINK_BUTTON))
        )
        page = await opened.people.consent(str(button(private, LINK_BUTTON)["url"]), "velowerk")
        assert page.heading == "TikTok is linked again for Velo Werk"
    assert (await _half(opened)).verdict.state == "authorized"
    assert (await _half(opened)).connection.id == before


async def test_between_refresh_and_store_where_the_old_token_still_counts(beside: tuple[Stage, Sandbox]):
    opened, sandbox = beside
    await opened.people.call("POST", "switches/tiktok", {"rotation_grace_seconds": DAY})
    await _link(opened, sandbox.world.clock)
    await _killed_while_renewing(opened, sandbox.world.clock)
    asked = len(sandbox.world.journal.entries("tiktok.oauth.token"))
    async with opened.here(sandbox.world.clock):

        async def is_renewed() -> bool:
            return len(sandbox.world.journal.entries("tiktok.oauth.token")) > asked

        await until(is_renewed, "nobody renewed")
        await _becomes(opened, "authorized")


async def test_two_processes_that_would_renew_at_once_renew_once(beside: tuple[Stage, Sandbox]):
    opened, sandbox = beside
    await _link(opened, sandbox.world.clock)
    first = (await _half(opened)).connection.refresh_at
    sandbox.world.clock.advance(RENEWAL)
    await opened.tap("tiktok.oauth.token", 2.0)
    workers = [
        opened.start(role="worker", ahead=sandbox.world.clock.offset, until_well=False) for _ in range(2)
    ]
    await asyncio.gather(*workers)

    async def is_renewed() -> bool:
        return (await _half(opened)).connection.refresh_at != first

    await until(is_renewed, "nobody renewed", seconds=STARTS_WITHIN)
    for bot in opened.bots:
        await opened.well(bot)  # by now each has looked for work
        await bot.stop()
    exchange, *renewals = sandbox.world.journal.entries("tiktok.oauth.token")
    assert exchange.outcome == "ok"
    assert [each.outcome for each in renewals] == ["ok"]
    assert (await _half(opened)).verdict.state == "authorized"


async def _alerts(opened: Stage) -> list[Message]:
    seen = await opened.people.messages("on-call", VELO_CHANNEL)
    return [each for each in seen if button(each, "link.relink") and not each["is_ephemeral"]]


async def _is_heard(opened: Stage) -> bool:
    sent = await opened.people.call("GET", "deliveries", platform="slack")
    (about,) = [each for each in sent if each["what"] == "message_metadata_posted"]
    return bool(about["attempts"][-1]["status"] == HTTPStatus.OK)


@pytest.mark.parametrize("told", ["told", "late"])
async def test_between_an_alert_and_the_note_of_where_it_stands(beside: tuple[Stage, Sandbox], told: str):
    """Slack tells the next process of the message: before it would post another, or after, and then one goes."""
    opened, sandbox = beside
    clock = sandbox.world.clock
    await _link(opened, clock)
    await opened.people.call("POST", "switches/slack", {"metadata_events": told})
    await opened.people.call("POST", "accounts/tiktok/velowerk", {"remove_app": True, "webhooks": "lose"})
    clock.advance(RENEWAL)
    await opened.tap("slack.chat.postMessage", FOREVER, "after")
    worker = await opened.start(role="worker", ahead=clock.offset, until_well=False)
    await until(opened.is_tapped, "nobody told of it", seconds=STARTS_WITHIN)
    await worker.kill()
    (begun,) = await _alerts(opened)
    async with opened.here(clock):
        if told == "told":
            clock.advance(MINUTE)
            await until(lambda: _is_heard(opened), "Slack told nobody of the message")
        clock.advance(LEASE)

        async def is_told() -> bool:
            return bool(sandbox.world.journal.entries("slack.chat.update")) or len(await _alerts(opened)) > 1

        await until(is_told, "nobody went on")
        clock.advance(10 * MINUTE)

        async def is_one() -> bool:
            return len(await _alerts(opened)) == 1

        await until(is_one, "one is too many")
    (stands,) = await _alerts(opened)
    assert (stands["ts"] == begun["ts"]) is (told == "told")
