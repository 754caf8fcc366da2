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


_HANDLE = {
    Platform.TIKTOK: re.compile(r"[a-z0-9_.]{2,24}"),
    Platform.INSTAGRAM: re.compile(r"[a-z0-9_.]{1,30}"),
}
_PROFILE = re.compile(
    r"^(?:https?://)?(?:[a-z0-9-]+\.)*(?P<site>tiktok|instagram)\.com/@?(?P<handle>[^/?#]+)"
)


def read_handle(platform: Platform, text: str) -> str | None:
    """Return the handle in what a person typed: bare, with an @, or as a profile's address. None for nothing.

    Raises Refusal `handle_of_other_platform` or `handle_unreadable`.
    """
    typed = text.strip().casefold()
    if not typed:
        return None
    profile = _PROFILE.match(typed)
    if profile and profile["site"] != platform:
        raise Refusal("handle_of_other_platform", typed=text.strip(), platform=platform)
    handle = profile["handle"] if profile else typed.removeprefix("@")
    if not _HANDLE[platform].fullmatch(handle):
        raise Refusal("handle_unreadable", typed=text.strip()[:60], platform=platform)
    return handle


def profile_url(platform: Platform, handle: str) -> str:
    """Return the public address of a profile: what a person opens when nothing else helps."""
    return (
        f"https://www.tiktok.com/@{handle}"
        if platform is Platform.TIKTOK
        else f"https://www.instagram.com/{handle}/"
    )
