"""Where posts are made and decided about, on stand-ins: a store in memory, a probe that is told what files are."""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.domain.account import Account, Platform
from core.domain.client import ApprovalPolicy, Client
from core.domain.connection import Connection
from core.domain.media import Media
from core.domain.post import Content, Form, Item, Post, Target, TikTokOptions
from core.domain.refusals import Refusal
from core.domain.rendition import Progress, Recipe
from core.ports import Held, Kept, MediaSource, Work
from core.providers.limits import limit_sets
from core.usecases.approving import Approving
from core.usecases.checking import Checking
from core.usecases.clients import Clients
from core.usecases.composing import Composing
from core.usecases.mending import Mending
from core.usecases.posters import Posters
from core.usecases.posts import Posts, PostView
from core.usecases.preflight import Preflight
from core.usecases.requesting import Requesting
from core.usecases.watching import Watching
from tests.builders import WORKSPACE, a_client, a_linked_connection, a_person, an_account, credentials
from tests.fakes import FakeDirectory, FrozenClock, MemoryWork, ScriptedProvider
from tests.unit.domain.media import a_film, a_picture

TIKTOK, INSTAGRAM = Platform.TIKTOK, Platform.INSTAGRAM
REQUESTER = a_person(user="U0REQUESTER")
MANAGER, COLLEAGUE = a_person(), a_person(user="U0COLLEAGUE")
STRANGER = a_person(user="U0STRANGER")
OUTSIDER = a_person(user="U0OUTSIDER", home="T0OUTSIDE")
CREATOR = {
    "privacy_options": "PUBLIC_TO_EVERYONE,MUTUAL_FOLLOW_FRIENDS,SELF_ONLY",
    "comment_disabled": "no",
    "duet_disabled": "no",
    "stitch_disabled": "yes",
    "max_video_seconds": "600",
}
CHOSEN = TikTokOptions(privacy="PUBLIC_TO_EVERYONE", allow_comment=True, consents=True)
BOTH = (Target(form=Form.TIKTOK_VIDEO, tiktok=CHOSEN), Target(form=Form.REEL))
HERE = "C0BAKERY"


class MemorySource:
    """Bytes, as a file."""

    def __init__(self, name: str, held: bytes) -> None:
        self.name = name
        self.size = len(held)
        self._held = held

    def fileno(self) -> int | None:
        return None

    async def read(self, offset: int, length: int) -> bytes:
        return self._held[offset : offset + length]


class MemoryStore:
    """Keeps the MediaStore port as far as posts need it. What is taken out of `files` is gone."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.notes: dict[str, Kept] = {}

    def put(self, held: bytes) -> Kept:
        kept = Kept(sha256=hashlib.sha256(held).hexdigest(), size=len(held))
        self.files[kept.sha256] = held
        return kept

    async def keep(self, pieces: AsyncIterable[bytes], *, at: datetime, largest: int) -> Kept:
        return self.put(b"".join([each async for each in pieces]))

    async def adopt(self, file: Path, *, at: datetime) -> Kept:
        return self.put(_read(file))

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        with TemporaryDirectory() as folder:
            yield Path(folder) / "made"

    async def find(self, sha256: str, *, at: datetime) -> Kept | None:
        held = self.files.get(sha256)
        return Kept(sha256=sha256, size=len(held)) if held is not None else None

    @contextmanager
    def open(self, kept: Kept, *, name: str) -> Iterator[MediaSource]:
        if kept.sha256 not in self.files:
            raise Refusal("media_gone")
        yield MemorySource(name, self.files[kept.sha256])

    async def made(self, recipe: str, *, at: datetime) -> Kept | None:
        return self.notes.get(recipe)

    async def note(self, recipe: str, result: Kept) -> None:
        self.notes[recipe] = result

    async def tidy(self, at: datetime, *, referenced: Collection[str]) -> int:
        return 0


def _read(file: Path) -> bytes:
    return file.read_bytes()


def _write(file: Path, held: bytes) -> None:
    file.write_bytes(held)


class ToldProbe:
    """Knows what files are by what is in them: films, pictures, and whatever `facts` says of others."""

    def __init__(self) -> None:
        self.facts: dict[bytes, Media] = {}
        self.probed = 0

    async def probe(self, source: MediaSource, *, sha256: str | None = None) -> Media:
        self.probed += 1
        held = await source.read(0, source.size)
        usual = a_picture() if held.startswith(b"picture") else a_film()
        sha256 = hashlib.sha256(held).hexdigest()
        return replace(self.facts.get(held, usual), name=source.name, size=source.size, sha256=sha256)


class PlainRenditions:
    """Writes what it was asked for as "mended", which the probe takes for a film that fits."""

    async def make(self, source: MediaSource, recipe: Recipe, target: Path) -> AsyncGenerator[Progress, None]:
        yield Progress(0.5)
        _write(target, b"picture" if recipe.still else b"mended " + await source.read(0, source.size))


class AtUrl:
    """A file at an address, whose owner may replace it."""

    fetched = 0

    def __init__(self, store: MemoryStore, held: bytes, name: str = "film.mp4") -> None:
        self.held = held
        self._store = store
        self._name = name

    @asynccontextmanager
    async def look(self) -> AsyncIterator[MediaSource]:
        yield MemorySource(self._name, self.held)

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        kept = self._store.put(self.held)
        yield Held(source=MemorySource(self._name, self.held), sha256=kept.sha256)


class Studio:
    """A client whose both accounts are linked, its people, and every use case about posts."""

    def __init__(
        self, work: Work | None = None, *, owner: str = "one", clock: FrozenClock | None = None
    ) -> None:
        self.clock = clock or FrozenClock()
        self.work = work or MemoryWork(installed=[WORKSPACE])
        self.store, self.probe = MemoryStore(), ToldProbe()
        self.tiktok = ScriptedProvider(TIKTOK, an_account(TIKTOK, name="Nordlicht", details=CREATOR))
        self.instagram = ScriptedProvider(INSTAGRAM)
        road: dict[str, Any] = {"work": self.work, "clock": self.clock}
        preflight = Preflight(probe=self.probe, sets=limit_sets(), clock=self.clock)
        renditions = PlainRenditions()
        mending = Mending(preflight=preflight, store=self.store, renditions=renditions, clock=self.clock)
        self.watching = Watching(
            **road, providers={TIKTOK: self.tiktok, INSTAGRAM: self.instagram}, owner=owner
        )
        self.checking = Checking(
            **road,
            preflight=preflight,
            posters=Posters(renditions=renditions, store=self.store, clock=self.clock),
            store=self.store,
            watching=self.watching,
        )
        self.clients = Clients(**road, directory=FakeDirectory())
        self.requesting = Requesting(**road, checking=self.checking)
        self.composing = Composing(
            **road, store=self.store, checking=self.checking, mending=mending, requesting=self.requesting
        )
        self.approving = Approving(**road, checking=self.checking)
        self.posts = Posts(**road)
        self.client: Client
        self.connections: dict[Platform, Connection] = {}

    async def open(
        self, *, managers: tuple[str, ...] = ("U0MANAGER", "U0COLLEAGUE"), **policy: Any
    ) -> "Studio":
        """Set the client up and link both of its accounts."""
        made = a_client(channel=HERE, managers=managers, policy=ApprovalPolicy(**policy))
        accounts = {TIKTOK: self.tiktok.account, INSTAGRAM: self.instagram.account}
        async with self.work.writing() as unit:
            self.client = await unit.clients.save(made)
            for platform, account in accounts.items():
                held = credentials(issued_at=self.clock.now())
                connection = a_linked_connection(
                    made, platform=platform, account=account, credentials=held, linked_at=self.clock.now()
                )
                self.connections[platform] = await unit.connections.save(connection)
                await unit.credentials.put(connection.id, held)
            await unit.commit()
        return self

    async def swap(self, platform: Platform, handle: str) -> Account:
        """A manager adopts another account for a connection."""
        other = an_account(platform, handle=handle, details=CREATOR if platform is TIKTOK else {})
        (self.tiktok if platform is TIKTOK else self.instagram).account = other
        async with self.work.writing() as unit:
            now = await unit.connections.get(WORKSPACE, self.connections[platform].id)
            assert now is not None
            await unit.connections.save(replace(now, account=other))
            await unit.commit()
        return other

    def url(self, held: bytes = b"film", name: str = "film.mp4") -> AtUrl:
        return AtUrl(self.store, held, name)

    def item(self, held: bytes = b"film") -> Item:
        kept = self.store.put(held)
        is_picture = held.startswith(b"picture")
        media = a_picture() if is_picture else a_film()
        seconds = None if is_picture else media.duration
        return Item(sha256=kept.sha256, size=kept.size, name=media.name, kind=media.kind, seconds=seconds)

    def content(self, **changes: Any) -> Content:
        given: dict[str, Any] = {"items": (self.item(),), "caption": "Fresh bread", "targets": BOTH}
        return Content(**given | changes)

    async def draft(self, **changes: Any) -> Post:
        return await self.composing.create(REQUESTER, self.client.id, content=self.content(**changes))

    async def requested(self, **changes: Any) -> Post:
        draft = await self.draft(**changes)
        return (await self.requesting.request(REQUESTER, draft.id)).post

    async def approve(self, post: Post, person: Any = MANAGER, **given: Any) -> Any:
        return await self.approving.approve(person, post.id, post.digest[:16], channel=HERE, **given)

    async def reject(self, post: Post, person: Any = MANAGER, reason: str = "Not now") -> Any:
        return await self.approving.reject(person, post.id, post.digest[:16], reason, channel=HERE)

    async def ask_changes(self, post: Post, person: Any = MANAGER, reason: str = "Shorter") -> Any:
        return await self.approving.request_changes(person, post.id, post.digest[:16], reason, channel=HERE)

    async def view(self, post: Post) -> PostView:
        return await self.posts.of(WORKSPACE, post.id)

    async def news(self) -> list[str]:
        """What was told of posts, in order."""
        async with self.work.writing() as unit:
            far = self.clock.now()
            facts = await unit.facts.untold(far, owner="news", until=far, limit=100)
            return [each.details["change"] for each in facts if each.kind == "post_changed"]


async def opened(**policy: Any) -> Studio:
    """Return a studio whose client has this approval policy."""
    return await Studio().open(**policy)
