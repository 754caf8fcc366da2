"""Everything outside, opened as the settings say."""

from dataclasses import dataclass

import httpx
from slack_sdk.web.async_client import AsyncWebClient

from bot.directory import Clients, SlackDirectory
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack.api import Api
from bot.slack.authorize import Installations
from bot.wiring.apps import instagram_app, tiktok_app
from bot.wiring.metered import metered_providers, metered_publishers
from bot.wiring.stored import open_stored
from core.domain.account import Platform
from core.ports import Clock, Providers, Publishers
from core.providers.instagram.provider import Instagram
from core.providers.instagram.publisher import InstagramPublisher
from core.providers.pools import Pools
from core.providers.tiktok.provider import TikTok
from core.providers.tiktok.publisher import TikTokPublisher
from core.providers.wire import Wire, open_client
from storage.engine import Database
from storage.slack_store import SlackInstallations
from storage.unit_of_work import SqlWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """What a process opens. `close` ends it all."""

    database: Database
    work: SqlWork
    store: SlackInstallations
    http: httpx.AsyncClient
    providers: Providers
    publishers: Publishers
    api: Api
    installations: Installations
    client_of: Clients
    directory: SlackDirectory

    async def close(self) -> None:
        """Close every connection."""
        await self.api.stop()
        await self.http.aclose()
        await self.database.close()


def open_adapters(
    settings: Settings,
    clock: Clock,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    aside: bool = True,
    metrics: Metrics | None = None,
) -> Adapters:
    """Return the adapters; nothing is contacted yet. Raises Misconfigured.

    `aside` is about SQLite's threads. `metrics` count what goes through them.
    """
    metrics = metrics or Metrics()
    stored = open_stored(settings, aside=aside, heard=metrics.happened)
    store = SlackInstallations(stored.database, stored.vault)
    api = Api(settings.slack_api_url)
    installations = Installations(clock=clock, store=store if settings.is_multi_workspace else None)
    way = transport or Pools()

    async def client_of(workspace: str) -> AsyncWebClient | None:
        installed = await installations.of(workspace)
        return api.client(installed.token) if installed else None

    return Adapters(
        database=stored.database,
        work=stored.work,
        store=store,
        http=open_client(way),
        providers=metered_providers(_providers(settings, Wire(way), clock), metrics),
        publishers=metered_publishers(_publishers(settings, Wire(way), clock), metrics),
        api=api,
        installations=installations,
        client_of=client_of,
        directory=SlackDirectory(clients=client_of, clock=clock),
    )


def _providers(settings: Settings, wire: Wire, clock: Clock) -> Providers:
    return {
        Platform.TIKTOK: TikTok(app=tiktok_app(settings), wire=wire, clock=clock),
        Platform.INSTAGRAM: Instagram(app=instagram_app(settings), wire=wire, clock=clock),
    }


def _publishers(settings: Settings, wire: Wire, clock: Clock) -> Publishers:
    return {
        Platform.TIKTOK: TikTokPublisher(app=tiktok_app(settings), wire=wire, clock=clock),
        Platform.INSTAGRAM: InstagramPublisher(app=instagram_app(settings), wire=wire, clock=clock),
    }
