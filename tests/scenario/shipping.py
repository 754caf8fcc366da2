"""Approved posts without their prelude: accounts linked at the emulators, posts and deliveries written as approval does."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.settings import variable
from core.domain.account import Account, Platform
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.delivery import ENDS, Delivery, DeliveryStep
from core.domain.ids import new_id
from core.domain.media import Kind
from core.domain.observation import Grant, Observation
from core.domain.post import Content, Form, Item, Post, PostStep, Target, TikTokOptions
from core.domain.preflight import Music
from core.domain.secret import Secret
from sandbox.instagram.accounts import InstagramAccount
from sandbox.instagram.state import SCOPES as INSTAGRAM_SCOPES
from sandbox.server import Sandbox
from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.state import SCOPES as TIKTOK_SCOPES
from storage.engine import open_database
from storage.media_store import FolderStore
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault, parse_keys
from tests.builders import EVERYTHING, a_client
from tests.media.films import Film, Sound, make
from tests.scenario.scene import AGENCY
from tests.scenario.stage import Stage

RIDE = Film(
    width=540,
    height=960,
    rate=30,
    frames=120,
    options={"crf": "45", "g": "30"},
    container={"movflags": "+faststart"},
    sounds=(Sound(),),
)
"""Four seconds that both platforms take."""
FOLDER = "media"
OVER = ENDS | {DeliveryStep.UNCERTAIN}
LEAST_TURN = 10.0
FORMS = {Platform.TIKTOK: Form.TIKTOK_VIDEO, Platform.INSTAGRAM: Form.REEL}


@dataclass(frozen=True)
class Sort:
    """What is posted, and as what."""

    target: Target
    items: tuple[Item, ...]


@dataclass
class Yard:
    """Where approved posts are made. `handles` and `captions` name the account and the words of each delivery by its id."""

    opened: Stage
    sandbox: Sandbox
    work: SqlWork
    store: FolderStore
    item: Item
    handles: dict[str, str] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    async def approve(
        self, platform: Platform, *, accounts: Sequence[Connection] = (), sort: Sort | None = None
    ) -> Delivery:
        """Write an approved post to an account of its own, or to the given one; it is due at once.

        Without a `sort` it is the yard's film, public at once.
        """
        sort = sort or Sort(direct(platform), (self.item,))
        connection = accounts[0] if accounts else await self.link(platform)
        assert connection.account is not None
        now = self.sandbox.world.clock.now()
        number = next(self._numbers)
        post = Post(
            id=new_id("po"),
            workspace=AGENCY,
            client_id=connection.client_id,
            by="U0REQUESTER",
            created_at=now,
            content=Content(
                items=sort.items, caption=f"Ride {number}", targets=(sort.target,), music=Music.OWN
            ),
            step=PostStep.APPROVED,
            channel="C0VELO",
            requested_at=now,
            settled_at=now,
        )
        delivery = Delivery(
            id=new_id("dl"),
            workspace=AGENCY,
            client_id=post.client_id,
            post_id=post.id,
            digest=post.digest,
            connection_id=connection.id,
            account_id=connection.account.id,
            form=sort.target.form,
            created_at=now,
            leave_at=now,
            due_at=now,
        )
        async with self.work.writing() as unit:
            await unit.posts.save(post)
            assert await unit.deliveries.add(delivery)
            await unit.commit()
        self.handles[delivery.id] = connection.account.handle or ""
        self.captions[delivery.id] = post.content.caption
        return delivery

    async def keep(self, content: bytes, name: str, kind: Kind) -> Item:
        """Keep a film of four seconds, or a picture."""
        kept = await self.store.keep(_whole(content), at=self.sandbox.world.clock.now(), largest=len(content))
        seconds = 4.0 if kind is Kind.VIDEO else None
        return Item(sha256=kept.sha256, size=kept.size, name=name, kind=kind, seconds=seconds)

    async def link(self, platform: Platform) -> Connection:
        """Link a new account for a new client, as its consent would have done."""
        handle = f"rider.{next(self._numbers):05}"
        account, held = (self._tiktok if platform is Platform.TIKTOK else self._instagram)(handle)
        client = a_client(name=f"Client {handle}", workspace=AGENCY, expected={})
        now = self.sandbox.world.clock.now()
        new = Connection(
            id=new_id("cn"),
            workspace=AGENCY,
            client_id=client.id,
            platform=platform,
            provider=platform,
            created_at=now,
        )
        seen = Observation(grant=Grant.PRESENT, granted=EVERYTHING)
        async with self.work.writing() as unit:
            await unit.clients.save(client)
            saved = await unit.connections.save(new.linked(account, held, seen, now))
            await unit.credentials.put(saved.id, held)
            await unit.commit()
        return saved

    async def deliveries(self) -> Sequence[Delivery]:
        """Every delivery as it is now."""
        found = []
        async with self.work.reading() as unit:
            for id_ in self.handles:
                delivery = await unit.deliveries.get(AGENCY, id_)
                assert delivery is not None
                found.append(delivery)
        return found

    async def going_on(self) -> Sequence[Delivery]:
        """Those that are at no end, and that no person was asked about."""
        async with self.work.reading() as unit:
            found = await unit.deliveries.of_workspace(AGENCY, steps=frozenset(DeliveryStep) - OVER)
        return [each for each in found if not is_at_rest(each)]

    async def settle(self, seconds: float) -> Sequence[Delivery]:
        """Turn the clock to what is due next whenever the bot in this process has nothing under way.

        Returns once nothing goes on any more, or after `seconds`, with what still does.
        """
        clock, loop = self.sandbox.world.clock, asyncio.get_running_loop()
        ends_at = loop.time() + seconds
        while (left := await self.going_on()) and loop.time() < ends_at:
            if not any(each.get_name().startswith("delivery ") for each in asyncio.all_tasks()):
                next_at = min(each.due_at or clock.now() for each in left)
                clock.advance(max(LEAST_TURN, (next_at - clock.now()).total_seconds()))
            await asyncio.sleep(0.1)
        return left

    async def truth(self) -> Mapping[str, int]:
        """How many posts each account has, by the emulators."""
        return Counter(each["account"] for each in await self._posts())

    async def public(self) -> Mapping[str, int]:
        """How often each delivery is there, by the emulators: no two have the same words."""
        said = Counter(each["caption"] for each in await self._posts())
        return {id_: said[caption] for id_, caption in self.captions.items()}

    async def _posts(self) -> Sequence[Mapping[str, Any]]:
        posts = [
            each
            for platform in Platform
            for each in await self.opened.people.call("GET", "posts", platform=str(platform))
        ]
        return [each for each in posts if each["state"] != "removed"]

    def _tiktok(self, handle: str) -> tuple[Account, Credentials]:
        state = self.sandbox.tiktok.state
        owner = state.accounts.add(TikTokAccount(handle=handle, name=handle))
        pair = state.tokens.issue(owner, state.link(owner, tuple(TIKTOK_SCOPES)), tuple(TIKTOK_SCOPES))
        account = Account(Platform.TIKTOK, owner.open_id, handle, frozenset({owner.open_id, owner.union_id}))
        return account, self._held(pair.access.value, pair.refresh.value, days=1)

    def _instagram(self, handle: str) -> tuple[Account, Credentials]:
        state = self.sandbox.instagram.state
        owner = state.accounts.add(InstagramAccount(handle=handle, name=handle))
        grant = state.link(owner, tuple(INSTAGRAM_SCOPES))
        token = state.issue(owner, grant, tuple(INSTAGRAM_SCOPES), short=False)
        account = Account(Platform.INSTAGRAM, owner.user_id, handle, frozenset({owner.user_id, owner.id}))
        return account, self._held(token.value, None, days=60)

    def _held(self, access: str, refresh: str | None, *, days: int) -> Credentials:
        now = self.sandbox.world.clock.now()
        return Credentials(
            access=Secret(access),
            access_expires_at=now + timedelta(days=days),
            issued_at=now,
            refresh=Secret(refresh) if refresh else None,
            refresh_expires_at=now + timedelta(days=365) if refresh else None,
        )


def is_at_rest(delivery: Delivery) -> bool:
    """True where nothing follows by itself: it is at an end, or waits for a person who was told."""
    return delivery.step in OVER or (delivery.waits and delivery.due_at is None)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


def direct(platform: Platform) -> Target:
    """The yard's film, public at once."""
    chosen = TikTokOptions(privacy="PUBLIC_TO_EVERYONE", consents=True)
    return Target(form=FORMS[platform], tiktok=chosen)


@asynccontextmanager
async def yard(opened: Stage, sandbox: Sandbox, film: bytes) -> AsyncIterator[Yard]:
    """A yard on a stage, whose media store has the film."""
    settings = opened.settings
    database = open_database(settings[variable("database_url")])
    vault = AesGcmVault(parse_keys(settings[variable("encryption_keys")]))
    store = FolderStore(Path(settings[variable("data_dir")]) / FOLDER)

    work = SqlWork(database, vault)
    kept = await store.keep(_whole(film), at=sandbox.world.clock.now(), largest=len(film))
    item = Item(sha256=kept.sha256, size=kept.size, name="ride.mp4", kind=Kind.VIDEO, seconds=4.0)
    try:
        yield Yard(opened, sandbox, work, store, item)
    finally:
        await database.close()


def a_film(folder: Path) -> bytes:
    """Return the film that is posted."""
    file = folder / "ride.mp4"
    make(file, RIDE)
    return file.read_bytes()
