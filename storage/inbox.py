"""Platforms' messages as rows: each kept once, handled once, by whoever has the lease."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from core.domain.account import Platform
from core.domain.webhook import Notice, NoticeKind
from storage.tables import UNHANDLED, notices
from storage.transaction import Transaction, Values, unclaimed


class SqlNotices:
    """Keeps the NoticeRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def add(self, notice: Notice) -> bool:
        return await self._unit.add(notices, _row(notice))

    async def unhandled(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Notice]:
        waiting = (
            select(notices.c.id)
            .where(UNHANDLED, notices.c.not_before <= at, unclaimed(notices, at))
            .order_by(notices.c.not_before, notices.c.seq)
            .limit(limit)
        )
        taken = await self._unit.claim(notices, waiting, owner=owner, until=until)
        return [_notice(row) for row in sorted(taken, key=lambda row: (row["received_at"], row["seq"]))]

    async def handled(self, notice_id: str, at: datetime) -> None:
        ended = {"handled_at": at, "account_ids": [], "lease_owner": None, "lease_until": None}
        await self._unit.write(update(notices).where(notices.c.id == notice_id).values(ended))

    async def postpone(self, notice_id: str, until: datetime, *, owner: str) -> None:
        own = (notices.c.id == notice_id, notices.c.lease_owner == owner, UNHANDLED)
        later = {"not_before": until, "lease_owner": None, "lease_until": None}
        await self._unit.write(update(notices).where(*own).values(later))

    async def by_reference(self, reference: str) -> Notice | None:
        if not reference:
            return None
        named = select(notices).where(notices.c.reference == reference)
        row = await self._unit.one(named.order_by(notices.c.seq).limit(1))
        return _notice(row) if row else None


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "platform": notice.platform,
        "kind": notice.kind,
        "account_ids": sorted(notice.account_ids),
        "at": notice.at,
        "received_at": notice.received_at,
        "code": notice.code,
        "reference": notice.reference,
        "details": dict(notice.details),
        "handled_at": notice.handled_at,
        "not_before": notice.received_at,
    }


def _notice(row: Values) -> Notice:
    return Notice(
        id=row["id"],
        platform=Platform(row["platform"]),
        kind=NoticeKind(row["kind"]),
        account_ids=frozenset(row["account_ids"]),
        at=row["at"],
        received_at=row["received_at"],
        code=row["code"],
        reference=row["reference"],
        details=row["details"],
        handled_at=row["handled_at"],
    )
