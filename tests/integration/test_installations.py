"""Slack's installation store over our tables, on both databases."""

from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Bot, Installation
from sqlalchemy import LargeBinary, select

from storage.engine import Database
from storage.installations import SlackInstallations
from storage.tables import slack_bots, slack_installations
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault
from tests.builders import NOW, an_installation

TEAM: dict[str, Any] = {"enterprise_id": None, "team_id": "T0AGENCY"}
SECRETS = {
    "bot_token": "xoxe.xoxb-secret-bot",
    "bot_refresh_token": "xoxe-secret-bot-refresh",
    "user_token": "xoxp-secret-user",
    "user_refresh_token": "xoxe-secret-user-refresh",
    "incoming_webhook_url": "https://hooks.slack.com/services/T0/B0/secret",
}


@pytest.fixture
def store(database: Database, vault: AesGcmVault) -> SlackInstallations:
    return SlackInstallations(database, vault)


def full() -> Installation:
    return an_installation(
        **SECRETS,
        user_scopes=["identify"],
        bot_token_expires_at=1_800_000_000,
        user_token_expires_at=1_800_000_001,
        incoming_webhook_channel="#on-call",
        incoming_webhook_channel_id="C0ALERTS",
        incoming_webhook_configuration_url="https://agency.slack.com/services/B0",
        enterprise_url="https://agency.enterprise.slack.com",
        token_type="bot",
    )


async def test_what_was_installed_comes_back(store: SlackInstallations) -> None:
    await store.async_save(full())
    found = await store.async_find_installation(**TEAM)
    assert found
    assert found.to_dict() == full().to_dict()
    bot = await store.async_find_bot(**TEAM)
    assert bot
    assert bot.to_dict() == full().to_bot().to_dict()


async def test_tokens_are_sealed(store: SlackInstallations, database: Database) -> None:
    await store.async_save(full())
    async with database.reading() as connection:
        for table in (slack_bots, slack_installations):
            row = (await connection.execute(select(table))).mappings().one()
            sealed = [column.name for column in table.c if isinstance(column.type, LargeBinary)]
            assert set(sealed) <= set(SECRETS)
            assert not [secret for secret in SECRETS.values() if secret in str(dict(row))]
            assert not [name for name in sealed if SECRETS[name].encode() in row[name]]


async def test_nobody_is_nothing(store: SlackInstallations) -> None:
    assert await store.async_find_bot(**TEAM) is None
    assert await store.async_find_installation(**TEAM) is None
    assert await store.async_find_bot(enterprise_id=None, team_id=None) is None


async def test_installing_again_replaces(store: SlackInstallations) -> None:
    await store.async_save(an_installation())
    await store.async_save(an_installation(bot_token="xoxb-newer"))
    bot = await store.async_find_bot(**TEAM)
    assert bot
    assert bot.bot_token == "xoxb-newer"


async def test_a_rotated_bot_token_replaces_the_old_one(store: SlackInstallations) -> None:
    await store.async_save(an_installation())
    bot = await store.async_find_bot(**TEAM)
    assert bot
    bot.bot_token = "xoxb-rotated"
    await store.async_save_bot(bot)
    found = await store.async_find_installation(**TEAM)
    assert found
    assert found.bot_token == "xoxb-rotated"


async def test_each_person_has_their_own_installation_and_the_newest_counts(
    store: SlackInstallations,
) -> None:
    later = NOW.timestamp() + 60
    await store.async_save(an_installation(user_id="U0ONCALL", user_token="xoxp-2", installed_at=later))
    await store.async_save(an_installation(user_token="xoxp-1"))
    newest = await store.async_find_installation(**TEAM)
    mine = await store.async_find_installation(**TEAM, user_id="U0MANAGER")
    assert newest
    assert mine
    assert (newest.user_token, mine.user_token) == ("xoxp-2", "xoxp-1")
    assert await store.async_find_installation(**TEAM, user_id="U0REQUESTER") is None


async def test_what_one_person_granted_leaves_the_bot_alone(store: SlackInstallations) -> None:
    await store.async_save(an_installation())
    await store.async_save(an_installation(user_id="U0ONCALL", user_token="xoxp-2", bot_token=None))
    await store.async_delete_installation(**TEAM, user_id="U0ONCALL")
    assert await store.async_find_installation(**TEAM, user_id="U0ONCALL") is None
    assert await store.async_find_bot(**TEAM)


async def test_an_organisation_counts_for_its_workspaces_that_have_none_of_their_own(
    store: SlackInstallations,
) -> None:
    org = {"enterprise_id": "E0ORG", "is_enterprise_install": True, "team_id": None}
    await store.async_save(an_installation(**org, bot_token="xoxb-org"))
    await store.async_save(an_installation(enterprise_id="E0ORG", bot_token="xoxb-own"))

    async def token(**place: Any) -> str | None:
        bot: Bot | None = await store.async_find_bot(enterprise_id="E0ORG", **place)
        return bot.bot_token if bot else None

    assert await token(team_id="T0AGENCY") == "xoxb-own"
    assert await token(team_id="T0OTHER") == "xoxb-org"
    assert await token(team_id="T0AGENCY", is_enterprise_install=True) == "xoxb-org"
    found = await store.async_find_installation(enterprise_id="E0ORG", team_id="T0OTHER")
    assert found
    assert found.is_enterprise_install


@pytest.mark.parametrize("what", ["bot", "installation", "all"])
async def test_ends_in_one_workspace_only(store: SlackInstallations, what: str) -> None:
    other: dict[str, Any] = {"enterprise_id": None, "team_id": "T0OTHER"}
    for team in ("T0AGENCY", "T0OTHER"):
        await store.async_save(an_installation(team_id=team))
    await getattr(store, f"async_delete_{what}")(**TEAM)
    assert bool(await store.async_find_bot(**TEAM)) is (what == "installation")
    assert bool(await store.async_find_installation(**TEAM)) is (what == "bot")
    assert await store.async_find_bot(**other)
    assert await store.async_find_installation(**other)


async def test_the_unit_of_work_ends_it_whole(
    store: SlackInstallations, database: Database, vault: AesGcmVault
) -> None:
    await store.async_save(an_installation())
    async with SqlWork(database, vault).writing() as unit:
        await unit.installations.remove("T0AGENCY")
        await unit.commit()
    assert await store.async_find_bot(**TEAM) is None
    assert await store.async_find_installation(**TEAM) is None
