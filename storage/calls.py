"""Calls that count against the platforms' limits, as rows that all processes share."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from core.ports import Pace
from storage.post_tables import calls
from storage.transaction import Transaction

_OF_THEM = calls.c.account.in_(bindparam("accounts", expanding=True))
_OVER = delete(calls).where(_OF_THEM, calls.c.until <= bindparam("now"))
_COUNTED = (
    select(calls.c.account, calls.c.endpoint, func.count().label("made"))
    .where(_OF_THEM, calls.c.until > bindparam("now"))
    .group_by(calls.c.account, calls.c.endpoint)
)
_NEWEST = (
    select(calls.c.at)
    .where(
        calls.c.account == bindparam("of"),
        calls.c.endpoint == bindparam("called"),
        calls.c.at > bindparam("since"),
    )
    .order_by(calls.c.at.desc())
    .offset(bindparam("beyond"))
    .limit(1)
)
_INSERT = insert(calls)


class SqlCalls:
    """Keeps the CallRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def spend(self, account: str, paces: Sequence[Pace], at: datetime) -> datetime | None:
        return (await self.spend_every({account: paces}, at))[account]

    async def spend_every(
        self, wanted: Mapping[str, Sequence[Pace]], at: datetime
    ) -> Mapping[str, datetime | None]:
        counts = {account: Counter(paces) for account, paces in wanted.items() if paces}
        until: dict[str, datetime | None] = dict.fromkeys(wanted)
        if not counts:
            return until
        await self._unit.take_turns(f"calls {account}" for account in counts)
        await self._unit.write(_OVER, accounts=list(counts), now=at)
        made = await self._made(counts, at)
        rows = []
        for account, paces in counts.items():
            until[account] = await self._full(account, paces, made, at)
            rows += [] if until[account] else _rows(account, paces, at)
        if rows:
            await self._unit.write_every(_INSERT, rows)
        return until

    async def _made(self, accounts: Collection[str], at: datetime) -> Mapping[tuple[str, str], int]:
        """Read how many calls are in any window: where these leave room, each window by itself does."""
        rows = await self._unit.all(_COUNTED, accounts=list(accounts), now=at)
        return {(row["account"], row["endpoint"]): row["made"] for row in rows}

    async def _full(
        self, account: str, paces: Counter[Pace], made: Mapping[tuple[str, str], int], at: datetime
    ) -> datetime | None:
        """Return when all windows have room for so many calls more, None where they have now."""
        rooms = [
            await self._room(account, pace, times, at)
            for pace, times in paces.items()
            if made.get((account, pace.endpoint), 0) + times > pace.most
        ]
        return max((room for room in rooms if room is not None), default=None)

    async def _room(self, account: str, pace: Pace, times: int, at: datetime) -> datetime | None:
        counted = {"of": account, "called": pace.endpoint, "since": at - pace.window}
        leaves = await self._unit.all(_NEWEST, **counted, beyond=max(pace.most - times, 0))
        return leaves[0]["at"] + pace.window if leaves else None


def _rows(account: str, wanted: Counter[Pace], at: datetime) -> list[dict[str, Any]]:
    """Return a row for each call: several windows of an endpoint count the same ones."""
    rows = []
    for endpoint in {pace.endpoint for pace in wanted}:
        own = {pace.window: times for pace, times in wanted.items() if pace.endpoint == endpoint}
        row = {"account": account, "endpoint": endpoint, "at": at, "until": at + max(own)}
        rows += [row] * max(own.values())
    return rows
