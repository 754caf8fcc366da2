"""Where Slack's app is installed: rows with sealed tokens, for Bolt to keep and for the use cases to end."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from sqlalchemy import delete, select

from core.ports import Vault
from storage.engine import Database
from storage.sealing import BOTS, INSTALLATIONS
from storage.tables import slack_bots, slack_installations
from storage.transaction import Transaction, Values


class SqlInstallations:
    """Keeps the InstallationRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def every(self) -> Sequence[str]:
        rows = await self._unit.all(select(slack_bots.c.workspace))
        return sorted(row["workspace"] for row in rows)

    async def remove(self, workspace: str) -> None:
        for table in (slack_bots, slack_installations):
            await self._unit.write(delete(table).where(table.c.workspace == workspace))


class SlackInstallations(AsyncInstallationStore):
    """Keeps slack_sdk's installation store over our tables, with every token sealed.

    A workspace has one bot and, per person who installed it, one installation. An installation in a whole
    organisation counts for each of its workspaces that has none of its own.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        row = INSTALLATIONS.seal(self._vault, _installation_row(installation))
        async with self._database.writing() as connection:
            unit = Transaction(connection, self._vault, writable=True)
            await unit.put(slack_installations, row)
            if installation.bot_token:
                await unit.put(slack_bots, BOTS.seal(self._vault, _bot_row(installation.to_bot())))
            await unit.commit()

    async def async_save_bot(self, bot: Bot) -> None:
        async with self._database.writing() as connection:
            unit = Transaction(connection, self._vault, writable=True)
            await unit.put(slack_bots, BOTS.seal(self._vault, _bot_row(bot)))
            await unit.commit()

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Reads one row by its key and asks Slack nothing: cheap enough for every request."""
        homes = _homes(enterprise_id, team_id, org_wide=is_enterprise_install)
        async with self._database.reading() as connection:
            unit = Transaction(connection, self._vault, writable=False)
            rows = await unit.all(select(slack_bots).where(slack_bots.c.workspace.in_(homes)))
        row = min(rows, key=lambda each: homes.index(each["workspace"]), default=None)
        return Bot(**_bot_fields(BOTS.open(self._vault, row))) if row else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        homes = _homes(enterprise_id, team_id, org_wide=is_enterprise_install)
        async with self._database.reading() as connection:
            unit = Transaction(connection, self._vault, writable=False)
            found = select(slack_installations).where(slack_installations.c.workspace.in_(homes))
            if user_id:
                found = found.where(slack_installations.c.user_id == user_id)
            rows = await unit.all(found.order_by(slack_installations.c.installed_at.desc()))
            row = min(rows, key=lambda each: homes.index(each["workspace"]), default=None)
            if row is None:
                return None
            bot = await unit.one(select(slack_bots).where(slack_bots.c.workspace == row["workspace"]))
        fields = _installation_fields(INSTALLATIONS.open(self._vault, row))
        return Installation(**{**(_bot_part(BOTS.open(self._vault, bot)) if bot else {}), **fields})

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        workspace = team_id or enterprise_id
        async with self._database.writing() as connection:
            await connection.execute(delete(slack_bots).where(slack_bots.c.workspace == workspace))
            await connection.commit()

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        table = slack_installations
        ended = delete(table).where(table.c.workspace == (team_id or enterprise_id))
        async with self._database.writing() as connection:
            await connection.execute(ended.where(table.c.user_id == user_id) if user_id else ended)
            await connection.commit()

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        async with self._database.writing() as connection:
            unit = Transaction(connection, self._vault, writable=True)
            await SqlInstallations(unit).remove(team_id or enterprise_id or "")
            await unit.commit()


def _homes(enterprise_id: str | None, team_id: str | None, *, org_wide: bool | None) -> list[str]:
    """Return where to look, the nearest first: the workspace itself, then its organisation."""
    return [each for each in (None if org_wide else team_id, enterprise_id) if each]


def _home(of: Bot | Installation) -> str:
    return str(of.enterprise_id if of.is_enterprise_install else of.team_id)


def _moment(timestamp: float | None) -> datetime | None:
    return None if timestamp is None else datetime.fromtimestamp(timestamp, tz=UTC)


def _bot_row(bot: Bot) -> dict[str, Any]:
    return {
        "workspace": _home(bot),
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
        "bot_token_expires_at": _moment(bot.bot_token_expires_at),
        "is_enterprise_install": bot.is_enterprise_install,
        "installed_at": _moment(bot.installed_at),
    }


def _bot_fields(row: Values) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"workspace", "key_id"}}


def _bot_part(row: Values) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name.startswith("bot_")}


def _installation_row(installation: Installation) -> dict[str, Any]:
    return {
        "workspace": _home(installation),
        "user_id": installation.user_id,
        "app_id": installation.app_id,
        "enterprise_id": installation.enterprise_id,
        "enterprise_name": installation.enterprise_name,
        "enterprise_url": installation.enterprise_url,
        "team_id": installation.team_id,
        "team_name": installation.team_name,
        "user_scopes": list(installation.user_scopes or ()),
        "user_token": installation.user_token,
        "user_refresh_token": installation.user_refresh_token,
        "user_token_expires_at": _moment(installation.user_token_expires_at),
        "incoming_webhook_url": installation.incoming_webhook_url,
        "incoming_webhook_channel": installation.incoming_webhook_channel,
        "incoming_webhook_channel_id": installation.incoming_webhook_channel_id,
        "incoming_webhook_configuration_url": installation.incoming_webhook_configuration_url,
        "is_enterprise_install": installation.is_enterprise_install,
        "token_type": installation.token_type,
        "installed_at": _moment(installation.installed_at),
    }


def _installation_fields(row: Values) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"workspace", "key_id"}}
