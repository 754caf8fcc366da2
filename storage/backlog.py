"""How much waits: counted from indexes, up to a bound, in statements that were put together once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, ScalarSelect, Select, bindparam, func, literal_column, select

from core.domain.symptom import Condition
from core.ports import Backlog, Duty
from storage.post_tables import DUE, DUE_POST, deliveries, posts
from storage.tables import (
    UNCLOSED,
    UNHANDLED,
    UNSETTLED,
    UNTOLD,
    alarms,
    connections,
    facts,
    incidents,
    invitations,
    notices,
)
from storage.transaction import Transaction


def _due(due: Column[datetime], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    over: Select[Any] = select(literal_column("1")).where(due <= bindparam("at", type_=due.type), *conditions)
    return select(func.count()).select_from(over.limit(bindparam("most")).subquery()).scalar_subquery()


_EVERY = select(
    _due(notices.c.not_before, UNHANDLED).label(Duty.NOTICES),
    _due(alarms.c.due_at).label(Duty.ALERTS),
    _due(facts.c.not_before, UNTOLD).label(Duty.FACTS),
    _due(invitations.c.expires_at, UNSETTLED).label(Duty.INVITATIONS),
    _due(connections.c.due_at).label(Duty.CONNECTIONS),
    _due(posts.c.due_at, DUE_POST).label(Duty.POSTS),
    _due(deliveries.c.due_at, DUE).label(Duty.DELIVERIES),
)
_open = select(incidents.c.condition).where(UNCLOSED).limit(bindparam("most")).subquery()
_INCIDENTS = select(_open.c.condition, func.count().label("open")).group_by(_open.c.condition)


async def backlog(unit: Transaction, at: datetime, *, most: int) -> Backlog:
    """Read how many rows of each duty are due, and how many incidents of each kind are open."""
    (due,) = await unit.all(_EVERY, at=at, most=most)
    rows = await unit.all(_INCIDENTS, most=most)
    found: Mapping[str, int] = {row["condition"]: row["open"] for row in rows}
    return Backlog(
        due={duty: due[duty] for duty in Duty}, incidents={each: found.get(each, 0) for each in Condition}
    )
