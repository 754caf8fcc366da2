"""Our registration at Meta, as an app with Instagram Login."""

from dataclasses import dataclass

from core.domain.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class InstagramApp:
    """Ids, secrets and addresses (without a slash at the end).

    `app_id` and `app_secret` are the separate Instagram ones, not Meta's. `meta_secret` is Meta's, which signs
    some apps' callbacks: which of both is not documented. `force_reauth` makes people type their password; a
    report of August 2026 says that the flow then never comes back.
    """

    app_id: str
    app_secret: Secret
    meta_secret: Secret | None = None
    verify_token: Secret | None = None
    auth_url: str = "https://www.instagram.com"
    token_url: str = "https://api.instagram.com"  # noqa: S105 - an address
    graph_url: str = "https://graph.instagram.com"
    version: str = "v25.0"
    force_reauth: bool = False

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every secret that may have signed what Meta sends us."""
        return (self.app_secret, *((self.meta_secret,) if self.meta_secret else ()))
