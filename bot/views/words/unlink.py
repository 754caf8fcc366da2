"""What unlinking does on each side, and the exact taps where only the account's owner can finish it."""

from collections.abc import Mapping, Sequence

from bot.views.text import some
from bot.views.words.names import PLATFORM
from core.domain.account import Platform

TAPS: Mapping[Platform, tuple[str, ...]] = {
    Platform.TIKTOK: (
        "Open TikTok, signed in to the account, and go to Profile → ☰ → Settings and privacy.",
        "Tap Security & permissions → Apps and services permissions.",
        "Tap Crosslink → Remove access, and confirm.",
    ),
    Platform.INSTAGRAM: (
        "Open Instagram, signed in to the account, and go to Profile → ☰ → Website permissions.",
        "Tap Apps and websites → Active → Crosslink.",
        "Tap Remove, and confirm.",
    ),
}
"""Menus move now and then: the button beside these words opens the page itself."""

OUR_SIDE = "We stop at once: nothing is published any more, and our copy of the access is erased at the end."
_REVOKED = (
    "We ask {platform} to remove Crosslink, and ask again until it confirms. You need not do anything there."
)
_BY_HAND = (
    "{platform} lets only the account's owner remove Crosslink, in these steps. We check that it is gone."
)
_HOW: Mapping[str, str] = {
    "refused": "{platform} confirmed that our access is ended, and our copy of it is erased.",
    "persons_word": (
        "{platform} couldn't be asked any more: a person said that Crosslink is removed there, and history says so. "
        "Our copy of the access is erased."
    ),
    "account_shared": "Our copy of the access is erased. Another client still uses this account.",
}


def platform_side(platform: Platform, *, can_revoke: bool) -> str:
    """What happens at the platform."""
    return (_REVOKED if can_revoke else _BY_HAND).format(platform=PLATFORM[platform])


def stopped(count: int, first: str, titles: Sequence[str]) -> str:
    """Which posts an unlink stops: how many, when the first would go out, and those that are known by name."""
    if not count:
        return "nothing, so no post is affected."
    posts = "1 post won't go out," if count == 1 else f"{count} posts won't go out, the first"
    told = f"{posts} for {first or 'an open date'}"
    return f"{told}: {some(titles, count)}." if titles else f"{told}."


def proved(how: str, platform: Platform) -> str:
    """What proved the end of a link."""
    return _HOW.get(how, _HOW["refused"]).format(platform=PLATFORM[platform])
