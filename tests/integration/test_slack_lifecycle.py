"""The end of a workspace, and that Slack is asked to repeat what we couldn't do."""

import json

import pytest

from tests.integration.site import TEAM, Site


async def _is_installed(site: Site) -> bool:
    async with site.runtime.desk.work.reading() as unit:
        return TEAM in await unit.installations.every()


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0CROSSLINK"]}}]
)
async def test_an_ended_workspace_is_forgotten_at_once(bakery: Site, event: dict[str, object]):
    assert await _is_installed(bakery)
    assert (await bakery.event(event)).status == 200
    assert not await _is_installed(bakery)
    answer = await bakery.command("status")
    assert "isn't installed" in json.dumps(answer.json)


async def test_it_may_be_told_twice(bakery: Site):
    for _ in range(2):
        assert (await bakery.event({"type": "app_uninstalled"})).status == 200


async def test_a_persons_own_token_ends_nothing(bakery: Site):
    await bakery.event({"type": "tokens_revoked", "tokens": {"oauth": ["U0REQUESTER"]}})
    assert await _is_installed(bakery)


async def test_accounts_are_let_go(bakery: Site):
    await bakery.people.link("requester", "C0BAKERY", "tiktok", "nordlicht.bakery")
    await bakery.event({"type": "app_uninstalled"})
    async with bakery.runtime.desk.work.reading() as unit:
        (connection,) = await unit.connections.of_workspace(TEAM)
    assert connection.sides.wanted == "unlinked"


async def test_the_app_can_be_installed_again(bakery: Site):
    await bakery.event({"type": "app_uninstalled"})
    await bakery.install()
    assert await _is_installed(bakery)
    assert (await bakery.command("status")).text == ""


async def test_what_we_couldnt_do_slack_repeats(bakery: Site):
    async def fails(_request: object) -> None:
        raise RuntimeError("no database")

    dispatch = bakery.runtime.slack._async_middleware_list[-1].dispatch
    dispatch.table.lasting["app_uninstalled"] = fails
    assert (await bakery.event({"type": "app_uninstalled"})).status == 500


async def test_an_event_without_a_listener_is_taken(site: Site):
    assert (await site.event({"type": "channel_rename"})).status == 200
