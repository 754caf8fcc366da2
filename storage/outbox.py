"""Facts as rows: told once, by whoever has the lease, what is urgent first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, case, select, update

from core.domain.fact import URGENT, YES, Fact, FactKind
from storage.tables import UNTOLD, facts
from storage.transaction import Transaction, Values, claiming, unclaimed

_NEWS = facts.alias("news")
_CLIENTS_IN_TROUBLE = select(_NEWS.c.client_id).where(
    _NEWS.c.told_at.is_(None), _NEWS.c.details[URGENT].as_string() == YES
)
"""Of whom something urgent is to be told. Read through the index of what is untold."""
_NOW: BindParameter[datetime] = bindparam("now")
_CLAIM_DUE = claiming(
    facts,
    select(facts.c.id)
    .where(UNTOLD, facts.c.not_before <= _NOW, unclaimed(facts, _NOW))
    .order_by(case((facts.c.client_id.in_(_CLIENTS_IN_TROUBLE), 0), else_=1), facts.c.at, facts.c.seq)
    .limit(bindparam("most", type_=Integer)),
)

_END = (
    update(facts)
    .where(facts.c.id == bindparam("of_id"), facts.c.lease_owner == bindparam("of_owner"), UNTOLD)
    .values({"lease_owner": None, "lease_until": None})
)
"""What comes of an attempt ends its lease."""
_TOLD = _END.values(told_at=bindparam("now"))
_AGAIN = _END.values(not_before=bindparam("then"), attempts=facts.c.attempts + 1)


class SqlFacts:
    """Keeps the FactRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def add(self, *news: Fact) -> None:
        await self._unit.add_every(facts, [_row(each) for each in news])

    async def untold(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Fact]:
        taken = await self._unit.changed(_CLAIM_DUE, now=at, most=limit, owner=owner, until=until)
        ordered = [_fact(row) for row in sorted(taken, key=lambda row: (row["at"], row["seq"]))]
        urgent = {each.client_id for each in ordered if each.is_urgent}
        return sorted(ordered, key=lambda each: each.client_id not in urgent)

    async def told(self, *fact_ids: str, at: datetime, owner: str) -> None:
        if fact_ids:
            every = [{"of_id": each, "of_owner": owner, "now": at} for each in fact_ids]
            await self._unit.write_every(_TOLD, every)

    async def postpone(self, fact_id: str, until: datetime, *, owner: str) -> None:
        await self._unit.write(_AGAIN, of_id=fact_id, of_owner=owner, then=until)


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
