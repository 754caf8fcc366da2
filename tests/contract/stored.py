"""Shorthand of the tests of storage."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.delivery import Delivery
from core.domain.invitation import Invitation
from core.domain.post import Post
from core.ports import UnitOfWork, Work
from tests.builders import (
    NOW,
)

SOON = NOW + timedelta(minutes=3)
LATER = NOW + timedelta(hours=1)


async def keep(unit: UnitOfWork, *values: Any) -> None:
    """Save clients, connections, invitations, posts and deliveries in the order given."""
    for value in values:
        match value:
            case Client():
                await unit.clients.save(value)
            case Connection():
                await unit.connections.save(value)
            case Invitation():
                await unit.invitations.save(value)
            case Post():
                await unit.posts.save(value)
            case Delivery():
                assert await unit.deliveries.add(value)


async def given(work: Work, *values: Any) -> None:
    async with work.writing() as unit:
        await keep(unit, *values)
        await unit.commit()


def ids(values: Iterable[Any]) -> list[str]:
    return [each.id for each in values]
