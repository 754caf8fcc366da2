"""Where the Publisher port is played: each adapter over real HTTP against its emulator, with an account linked."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials
from core.domain.delivery import Audience, Ticket
from core.domain.errors import Passing, Unconfirmed
from core.domain.media import Kind
from core.domain.post import Form, InstagramOptions, Item, Target, TikTokOptions
from core.ports import Cargo, Look, MediaSource, Publisher, Sight
from core.providers.instagram.publisher import InstagramPublisher
from core.providers.pools import Pools
from core.providers.tiktok.publisher import TikTokPublisher
from core.providers.wire import Wire
from tests.builders import EVERYTHING
from tests.contract.provider_stages import EmulatedStage, emulated, instagram_app, linked, tiktok_app
from tests.unit.sandbox.shelf import Shelf, a_shelf
from tests.unit.sandbox.site import until

OPERATIONS = {
    Platform.TIKTOK: {
        "prepare": "tiktok.publish.video_init",
        "upload": "tiktok.upload",
        "ask": "tiktok.upload",
        "look": "tiktok.publish.status",
    },
    Platform.INSTAGRAM: {
        "prepare": "instagram.media",
        "upload": "instagram.container",
        "ask": "instagram.media_publish",
        "look": "instagram.container",
    },
}
Result = TypeVar("Result")
CAPTION = "Bread at five #bakery"


class InMemory:
    """A MediaSource of a few bytes."""

    def __init__(self, content: bytes, name: str = "film.mp4") -> None:
        self._content = content
        self.name = name
        self.size = len(content)
        self.largest = 0

    def fileno(self) -> None:
        return None

    async def read(self, offset: int, length: int) -> bytes:
        self.largest = max(self.largest, length)
        return self._content[offset : offset + length]


def an_item(size: int, kind: Kind = Kind.VIDEO, name: str = "film.mp4") -> Item:
    return Item(sha256="0" * 64, size=size, name=name, kind=kind, seconds=12 if kind is Kind.VIDEO else None)


def for_tiktok(
    size: int, *, form: Form = Form.TIKTOK_VIDEO, urls: tuple[str, ...] = (), **options: Any
) -> Cargo:
    chosen = TikTokOptions(**{"privacy": "PUBLIC_TO_EVERYONE", "consents": True} | options)
    kind = Kind.IMAGE if form is Form.TIKTOK_PHOTO else Kind.VIDEO
    items = tuple(an_item(size, kind) for _ in urls or (0,))
    return Cargo(
        target=Target(form=form, tiktok=chosen, title="Rolls"), caption=CAPTION, items=items, urls=urls
    )


def for_instagram(form: Form, *urls: str, caption: str = CAPTION, **options: Any) -> Cargo:
    items = tuple(
        an_item(1, Kind.VIDEO if each.endswith(".mp4") else Kind.IMAGE, each.rpartition("/")[2])
        for each in urls
    )
    target = Target(form=form, instagram=InstagramOptions(**options))
    return Cargo(target=target, caption=caption, items=items, urls=urls)


@dataclass
class PublishingStage:
    """A publisher with one linked account, and the weather around it."""

    stage: EmulatedStage
    publisher: Publisher
    credentials: Credentials
    account: Account
    shelf: Shelf
    tickets: list[Ticket] = field(default_factory=list)

    async def prepare(self, cargo: Cargo) -> Ticket:
        return await self.publisher.prepare(self.credentials, self.account, cargo)

    async def upload(self, cargo: Cargo, ticket: Ticket, source: MediaSource | None = None) -> Ticket:
        """Bring what is missing, once; `tickets` has what was yielded, also by what failed later."""
        sent = self.publisher.upload(self.credentials, self.account, cargo, ticket, source)
        async for grown in sent:
            ticket = grown
            self.tickets.append(grown)
        return ticket

    async def ready(self, cargo: Cargo, source: MediaSource | None = None) -> Ticket:
        """Prepare and bring all of it, giving the platform the time that it takes."""
        ticket = await self.upload(cargo, await self.prepare(cargo), source)
        for _ in range(20):
            if ticket.is_ready:
                return ticket
            await self.rest()
            ticket = await self.upload(cargo, ticket, source)
        raise AssertionError("never ready")

    async def rest(self) -> None:
        """Let the platform fetch and look at what it has."""
        emulator = self.stage.emulator
        if self.stage.platform is Platform.TIKTOK:
            jobs = emulator.jobs._jobs.values()
            await until(lambda: all(each.media or each.is_over or each.order.plan for each in jobs))
        else:
            made = emulator.publishing._containers._containers.values()
            await until(lambda: all(each.media or each.error for each in made))
        self.stage.advance(minutes=1)

    async def ask(
        self, cargo: Cargo, ticket: Ticket, source: MediaSource | None = None
    ) -> tuple[Ticket, Look]:
        return await self.publisher.ask(self.credentials, self.account, cargo, ticket, source)

    async def delivered(self, cargo: Cargo, source: MediaSource | None = None) -> Look:
        """Do what a delivery does, whatever is lost on the way; return what is seen in the end."""
        ticket = await self._retried(lambda: self.ready(cargo, source))
        for _ in range(5):
            asked = ticket
            try:
                asked, _seen = await self.ask(cargo, ticket, source)
            except Unconfirmed:
                pass
            except Passing:
                continue
            look = await self.outcome(cargo, asked)
            if look.sight is not Sight.ABSENT:
                return look
        raise AssertionError("never delivered")

    async def outcome(self, cargo: Cargo, ticket: Ticket) -> Look:
        """Look until there is no more to see, or until it has been absent for minutes."""
        look = Look(sight=Sight.UNKNOWN)
        for _ in range(4):
            await self.rest()
            look = await self._retried(lambda: self.look(cargo, ticket))
            if look.sight is Sight.PUBLISHED and look.audience is not Audience.PENDING:
                break
        return look

    async def _retried(self, work: Callable[[], Awaitable[Result]]) -> Result:
        for _ in range(5):
            try:
                return await work()
            except Passing:
                await self.rest()
        raise AssertionError("never passed")

    async def look(self, cargo: Cargo, ticket: Ticket) -> Look:
        return await self.publisher.look(self.credentials, self.account, cargo, ticket)

    def fault(self, call: str, **fault: Any) -> None:
        operation = call if "." in call else OPERATIONS[self.stage.platform][call]
        self.stage.fault(operation, **fault)

    def posts(self) -> list[dict[str, Any]]:
        """The truth: what is there, in any state but removed."""
        return [each for each in self.stage.emulator.posts() if each["state"] != "removed"]


@asynccontextmanager
async def publishing(platform: Platform, **changes: Any) -> AsyncIterator[PublishingStage]:
    """Link an account and put the publisher in front of the emulator."""
    async with emulated(platform) as stage, Pools() as transport, a_shelf() as shelf:
        base, wire, clock = stage.sandbox.world.base_url, Wire(transport, total=5), stage.clock
        publisher: Publisher = (
            TikTokPublisher(app=tiktok_app(base, **changes), wire=wire, clock=clock)
            if platform is Platform.TIKTOK
            else InstagramPublisher(app=instagram_app(base, **changes), wire=wire, clock=clock)
        )
        if platform is Platform.TIKTOK:
            stage.emulator.set_registration({"url_properties": [f"{shelf.url}/"]})
        issued = await linked(stage)
        proof = await stage.provider.prove(issued.credentials, needs=EVERYTHING)
        yield PublishingStage(stage, publisher, issued.credentials, proof.account, shelf)
