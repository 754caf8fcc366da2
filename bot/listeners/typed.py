"""What stands behind a subcommand: a platform, a client's name, both in any order, or nothing."""

from dataclasses import dataclass

from core.domain.account import Platform

_PLATFORMS = {each.value: each for each in Platform} | {"tt": Platform.TIKTOK, "ig": Platform.INSTAGRAM}
_AND = {"and", "&", "+", ","}
_QUOTES = "\"'“”„‘’«»"


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
    words = text.split()
    if {_PLATFORMS.get(each.casefold()) for each in words if each.casefold() not in _AND} == set(Platform):
        return Target(None, None)
    platform = None
    for end in (0, -1):
        if words and platform is None and words[end].casefold() in _PLATFORMS:
            platform = _PLATFORMS[words.pop(end).casefold()]
    return Target(platform, " ".join(words).strip(_QUOTES) or None)
