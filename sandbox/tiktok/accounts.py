"""TikTok accounts of the sandbox, and what their owners or TikTok can change about them."""

from dataclasses import dataclass

from sandbox.accounts import Account
from sandbox.mint import stable_opaque, stable_text

CLIENT_KEY = "sandbox-tiktok-key"
POSTING = ("ok", "too_many_posts", "banned")


@dataclass(slots=True, kw_only=True)
class TikTokAccount(Account):
    """`posting` is what creator_info thinks of further posts; the rest are the creator's own settings.

    `old_app`: their phone's TikTok is older than 31.8, which photo drafts need.
    """

    posting: str = "ok"
    comment_disabled: bool = False
    duet_disabled: bool = False
    stitch_disabled: bool = False
    max_video_post_duration_sec: int = 3_600
    old_app: bool = False

    @property
    def open_id(self) -> str:
        """One per user and app, shaped like the live ones rather than the documented UUID."""
        return stable_opaque(f"{CLIENT_KEY}:{self.identity}", 40, "-000")

    @property
    def union_id(self) -> str:
        return stable_text(f"developer:{self.identity}", 36)

    @property
    def privacy_levels(self) -> list[str]:
        widest = "FOLLOWER_OF_CREATOR" if self.private else "PUBLIC_TO_EVERYONE"
        return [widest, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]


def seed() -> tuple[TikTokAccount, ...]:
    """One public account, one private, and the one that a client's staff link by mistake."""
    return (
        TikTokAccount(
            handle="nordlicht.bakery",
            name="Nordlicht Bakery",
            bio="Bread at five, every morning.",
            bio_link="https://www.instagram.com/nordlicht.bakery",
        ),
        TikTokAccount(handle="velowerk", name="Velo Werk", bio="Bicycles, repaired.", private=True),
        TikTokAccount(handle="velo.fanpage", name="Velo Fans", bio="Not the shop."),
    )
