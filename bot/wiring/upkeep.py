"""What the command line does to storage without a running bot: schema, keys, and reading."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.clock import SystemClock
from bot.settings import Misconfigured, Settings
from bot.wiring.apps import traits
from bot.wiring.keys import is_there, known_keys
from bot.wiring.stored import Stored, look_at, make_folder, open_stored, usable
from core.domain.refusals import Refusal
from core.ports import Queue, Work
from core.usecases.finding import meant
from core.usecases.history import History
from core.usecases.posts import Posts
from core.usecases.queue import DeliveriesQueued
from core.usecases.status import ClientStatus, Status
from core.usecases.tracing import Tracing
from storage import erasing
from storage import migrate as schema_of
from storage.media_store import FolderStore
from storage.resealing import keys_in_use
from storage.resealing import reseal as reseal_rows
from storage.vault import new_key as fresh_key

UNMIGRATED = "The database's schema is not this version's. Run: crosslink migrate"


async def migrate(settings: Settings) -> bool:
    """Bring the schema to the newest revision; False where it was there already. Raises Misconfigured."""
    with usable(settings):
        make_folder(settings)
        return await schema_of.upgrade(settings.database)


async def schema(settings: Settings) -> tuple[str | None, str]:
    """Return the database's revision, None for an empty one, and the newest. Raises Misconfigured."""
    with usable(settings):
        return await schema_of.status(settings.database)


def is_yet_to_be_made(settings: Settings) -> bool:
    """Return whether the embedded database isn't there: whoever only looks needn't make it."""
    return settings.is_embedded and not is_there(settings.database_file)


async def make_ready(settings: Settings) -> None:
    """Migrate the embedded database; for any other one, only say that it must be. Raises Misconfigured."""
    if settings.is_embedded:
        await migrate(settings)
    elif not await _is_current(settings):
        raise Misconfigured([UNMIGRATED])


async def _is_current(settings: Settings) -> bool:
    current, newest = await schema(settings)
    return current == newest


def new_key() -> str:
    """Return a new encryption key, as the settings take it."""
    return fresh_key()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What re-sealing did, as rows by the key they had. `in_use` is what every key still seals now."""

    newest: str
    moved: Mapping[str, int]
    unopened: Mapping[str, int]
    in_use: Mapping[str, int]


async def reseal(settings: Settings) -> Rotated:
    """Seal everything with the first key of the settings. Repeats safely, beside running processes.

    Raises Misconfigured.
    """
    async with _opened(settings) as stored:
        done = await reseal_rows(stored.database, stored.vault)
        in_use = await keys_in_use(stored.database)
    return Rotated(newest=stored.vault.newest, moved=done.moved, unopened=done.unopened, in_use=in_use)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """The reads of the command line."""

    status: Status
    history: History
    posts: Posts
    tracing: Tracing
    queue: Queue
    workspaces: Sequence[str]

    async def every_client(self) -> Sequence[ClientStatus]:
        """Return the clients of every workspace, those that need people first in each."""
        return [row for each in self.workspaces for row in await self.status.of_workspace(each)]

    async def named(self, name: str) -> Sequence[ClientStatus]:
        """Return the clients that are meant, in whichever workspace: by name, channel or handle, as in Slack.

        Raises Refusal `unknown_client`.
        """
        found = await self.every_client()
        halves = [half.connection for row in found for half in row.connections.values() if half]
        known = {each.id for each in meant(name, [row.client for row in found], halves)}
        named = [row for row in found if row.client.id in known]
        if not named:
            raise Refusal(
                "unknown_client", typed=name, known=", ".join(row.client.name for row in found[:10])
            )
        return named


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What is kept about a workspace, as rows by table. `is_alive`: it has tokens, so nothing of it is erased."""

    rows: Mapping[str, int]
    is_alive: bool


async def belongings(settings: Settings, workspace: str, *, erase: bool) -> Belongings:
    """Return what is kept about a workspace, or was until it was erased. Raises Misconfigured."""
    act = erasing.erase if erase else erasing.belongings
    async with _opened(settings) as stored:
        rows = await act(stored.database, workspace)
    return Belongings(rows=rows, is_alive=bool(erasing.TOKENS & rows.keys()))


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Stored]:
    await make_ready(settings)
    async with _closed_after(settings, open_stored(settings)) as stored:
        yield stored


@asynccontextmanager
async def _closed_after(settings: Settings, stored: Stored) -> AsyncIterator[Stored]:
    try:
        with usable(settings):
            yield stored
    finally:
        await stored.database.close()


async def unknown_keys(settings: Settings) -> Mapping[str, int]:
    """Return how many rows are sealed by keys that aren't there; none where the database can't be read. Makes nothing.

    Raises Misconfigured for keys that can't be read themselves.
    """
    with usable(settings):
        known = known_keys(settings)
    try:
        if is_yet_to_be_made(settings) or not await _is_current(settings):
            return {}
        async with _closed_after(settings, look_at(settings)) as stored:
            in_use = await keys_in_use(stored.database)
    except Misconfigured:
        return {}
    return {key: rows for key, rows in in_use.items() if key not in known}


async def missing_files(settings: Settings) -> tuple[int, int]:
    """Return how many files posts wait with, and how many of them are not in the folder of the settings.

    The database has this version's schema. Makes nothing. Raises Misconfigured.
    """
    clock = SystemClock()
    async with _closed_after(settings, look_at(settings)) as stored, stored.work.reading() as unit:
        needed = await unit.posts.referenced(since=clock.now())
    store = FolderStore(settings.media_dir)
    found = [await store.find(each, at=clock.now()) for each in needed]
    return len(found), found.count(None)


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Desktop]:
    """Open storage for reading until the block ends. Raises Misconfigured."""
    clock = SystemClock()
    async with _opened(settings) as stored:
        work = stored.work
        yield Desktop(
            status=Status(work=work, clock=clock, traits=traits(settings)),
            history=History(work=work),
            posts=Posts(work=work, clock=clock),
            tracing=Tracing(work=work),
            queue=DeliveriesQueued(work),
            workspaces=await _workspaces(settings, work),
        )


async def _workspaces(settings: Settings, work: Work) -> Sequence[str]:
    """Whose bot token there is only Slack could say: without OAuth those count that have clients."""
    async with work.reading() as unit:
        if settings.is_multi_workspace:
            return await unit.installations.every()
        return await unit.clients.workspaces()
