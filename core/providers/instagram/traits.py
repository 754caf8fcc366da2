"""What Instagram can do, as data that nothing has to be called for."""

from core.domain.account import Platform
from core.domain.observation import Capability
from core.ports import Permission, Traits
from core.providers.instagram.app import InstagramApp

BASIC = Permission(scope="instagram_business_basic", capability=Capability.IDENTIFY)
PUBLISH = Permission(scope="instagram_business_content_publish", capability=Capability.PUBLISH)


def traits(app: InstagramApp) -> Traits:
    """Return the traits of our app there."""
    return Traits(
        provider="instagram",
        platform=Platform.INSTAGRAM,
        permissions=(BASIC, PUBLISH),
        offers=frozenset({Capability.IDENTIFY, Capability.PUBLISH}),
        sign_in_url=f"{app.auth_url}/accounts/login/",
        manage_url=f"{app.auth_url}/accounts/manage_access/",
        can_mint_client_link=False,
        pushes_disconnect=True,
        knows_expiry=True,
        can_revoke=False,
        has_dry_run=False,
        replays_idempotently=False,
        can_look_up=True,
    )
