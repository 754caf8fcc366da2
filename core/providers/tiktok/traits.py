"""What TikTok can do, as data that nothing has to be called for."""

from core.domain.account import Platform
from core.domain.observation import Capability
from core.ports import Permission, Traits
from core.providers.tiktok.app import TikTokApp

BASIC = Permission(scope="user.info.basic", capability=Capability.IDENTIFY)
PROFILE = Permission(scope="user.info.profile", capability=Capability.IDENTIFY)
DRAFT = Permission(scope="video.upload", capability=Capability.PUBLISH_DRAFT)
PUBLISH = Permission(scope="video.publish", capability=Capability.PUBLISH)


def traits(app: TikTokApp) -> Traits:
    """Return the traits of our app there."""
    return Traits(
        provider="tiktok",
        platform=Platform.TIKTOK,
        permissions=(BASIC, *((PROFILE,) if app.profile_scope else ()), PUBLISH, DRAFT),
        offers=frozenset(Capability),
        sign_in_url=f"{app.auth_url}/login",
        manage_url=f"{app.auth_url}/setting",
        can_mint_client_link=False,
        pushes_disconnect=True,
        knows_expiry=True,
        can_revoke=True,
        has_dry_run=False,
        replays_idempotently=False,
        can_look_up=True,
    )
