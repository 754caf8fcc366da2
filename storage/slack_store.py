"""Slack's installations as its library knows them: who the bot is in a workspace, its tokens sealed."""

from datetime import UTC, datetime
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from sqlalchemy import select

from core.ports import Vault
from storage.engine import Database
from storage.sealing import BOTS
from storage.tables import slack_bots
from storage.transaction import Transaction


class SlackInstallations:
    """The parts of slack_sdk's installation store that the bot uses.

    A workspace has one bot, whoever installed it; people grant nothing of their own. An installation in a whole
    organisation counts for each of its workspaces that has none of its own.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def async_save(self, installation: Installation) -> None:
        """Repeats safely; the newest installation in a workspace replaces the one before."""
        async with self._database.writing() as connection:
            unit = Transaction(connection, self._vault, writable=True)
            await unit.put(slack_bots, BOTS.seal(self._vault, _row(installation.to_bot())))
            await unit.commit()

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Reads one row by its key and asks Slack nothing: cheap enough for every request."""
        # Where to look, the nearest first: the workspace itself, then its organisation.
        homes = [each for each in (None if is_enterprise_install else team_id, enterprise_id) if each]
        async with self._database.reading() as connection:
            unit = Transaction(connection, self._vault, writable=False)
            rows = await unit.all(select(slack_bots).where(slack_bots.c.workspace.in_(homes)))
        row = min(rows, key=lambda each: homes.index(each["workspace"]), default=None)
        if row is None:
            return None
        clear = BOTS.open(self._vault, row)
        return Bot(**{name: value for name, value in clear.items() if name not in {"workspace", "key_id"}})


def _row(bot: Bot) -> dict[str, Any]:
    expires = bot.bot_token_expires_at
    return {
        "workspace": str(bot.enterprise_id if bot.is_enterprise_install else bot.team_id),
        "app_id": bot.app_id,
        "enterprise_id": bot.enterprise_id,
        "enterprise_name": bot.enterprise_name,
        "team_id": bot.team_id,
        "team_name": bot.team_name,
        "bot_id": bot.bot_id,
        "bot_user_id": bot.bot_user_id,
        "bot_scopes": list(bot.bot_scopes),
        "bot_token": bot.bot_token,
        "bot_refresh_token": bot.bot_refresh_token,
        "bot_token_expires_at": None if expires is None else datetime.fromtimestamp(expires, tz=UTC),
        "is_enterprise_install": bot.is_enterprise_install,
        "installed_at": datetime.fromtimestamp(bot.installed_at, tz=UTC),
    }
