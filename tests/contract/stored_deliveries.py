"""Shorthand of the tests of stored deliveries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.delivery import Delivery, Ticket
from core.domain.secret import Secret
from core.ports import Duty, Work
from tests.builders import NOW, a_delivery, a_post
from tests.contract.stored import LATER, given

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TICKET = Ticket(
    reference="v_pub_url~v2.1",
    parts=("1", "2"),
    upload=Secret("https://open-upload.tiktokapis.com/video/?upload_id=1&upload_token=secret"),
    upload_until=LATER,
    chunk=64_000_000,
    sent=3_000_000_000,
    total=4_000_000_000,
    is_ready=True,
)


async def on_their_way(
    work: Work, client: Client, connection: Connection, *due: datetime | None
) -> list[Delivery]:
    """Store a delivery of a post of its own for each moment at which it is due."""
    made = []
    for at in due:
        post = a_post(client)
        made.append(a_delivery(post, connection, due_at=at, leave_at=at or NOW))
        await given(work, post, made[-1])
    return [replace(each, version=1) for each in made]


async def claim(
    work: Work, owner: str = "a", at: datetime = NOW, *, until: datetime | None = None, limit: int = 10
) -> Sequence[Delivery]:
    async with work.writing() as unit:
        lease = until or at + 3 * MINUTE
        taken = await unit.deliveries.claim_due(at, owner=owner, until=lease, limit=limit)
        await unit.commit()
    return taken


async def save(work: Work, delivery: Delivery, *, release: bool = False) -> Delivery:
    async with work.writing() as unit:
        saved = await unit.deliveries.save(delivery, release=release)
        await unit.commit()
    return saved


async def next_due(work: Work) -> datetime | None:
    async with work.reading() as unit:
        return (await unit.next_wakes())[Duty.DELIVERIES]
