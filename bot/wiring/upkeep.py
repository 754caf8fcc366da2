"""What the command line does to storage without a running bot: schema, keys, and reading."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import SystemClock
from bot.settings import Misconfigured, Settings
from bot.slack.solo import Solo
from bot.wiring.adapters import Adapters, open_adapters
from bot.wiring.keys import open_vault
from bot.wiring.mending import FOLDER
from core.domain.refusals import Refusal
from core.domain.secret import Secret
from core.ports import Queue
from core.usecases.history import History
from core.usecases.posts import Posts
from core.usecases.queue import DeliveriesQueued
from core.usecases.status import ClientStatus, Status
from core.usecases.tracing import Tracing
from storage import migrate as schema_of
from storage.engine import open_database
from storage.media_store import FolderStore
from storage.resealing import keys_in_use
from storage.resealing import reseal as reseal_rows
from storage.vault import new_key as fresh_key

UNMIGRATED = "The database's schema is not this version's. Run: crosslink migrate"


async def migrate(settings: Settings) -> bool:
    """Bring the schema to the newest revision; False where it was there already."""
    return await schema_of.upgrade(settings.database)


async def schema(settings: Settings) -> tuple[str | None, str]:
    """Return the database's revision, None for an empty one, and the newest. Raises Misconfigured."""
    try:
        return await schema_of.status(settings.database)
    except (SQLAlchemyError, OSError, ValueError) as error:
        raise Misconfigured([f"The database doesn't answer ({type(error).__name__})."]) from None


async def make_ready(settings: Settings) -> None:
    """Migrate the embedded database; for any other one, only say that it must be. Raises Misconfigured."""
    if settings.is_embedded:
        await migrate(settings)
        return
    current, newest = await schema(settings)
    if current != newest:
        raise Misconfigured([UNMIGRATED])


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
    """Seal everything with the first key of the settings. Repeats safely, beside running processes."""
    vault, database = open_vault(settings), open_database(settings.database)
    try:
        done = await reseal_rows(database, vault)
        in_use = await keys_in_use(database)
    finally:
        await database.close()
    return Rotated(newest=vault.newest, moved=done.moved, unopened=done.unopened, in_use=in_use)


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
        """Return the clients of this name, in whichever workspace. Raises Refusal `unknown_client`."""
        found = await self.every_client()
        wanted = " ".join(name.split()).casefold()
        named = [row for row in found if row.client.name.casefold() == wanted]
        if not named:
            raise Refusal(
                "unknown_client", typed=name, known=", ".join(row.client.name for row in found[:10])
            )
        return named


async def missing_files(settings: Settings) -> tuple[int, int]:
    """Return how many files posts wait with, and how many of them are not in the folder of the settings.

    Raises Misconfigured.
    """
    clock = SystemClock()
    adapters = open_adapters(settings, clock)
    try:
        async with adapters.work.reading() as unit:
            needed = await unit.posts.referenced(since=clock.now())
    except (SQLAlchemyError, OSError) as error:
        raise Misconfigured([f"The database doesn't answer ({type(error).__name__})."]) from None
    finally:
        await adapters.close()
    store = FolderStore(settings.data_dir / FOLDER)
    found = [await store.find(each, at=clock.now()) for each in needed]
    return len(found), found.count(None)


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Desktop]:
    """Open storage for reading until the block ends. Raises Misconfigured."""
    await make_ready(settings)
    clock = SystemClock()
    adapters = open_adapters(settings, clock)
    await adapters.api.start()
    try:
        yield Desktop(
            status=Status(work=adapters.work, clock=clock, providers=adapters.providers),
            history=History(work=adapters.work),
            posts=Posts(work=adapters.work, clock=clock),
            tracing=Tracing(work=adapters.work),
            queue=DeliveriesQueued(adapters.work),
            workspaces=await _workspaces(settings, adapters),
        )
    finally:
        await adapters.close()


async def _workspaces(settings: Settings, adapters: Adapters) -> Sequence[str]:
    if settings.is_multi_workspace:
        async with adapters.work.reading() as unit:
            return await unit.installations.every()
    token = Secret(settings.slack_bot_token.get_secret_value())
    solo = Solo(token=token, api=adapters.api, installations=adapters.installations)
    try:
        return [(await solo.ask()).workspace]
    except SlackApiError as refused:
        raise Misconfigured([f"Slack refuses the bot token: {refused.response.get('error')}."]) from None
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as lost:
        told = f"Slack doesn't answer ({type(lost).__name__}), so it isn't known whose bot token this is."
        raise Misconfigured([told]) from None
