"""When the scheduler has something to do next: questions that indexes answer, put together once and asked often.

To put a statement together takes longer than to run one of these.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, ScalarSelect, Select, case, func, select

from core.ports import Duty
from storage.post_tables import DUE, LEASED, deliveries, posts
from storage.tables import UNHANDLED, UNSETTLED, UNTOLD, alarms, connections, facts, invitations, notices
from storage.transaction import Transaction


def _leased(due: Column[datetime], *conditions: ColumnElement[bool]) -> list[ScalarSelect[Any]]:
    """Return when the first row can be taken: once it is due and nobody else has it.

    Two questions, each with an index of its own: rows without a lease by when they are due, the few rows with one
    by when both are over.
    """
    until = due.table.c.lease_until
    over = func.min(case((due > until, due), else_=until))
    leased = select(over).where(until.is_not(None), due.is_not(None), *conditions)
    return [*_first(due, until.is_(None), *conditions), leased.scalar_subquery()]


def _first(due: Column[datetime], *conditions: ColumnElement[bool]) -> list[ScalarSelect[Any]]:
    return [select(due).where(due.is_not(None), *conditions).order_by(due).limit(1).scalar_subquery()]


def _one_at_a_time() -> list[ScalarSelect[Any]]:
    """Return when the first delivery can be taken: where its connection has one under lease, after that."""
    held = select(deliveries.c.connection_id, func.max(deliveries.c.lease_until).label("until"))
    busy = held.where(LEASED).group_by(deliveries.c.connection_id).subquery()
    due, until = deliveries.c.due_at, busy.c.until
    after = select(func.min(case((due > until, due), else_=until))).where(DUE)
    waiting = after.where(deliveries.c.connection_id == busy.c.connection_id)
    others = deliveries.c.connection_id.not_in(select(deliveries.c.connection_id).where(LEASED))
    return [*_first(due, others), waiting.scalar_subquery()]


_QUESTIONS: Mapping[Duty, list[ScalarSelect[Any]]] = {
    Duty.NOTICES: _leased(notices.c.not_before, UNHANDLED),
    Duty.ALERTS: _first(alarms.c.due_at),
    Duty.FACTS: _leased(facts.c.not_before, UNTOLD),
    Duty.INVITATIONS: _first(invitations.c.expires_at, UNSETTLED),
    Duty.CONNECTIONS: _leased(connections.c.due_at),
    Duty.POSTS: _first(posts.c.due_at),
    Duty.DELIVERIES: _one_at_a_time(),
}


_TOGETHER: Select[Any] = select(
    *(
        question.label(f"{duty}_{number}")
        for duty, questions in _QUESTIONS.items()
        for number, question in enumerate(questions)
    )
)


async def next_wakes(unit: Transaction) -> Mapping[Duty, datetime | None]:
    """Read when something of each duty can be taken next."""
    answers = (await unit.one(_TOGETHER) or {}).items()
    return {
        duty: min((at for name, at in answers if at and name.startswith(f"{duty}_")), default=None)
        for duty in Duty
    }
