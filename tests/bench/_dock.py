"""The half of the bot that delivers, on a database of its own, beside platforms that answer at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from os import SEEK_END
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from bot.metrics import Metrics
from bot.wiring.adapters import Adapters, open_adapters
from bot.wiring.media import MediaDesk, open_desk
from bot.wiring.publishing import open_publishing
from core.domain.account import Platform
from core.domain.client import Person
from core.domain.connection import Connection
from core.domain.delivery import Delivery, DeliveryStep
from core.domain.media import Kind
from core.domain.post import Form, Item, Post, PostStep, Target, TikTokOptions
from core.ports import Clock
from core.usecases.publishing import Publishing
from core.usecases.watching import Watching
from storage import migrate
from storage.post_tables import deliveries
from storage.vault import new_key
from tests.bench._instant import GRAPH, TIKTOK
from tests.builders import (
    NOW,
    a_client,
    a_content,
    a_delivery,
    a_linked_connection,
    a_post,
    an_account,
    an_item,
    credentials,
)
from tests.integration.site import TEAM, settings_for
from tests.landing import landed
from tests.media.films import Film, Sound, make

FILM = Film(
    width=540,
    height=960,
    frames=120,
    options={"crf": "45", "g": "30"},
    container={"movflags": "+faststart"},
    sounds=(Sound(),),
)
"""Four seconds that both platforms take."""
REQUESTER = Person(workspace=TEAM, user="U0REQUESTER", home=TEAM)
MANAGER = Person(workspace=TEAM, user="U0MANAGER", home=TEAM)
PATIENCE = 30.0
FAR = timedelta(days=300)
PUBLIC = TikTokOptions(privacy="PUBLIC_TO_EVERYONE", consents=True)
TARGETS = {
    Platform.TIKTOK: Target(form=Form.TIKTOK_VIDEO, tiktok=PUBLIC),
    Platform.INSTAGRAM: Target(form=Form.REEL),
}
_numbers = count(1)


class QuickClock:
    """Time that runs faster, so that pauses between looks, which are nobody's work, are short."""

    def __init__(self, pace: float) -> None:
        self._pace, self._began = pace, perf_counter()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=(perf_counter() - self._began) * self._pace)


@dataclass(frozen=True, kw_only=True)
class Dock:
    """A worker's parts, and where approved posts come from."""

    clock: Clock
    adapters: Adapters
    media: MediaDesk
    watching: Watching
    publishing: Publishing

    async def store(self, film: Path) -> Item:
        """Take over a file."""
        kept = await self.media.room.store.adopt(film, at=self.clock.now())
        return an_item(sha256=kept.sha256, size=kept.size, name="bench.mp4", kind=Kind.VIDEO, seconds=4.0)

    async def approved(self, item: Item, platform: Platform, many: int = 1) -> Sequence[Delivery]:
        """Write approved posts, each to an account of its own; they are due at once."""
        made = [self._approved(item, platform) for _ in range(many)]
        async with self.adapters.work.writing() as unit:
            for post, connection, delivery in made:
                await unit.clients.save(a_client(id=post.client_id, expected={}))
                await unit.connections.save(connection)
                held = credentials(issued_at=self.clock.now(), access_expires_at=self.clock.now() + FAR)
                await unit.credentials.put(connection.id, held)
                await unit.posts.save(post)
                assert await unit.deliveries.add(delivery)
            await unit.commit()
        return [delivery for _, _, delivery in made]

    async def are(self, deliveries: Sequence[Delivery], step: DeliveryStep) -> bool:
        """True where each of them has come to this step."""
        async with self.adapters.work.reading() as unit:
            found = [await unit.deliveries.get(each.workspace, each.id) for each in deliveries]
        return all(each is not None and each.step is step for each in found)

    async def open(self) -> int:
        """Return how many deliveries are not public yet."""
        left = select(func.count()).where(deliveries.c.step != DeliveryStep.PUBLISHED)
        async with self.adapters.database.reading() as connection:
            return (await connection.execute(left)).scalar_one()

    async def finish(self, deliveries: Sequence[Delivery]) -> None:
        """Go on until all of them are public."""
        async with asyncio.timeout(PATIENCE):
            while not await self.are(deliveries, DeliveryStep.PUBLISHED):
                await asyncio.sleep(0.1)
                await self.publishing.send_due(self.clock.now())
                await landed(self.publishing)

    def _approved(self, item: Item, platform: Platform) -> tuple[Post, Connection, Delivery]:
        now = self.clock.now()
        client = a_client(expected={})
        account = an_account(platform, id=f"{platform}:{next(_numbers)}")
        held = credentials(issued_at=now, access_expires_at=now + FAR)
        connection = a_linked_connection(
            client, platform=platform, account=account, linked_at=now, credentials=held
        )
        content = a_content(items=(item,), targets=(TARGETS[platform],))
        post = a_post(client, content=content, step=PostStep.APPROVED, created_at=now, requested_at=now)
        delivery = a_delivery(
            post,
            connection,
            digest=post.digest,
            account_id=account.id,
            created_at=now,
            leave_at=now,
            due_at=now,
        )
        return post, connection, delivery


@asynccontextmanager
async def dock(url: str, folder: Path, platforms: str, clock: Clock) -> AsyncIterator[Dock]:
    """A worker that has not begun, on a new database, until the block ends."""
    await migrate.upgrade(url)
    addresses = {
        "database_url": url,
        "encryption_keys": new_key(),
        "tiktok_api_url": f"{platforms}{TIKTOK}",
        "instagram_graph_url": f"{platforms}{GRAPH}",
    }
    settings = settings_for("http://127.0.0.1:1", folder, **addresses)
    adapters = open_adapters(settings, clock, metrics=Metrics())
    watching = Watching(work=adapters.work, clock=clock, providers=adapters.providers, owner="bench")
    media = open_desk(settings, adapters, clock, watching)
    publishing = open_publishing(adapters, clock, media=media, watching=watching, owner="bench")
    try:
        yield Dock(clock=clock, adapters=adapters, media=media, watching=watching, publishing=publishing)
    finally:
        await publishing.drained(5)
        media.close()
        await adapters.close()


async def a_film(folder: Path, size: int = 0) -> Path:
    """Make the film that is sent, filled up with as many bytes as it shall have."""
    file = folder / f"{next(_numbers)}.mp4"
    await asyncio.to_thread(_make, file, size)
    return file


def _make(file: Path, size: int) -> None:
    """Write the film; its last box, with the pictures, takes what is added."""
    make(file, FILM)
    if not size:
        return
    made = file.read_bytes()
    box = made.index(b"mdat") - 4
    block = bytes(range(256)) * 4096
    with file.open("r+b") as film:
        film.seek(box)
        film.write((size - box).to_bytes(4, "big"))
        film.seek(0, SEEK_END)
        while film.tell() < size:
            film.write(block[: size - film.tell()])
