"""People who opened App Home, as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from storage.tables import viewers
from storage.transaction import Transaction


class SqlViewers:
    """Keeps the ViewerRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def add(self, workspace: str, user: str, at: datetime) -> None:
        await self._unit.put(viewers, {"workspace": workspace, "user_id": user, "seen_at": at})

    async def every(self, workspace: str) -> Sequence[str]:
        seen = await self._unit.all(select(viewers.c.user_id).where(viewers.c.workspace == workspace))
        return sorted(row["user_id"] for row in seen)
