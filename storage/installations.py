"""Where Slack's app is installed, for the use cases: they end it. The bot's own side of it is `storage.slack_store`."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from storage.tables import slack_bots
from storage.transaction import Transaction


class SqlInstallations:
    """Keeps the InstallationRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def every(self) -> Sequence[str]:
        rows = await self._unit.all(select(slack_bots.c.workspace))
        return sorted(row["workspace"] for row in rows)

    async def remove(self, workspace: str) -> None:
        await self._unit.write(delete(slack_bots).where(slack_bots.c.workspace == workspace))
