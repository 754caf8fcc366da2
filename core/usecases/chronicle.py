"""Writes down what happens to posts and deliveries, in the same unit as the change itself."""

from datetime import datetime

from core.domain.chronicle import change_of, passage_of
from core.domain.delivery import Delivery
from core.domain.post import Post
from core.ports import UnitOfWork


async def note_change(unit: UnitOfWork, post: Post, what: str, *, by: str, at: datetime) -> None:
    """Write that a post changed into what it is now; `by` is "" for the machine."""
    await unit.chronicle.add(change_of(post, what, by=by, at=at))


async def note_passage(
    unit: UnitOfWork, before: Delivery | None, after: Delivery, *, at: datetime, by: str = ""
) -> None:
    """Write what became of a delivery, where somebody would ask about it later; `before` is None for a new one."""
    if entry := passage_of(before, after, at=at, by=by):
        await unit.chronicle.add(entry)
