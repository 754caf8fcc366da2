"""Facts as rows: told once, by whoever has the lease, what is urgent first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, select, update

from core.domain.fact import URGENT, YES, Fact, FactKind
from storage.tables import UNTOLD, facts
from storage.transaction import Transaction, Values, unclaimed

_NEWS = facts.alias("news")
_CLIENTS_IN_TROUBLE = select(_NEWS.c.client_id).where(
    _NEWS.c.told_at.is_(None), _NEWS.c.details[URGENT].as_string() == YES
)
"""Of whom something urgent is to be told. Read through the index of what is untold."""

_END = (
    update(facts)
    .where(facts.c.id == bindparam("of_id"), UNTOLD)
    .values({"lease_owner": None, "lease_until": None})
)
"""What comes of an attempt ends its lease."""
_TOLD = _END.values(told_at=bindparam("now"))


class SqlFacts:
    """Keeps the FactRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def add(self, *news: Fact) -> None:
        await self._unit.add_every(facts, [_row(each) for each in news])

    async def untold(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Fact]:
        hurry = case((facts.c.client_id.in_(_CLIENTS_IN_TROUBLE), 0), else_=1)
        due = (
            select(facts.c.id)
            .where(UNTOLD, facts.c.not_before <= at, unclaimed(facts, at))
            .order_by(hurry, facts.c.at, facts.c.seq)
            .limit(limit)
        )
        taken = await self._unit.claim(facts, due, owner=owner, until=until)
        ordered = [_fact(row) for row in sorted(taken, key=lambda row: (row["at"], row["seq"]))]
        urgent = {each.client_id for each in ordered if each.is_urgent}
        return sorted(ordered, key=lambda each: each.client_id not in urgent)

    async def told(self, *fact_ids: str, at: datetime) -> None:
        if fact_ids:
            await self._unit.write_every(_TOLD, [{"of_id": each, "now": at} for each in fact_ids])

    async def postpone(self, fact_id: str, until: datetime) -> None:
        again = _END.values(not_before=until, attempts=facts.c.attempts + 1)
        await self._unit.write(again, of_id=fact_id)


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind,
        "workspace": fact.workspace,
        "at": fact.at,
        "client_id": fact.client_id,
        "subject": fact.subject,
        "details": dict(fact.details),
        "not_before": fact.at,
        "attempts": 0,
    }


def _fact(row: Values) -> Fact:
    return Fact(
        id=row["id"],
        kind=FactKind(row["kind"]),
        workspace=row["workspace"],
        at=row["at"],
        client_id=row["client_id"],
        subject=row["subject"],
        details=row["details"],
    )
