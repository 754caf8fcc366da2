"""What went wrong with a platform or with us, for the person who waits for an answer."""

from collections.abc import Mapping

from bot.views.words.names import PLATFORM
from core.domain.account import Platform
from core.domain.errors import (
    AccountHeld,
    AccountUnfit,
    Final,
    GrantLost,
    NeedsPerson,
    Passing,
    PlatformDown,
    ScopeMissing,
    Throttled,
    Trouble,
    Unconfirmed,
    Unreachable,
)

TROUBLE: Mapping[type[Trouble], str] = {
    Throttled: "{platform} asked us to wait a little, so nothing was done. Try again in a few minutes.",
    Unreachable: "{platform} didn't answer in time, so nothing was done. Try again in a few minutes.",
    PlatformDown: "{platform} has trouble on its side, so nothing was done. Try again in a few minutes.",
    Passing: "{platform} couldn't answer just now, so nothing was done. Try again in a few minutes.",
    GrantLost: "{platform} no longer accepts this link. Relink the account.",
    ScopeMissing: "{platform} doesn't allow this with the permissions given. Relink with every switch on.",
    AccountHeld: "{platform} is holding the account back. Its owner opens the {platform} app and does what it asks.",
    AccountUnfit: "This kind of {platform} account can't do that. Switch it to a professional account first.",
    NeedsPerson: "{platform} wants the account's owner to act. Open the {platform} app, then try again.",
    Final: "{platform} refused this request as it is. Trying again won't help; press Diagnose to see why.",
    Unconfirmed: "We asked {platform} and its answer got lost. We are looking whether it happened.",
    Trouble: "{platform} didn't do what we asked. Try again in a few minutes.",
}


def trouble(error: Trouble, platform: Platform | None = None) -> str:
    """Return the sentence for a trouble, by its nearest class."""
    sentence = next(TROUBLE[each] for each in type(error).__mro__ if each in TROUBLE)
    return sentence.format(platform=PLATFORM[platform] if platform else "The platform")


def ours(reference: str) -> str:
    """What a person reads when the fault is ours: nothing technical, and a reference to quote."""
    return (
        "Something went wrong on our side. See /crosslink status for how things stand, then try again; "
        f"if it stays, tell your admin the reference {reference}."
    )
