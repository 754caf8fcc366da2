"""Our registration at TikTok."""

from dataclasses import dataclass

from core.domain.secret import Secret

OWN_API = "https://open.tiktokapis.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class TikTokApp:
    """Key, secret and addresses (without a slash at the end).

    `profile_scope` says that the app was granted the Display API product, which TikTok may no longer offer to
    new ones: asking for its scope without it fails on the consent page (trypost PR 315, postiz-app issue 515).
    """

    client_key: str
    client_secret: Secret
    auth_url: str = "https://www.tiktok.com"
    api_url: str = OWN_API
    profile_scope: bool = False

    @property
    def is_tiktoks_own(self) -> bool:
        """False where something stands in for TikTok."""
        return self.api_url == OWN_API
