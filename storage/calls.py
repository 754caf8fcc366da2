"""Calls that count against the platforms' limits, as rows that all processes share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from core.ports import Pace
from storage.post_tables import calls
from storage.transaction import Transaction


class SqlCalls:
    """Keeps the CallRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def spend(self, account: str, paces: Sequence[Pace], at: datetime) -> datetime | None:
        if not paces:
            return None
        await self._unit.take_turn(f"calls {account}")
        full = [until for pace in paces if (until := await self._full_until(account, pace, at)) is not None]
        if full:
            return max(full)
        windows = {pace.endpoint: pace.window for pace in sorted(paces, key=lambda pace: pace.window)}
        over = (calls.c.account == account, calls.c.endpoint.in_(sorted(windows)), calls.c.until <= at)
        await self._unit.write(delete(calls).where(*over))
        made: list[dict[str, Any]] = [
            {"account": account, "endpoint": endpoint, "at": at, "until": at + longest}
            for endpoint, longest in windows.items()
        ]
        await self._unit.write(insert(calls).values(made))
        return None

    async def _full_until(self, account: str, pace: Pace, at: datetime) -> datetime | None:
        """Return when a window has room again, None where it has now: when it lets go of the `most`-th newest call."""
        counted = (
            calls.c.account == account,
            calls.c.endpoint == pace.endpoint,
            calls.c.at > at - pace.window,
        )
        newest = select(calls.c.at).where(*counted).order_by(calls.c.at.desc())
        row = await self._unit.one(newest.offset(pace.most - 1).limit(1))
        return row["at"] + pace.window if row else None
