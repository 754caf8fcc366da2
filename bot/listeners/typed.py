"""What stands behind a subcommand: a platform, a client's name, both in any order, or nothing."""

import re
from dataclasses import dataclass

from core.domain.account import Platform

_PLATFORMS = {each.value: each for each in Platform} | {"tt": Platform.TIKTOK, "ig": Platform.INSTAGRAM}
_AND = {"and", "&", "+", ","}
_QUOTES = "\"'“”„‘’«»"
_MARKUP = re.compile(
    r"<(?:#(?P<channel>[CG][A-Z0-9]+)|(?P<id>[@!][\w^]+)|(?P<address>https?://[^|>\s]+))(?:\|(?P<label>[^<>]*))?>"
)
"""What Slack makes of channels, people, groups and addresses in a command (`should_escape`)."""
_SCHEME = "://"


@dataclass(frozen=True, slots=True)
class Target:
    """What a person named. `name` is None where they mean this channel's client."""

    platform: Platform | None
    name: str | None

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platform named, or all of them."""
        return (self.platform,) if self.platform else tuple(Platform)


def target(text: str) -> Target:
    """Read the words behind a subcommand. A platform's name counts at either end, so that names may hold it.

    Both platforms, and nothing else, are the same as none.
    """
    words = plain(text).split()
    if {_PLATFORMS.get(each.casefold()) for each in words if each.casefold() not in _AND} == set(Platform):
        return Target(None, None)
    platform = None
    for end in (0, -1):
        if words and platform is None and words[end].casefold() in _PLATFORMS:
            platform = _PLATFORMS[words.pop(end).casefold()]
    return Target(platform, " ".join(words).strip(_QUOTES) or None)


def address(text: str) -> tuple[str, str]:
    """Return the first address among the words behind a subcommand, "" where there is none, and the other words."""
    words = text.split()
    found = next((each for each in words if _SCHEME in each), "")
    url = found.strip("<>").partition("|")[0].replace("&amp;", "&")
    return url, " ".join(each for each in words if _SCHEME not in each)


def plain(text: str) -> str:
    """Return what a person typed before Slack put ids into it: a channel as # and its id, the rest as it read.

    A handle may well be some colleague's name, too.
    """
    return _MARKUP.sub(_as_typed, text)


def _as_typed(found: re.Match[str]) -> str:
    if found["channel"]:
        return f"#{found['channel']}"
    label = found["label"] or found["address"]
    if label and found["id"]:
        return f"@{label.removeprefix('@')}"
    return label or found[0]
