"""Instagram accounts of the sandbox."""

from dataclasses import dataclass, field

from sandbox.accounts import Account
from sandbox.mint import stable_digits

APP_ID = "1000200030004000"
TYPES = ("BUSINESS", "MEDIA_CREATOR", "PERSONAL")


@dataclass(slots=True, kw_only=True)
class InstagramAccount(Account):
    """`impressions` set the account's call budget; `subscribed` are its webhook fields."""

    type: str = "BUSINESS"
    impressions: int = 100
    subscribed: tuple[str, ...] = field(default=())
    ever_linked: bool = False

    @property
    def id(self) -> str:
        """App-scoped; beyond 2**53 like the live ones."""
        return stable_digits(f"{APP_ID}:{self.identity}", 17, "24")

    @property
    def user_id(self) -> str:
        """The professional account's id, which publishing and webhooks use."""
        return stable_digits(f"professional:{self.identity}", 17, "17841")


def seed() -> tuple[InstagramAccount, ...]:
    """A business, a creator, the one that a client's staff link by mistake, and a personal account."""
    return (
        InstagramAccount(
            handle="nordlicht.bakery",
            name="Nordlicht Bakery",
            bio="Bread at five, every morning.",
            bio_link="https://www.tiktok.com/@nordlicht.bakery",
        ),
        InstagramAccount(
            handle="velowerk", name="Velo Werk", bio="Bicycles, repaired.", type="MEDIA_CREATOR"
        ),
        InstagramAccount(handle="velo.fanpage", name="Velo Fans", bio="Not the shop."),
        InstagramAccount(handle="velo.personal", name="Velo Personal", type="PERSONAL"),
    )
