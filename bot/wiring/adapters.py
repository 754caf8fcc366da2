"""Everything outside, opened as the settings say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

import httpx
from slack_sdk.web.async_client import AsyncWebClient

from bot.directory import Clients, SlackDirectory
from bot.metrics import Metrics
from bot.runtime import Letters, Read, Unverified
from bot.settings import Settings
from bot.slack.api import Api
from bot.slack.authorize import Installations
from bot.wiring.keys import PRIVATE_FOLDER, open_vault
from bot.wiring.metered import metered_providers, metered_publishers
from core.domain.account import Platform
from core.domain.secret import Secret
from core.domain.webhook import Notice, NoticeKind
from core.ports import Clock, Providers, Publishers
from core.providers.instagram import webhooks as instagram_webhooks
from core.providers.instagram.app import InstagramApp
from core.providers.instagram.provider import Instagram
from core.providers.instagram.publisher import InstagramPublisher
from core.providers.pools import Pools
from core.providers.signatures import BadSignature
from core.providers.tiktok import webhooks as tiktok_webhooks
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.provider import TikTok
from core.providers.tiktok.publisher import TikTokPublisher
from core.providers.wire import Wire, open_client
from storage.engine import Database, open_database
from storage.installations import SlackInstallations
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """What a process opens. `close` ends it all."""

    database: Database
    vault: AesGcmVault
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
    if settings.is_embedded:
        settings.data_dir.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    vault = open_vault(settings)
    database = open_database(settings.database, aside=aside)
    store = SlackInstallations(database, vault)
    api = Api(settings.slack_api_url)
    installations = Installations(clock=clock, store=store if settings.is_multi_workspace else None)
    way = transport or Pools()

    async def client_of(workspace: str) -> AsyncWebClient | None:
        installed = await installations.of(workspace)
        return api.client(installed.token) if installed else None

    return Adapters(
        database=database,
        vault=vault,
        work=SqlWork(database, vault, heard=metrics.happened),
        store=store,
        http=open_client(way),
        providers=metered_providers(_providers(settings, Wire(way), clock), metrics),
        publishers=metered_publishers(_publishers(settings, Wire(way), clock), metrics),
        api=api,
        installations=installations,
        client_of=client_of,
        directory=SlackDirectory(clients=client_of, clock=clock),
    )


def _tiktok_app(settings: Settings) -> TikTokApp:
    return TikTokApp(
        client_key=settings.tiktok_client_key,
        client_secret=Secret(settings.tiktok_client_secret.get_secret_value()),
        auth_url=settings.tiktok_auth_url,
        api_url=settings.tiktok_api_url,
        profile_scope=settings.tiktok_profile_scope,
    )


def _instagram_app(settings: Settings) -> InstagramApp:
    meta = Secret(settings.instagram_meta_secret.get_secret_value())
    verify = Secret(settings.instagram_verify_token.get_secret_value())
    return InstagramApp(
        app_id=settings.instagram_app_id,
        app_secret=Secret(settings.instagram_app_secret.get_secret_value()),
        meta_secret=meta or None,
        verify_token=verify or None,
        auth_url=settings.instagram_auth_url,
        token_url=settings.instagram_token_url,
        graph_url=settings.instagram_graph_url,
    )


def _providers(settings: Settings, wire: Wire, clock: Clock) -> Providers:
    return {
        Platform.TIKTOK: TikTok(app=_tiktok_app(settings), wire=wire, clock=clock),
        Platform.INSTAGRAM: Instagram(app=_instagram_app(settings), wire=wire, clock=clock),
    }


def _publishers(settings: Settings, wire: Wire, clock: Clock) -> Publishers:
    return {
        Platform.TIKTOK: TikTokPublisher(app=_tiktok_app(settings), wire=wire, clock=clock),
        Platform.INSTAGRAM: InstagramPublisher(app=_instagram_app(settings), wire=wire, clock=clock),
    }


def letters(settings: Settings) -> Letters:
    """Return the readers of what the platforms send us."""
    tiktok, instagram = _tiktok_app(settings), _instagram_app(settings)

    def handshake(query: Mapping[str, str]) -> str:
        try:
            return instagram_webhooks.subscription_challenge(query, app=instagram)
        except BadSignature as bad:
            raise Unverified(bad.code) from None

    return Letters(
        tiktok=_verified(
            lambda headers, body, now: tiktok_webhooks.read_webhook(headers, body, app=tiktok, now=now)
        ),
        instagram=_verified(
            lambda headers, body, now: instagram_webhooks.read_webhook(headers, body, app=instagram, now=now)
        ),
        instagram_deauthorize=_verified(_signed_request(instagram, NoticeKind.GRANT_REMOVED)),
        instagram_deletion=_verified(_signed_request(instagram, NoticeKind.DELETION_ASKED)),
        handshake=handshake,
    )


def _verified(read: Read) -> Read:
    def checked(headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        try:
            return read(headers, body, now)
        except BadSignature as bad:
            raise Unverified(bad.code) from None
        except ValueError:
            raise Unverified("malformed") from None

    return checked


def _signed_request(app: InstagramApp, kind: NoticeKind) -> Read:
    def read(_headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        form = parse_qs(body.decode("ascii", "replace"), max_num_fields=10)
        given = (form.get("signed_request") or [""])[0]
        return instagram_webhooks.read_signed_request(given, kind=kind, app=app, now=now)

    return read
