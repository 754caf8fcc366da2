"""Slack's installation store over our tables, on both databases."""

from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Bot, Installation
from sqlalchemy import LargeBinary, select

from storage.engine import Database
from storage.slack_store import SlackInstallations
from storage.tables import slack_bots
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault
from tests.builders import an_installation

TEAM: dict[str, Any] = {"enterprise_id": None, "team_id": "T0AGENCY"}
SECRETS = {"bot_token": "xoxe.xoxb-secret-bot", "bot_refresh_token": "xoxe-secret-bot-refresh"}


@pytest.fixture
def store(database: Database, vault: AesGcmVault) -> SlackInstallations:
    return SlackInstallations(database, vault)


def full() -> Installation:
    return an_installation(**SECRETS, bot_token_expires_at=1_800_000_000)


async def test_what_was_installed_comes_back(store: SlackInstallations) -> None:
    await store.async_save(full())
    bot = await store.async_find_bot(**TEAM)
    assert bot
    assert bot.to_dict() == full().to_bot().to_dict()


async def test_tokens_are_sealed(store: SlackInstallations, database: Database) -> None:
    await store.async_save(full())
    async with database.reading() as connection:
        row = (await connection.execute(select(slack_bots))).mappings().one()
    sealed = [column.name for column in slack_bots.c if isinstance(column.type, LargeBinary)]
    assert set(sealed) == set(SECRETS)
    assert not [secret for secret in SECRETS.values() if secret in str(dict(row))]
    assert not [name for name in sealed if SECRETS[name].encode() in row[name]]


async def test_nobody_is_nothing(store: SlackInstallations) -> None:
    assert await store.async_find_bot(**TEAM) is None
    assert await store.async_find_bot(enterprise_id=None, team_id=None) is None


async def test_installing_again_replaces(store: SlackInstallations) -> None:
    await store.async_save(an_installation())
    await store.async_save(an_installation(bot_token="xoxb-newer", user_id="U0ONCALL"))
    bot = await store.async_find_bot(**TEAM)
    assert bot
    assert bot.bot_token == "xoxb-newer"


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


async def test_the_unit_of_work_ends_it_in_one_workspace_only(
    store: SlackInstallations, database: Database, vault: AesGcmVault
) -> None:
    for team in ("T0AGENCY", "T0OTHER"):
        await store.async_save(an_installation(team_id=team))
    async with SqlWork(database, vault).writing() as unit:
        await unit.installations.remove("T0AGENCY")
        await unit.commit()
    assert await store.async_find_bot(**TEAM) is None
    assert await store.async_find_bot(enterprise_id=None, team_id="T0OTHER")
