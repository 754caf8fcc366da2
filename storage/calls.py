"""Calls that count against the platforms' limits, as rows that all processes share."""

from collections import Counter
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
        wanted = Counter(paces)
        rooms = [await self._room(account, pace, times, at) for pace, times in wanted.items()]
        if full := [room for room in rooms if room is not None]:
            return max(full)
        of_it = (calls.c.account == account, calls.c.endpoint.in_({pace.endpoint for pace in paces}))
        await self._unit.write(delete(calls).where(*of_it, calls.c.until <= at))
        await self._unit.write(insert(calls).values(_made(account, wanted, at)))
        return None

    async def _room(self, account: str, pace: Pace, times: int, at: datetime) -> datetime | None:
        """Return when a window has room for so many calls more, None where it has now."""
        counted = (calls.c.account == account, calls.c.endpoint == pace.endpoint)
        newest = select(calls.c.at).where(*counted, calls.c.at > at - pace.window).order_by(calls.c.at.desc())
        leaves = await self._unit.one(newest.offset(max(pace.most - times, 0)).limit(1))
        return leaves["at"] + pace.window if leaves else None


def _made(account: str, wanted: Counter[Pace], at: datetime) -> list[dict[str, Any]]:
    """Return a row for each call: several windows of an endpoint count the same ones."""
    rows = []
    for endpoint in {pace.endpoint for pace in wanted}:
        own = {pace.window: times for pace, times in wanted.items() if pace.endpoint == endpoint}
        row = {"account": account, "endpoint": endpoint, "at": at, "until": at + max(own)}
        rows += [row] * max(own.values())
    return rows
