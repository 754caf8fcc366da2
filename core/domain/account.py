"""An identity on a platform, and the handles people write down for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.refusals import Refusal


class Platform(StrEnum):
    """Where an account lives."""

    TIKTOK = "tiktok"
    INSTAGRAM = "instagram"


PRIVATE = "private"
"""Of an account's details: "yes" where only followers see what it posts, "no" where everybody does."""
CAPPED = "capped"
"""Of an account's details: "yes" where its platform takes no more posts from it for now, and tells nothing else."""
FLEETING = frozenset({"quota_left", CAPPED})
"""Details that change with every post: worth knowing, and no news."""


@dataclass(frozen=True, slots=True)
class Account:
    """An identity as the platform itself named it.

    `id` is the one that stays the same for this person and this app; `ids` are all names under which the
    platform may speak of the account (Instagram has two, and its callbacks may carry either). `handle` is
    None where the granted permissions don't show it.
    """

    platform: Platform
    id: str
    handle: str | None
    ids: frozenset[str] = frozenset()
    name: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def known_as(self) -> frozenset[str]:
        """Every id under which the platform may speak of this account."""
        return self.ids | {self.id}

    def same_as(self, other: "Account") -> bool:
        """True where both are one identity, by whichever of its ids each of them was named."""
        return self.platform is other.platform and bool(self.known_as() & other.known_as())


_HANDLE = {
    Platform.TIKTOK: re.compile(r"[a-z0-9_.]{1,23}[a-z0-9_]"),
    Platform.INSTAGRAM: re.compile(r"[a-z0-9_.]{0,29}[a-z0-9_]"),
}
"""Neither platform lets a handle end with a full stop; people's sentences do."""
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*(?P<site>tiktok|instagram)\.com(?:[/?#](?P<path>.*))?", re.DOTALL
)
_PROFILE = {
    Platform.TIKTOK: re.compile(r"@(?P<handle>[^/?#]+)"),
    Platform.INSTAGRAM: re.compile(r"@?(?P<handle>[^/?#]+)"),
}
_NO_PROFILE = frozenset({"p", "reel", "reels", "stories", "explore", "tv", "accounts", "direct", "share"})
"""First parts of instagram.com's addresses that lead to something else than a profile."""
_QUOTED = 60
"""Characters of what a person typed that an answer repeats."""


def read_handle(platform: Platform, text: str) -> str | None:
    """Return the handle in what a person typed: bare, with an @, or as a profile's address. None for nothing.

    Raises Refusal `handle_of_other_platform` or `handle_unreadable`.
    """
    typed = text.strip()
    if not typed:
        return None
    quoted = typed[:_QUOTED]
    lowered = typed.lower()
    address = _ADDRESS.fullmatch(lowered)
    if address and address["site"] != platform:
        raise Refusal("handle_of_other_platform", typed=quoted, platform=platform)
    handle = _of_address(platform, address["path"] or "") if address else lowered.removeprefix("@")
    if not typed.isascii() or not _HANDLE[platform].fullmatch(handle):
        raise Refusal("handle_unreadable", typed=quoted, platform=platform)
    return handle


def _of_address(platform: Platform, path: str) -> str:
    """Return the handle in a profile's path, "" where it leads to anything else."""
    profile = _PROFILE[platform].match(path)
    return profile["handle"] if profile and profile["handle"] not in _NO_PROFILE else ""


def profile_url(platform: Platform, handle: str) -> str:
    """Return the public address of a profile: what a person opens when nothing else helps."""
    return (
        f"https://www.tiktok.com/@{handle}"
        if platform is Platform.TIKTOK
        else f"https://www.instagram.com/{handle}/"
    )
