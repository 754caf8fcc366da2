"""Our registrations at the platforms, as the settings have them."""

from collections.abc import Mapping

from bot.settings import Settings
from core.domain.account import Platform
from core.domain.secret import Secret
from core.ports import Traits
from core.providers.instagram.app import InstagramApp
from core.providers.instagram.traits import traits as instagram_traits
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.traits import traits as tiktok_traits


def tiktok_app(settings: Settings) -> TikTokApp:
    """Return our app at TikTok."""
    return TikTokApp(
        client_key=settings.tiktok_client_key,
        client_secret=Secret(settings.tiktok_client_secret.get_secret_value()),
        auth_url=settings.tiktok_auth_url,
        api_url=settings.tiktok_api_url,
        profile_scope=settings.tiktok_profile_scope,
    )


def instagram_app(settings: Settings) -> InstagramApp:
    """Return our app at Meta."""
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
        force_reauth=settings.instagram_force_reauth,
    )


def traits(settings: Settings) -> Mapping[Platform, Traits]:
    """Return what the platforms can do."""
    return {
        Platform.TIKTOK: tiktok_traits(tiktok_app(settings)),
        Platform.INSTAGRAM: instagram_traits(instagram_app(settings)),
    }
