"""What came of an attempt to link, in the same words on the page and in Slack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.views.text import handle as at_handle
from bot.views.text import listed
from bot.views.text import name as shown_name
from bot.views.words.names import CAPABILITY, COST, PLATFORM
from core.domain.account import Platform
from core.domain.invitation import LinkOutcome
from core.domain.observation import Capability


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to link, as far as words need it. Handles without the @; `until` is a time already in words.

    `found` is the account that came, `expected` the one that was awaited. `name` is what the one that came calls
    itself: all there is where its platform told no handle.
    """

    outcome: LinkOutcome
    platform: Platform
    client: str
    found: str | None = None
    name: str | None = None
    expected: str | None = None
    missing: frozenset[Capability] = field(default_factory=frozenset)
    until: str = ""

    @property
    def who(self) -> str:
        """The account that came, as people write it; "" where nothing is known of it."""
        return at_handle(self.found) or shown_name(self.name or "")


@dataclass(frozen=True, slots=True)
class Said:
    """A headline, what it means and what to do, and where it helps a list. Plain text throughout."""

    title: str
    body: str
    points: tuple[str, ...] = ()


NEVER_CAME_BACK = (
    "The page asked for a code that went to somebody else's phone: sit down with whoever has it.",
    "The phone opened the app instead of the browser: open the link in the browser, signed in there.",
    "Another account was signed in, and the page was closed: sign in to the right one first.",
    "The password was unknown: only somebody who can sign in to the account can link it.",
)
"""What never coming back from the platform's page usually means."""


def said(attempt: Attempt) -> Said:
    """What the person who tried is told."""
    return _SAID[attempt.outcome](attempt)


def _who(attempt: Attempt) -> str:
    return attempt.who or "The account"


def _lost(attempt: Attempt) -> str:
    missing = sorted(attempt.missing)
    if not missing:
        return "something that this client needs was switched off"
    names = listed(f"“{CAPABILITY[each]}”" for each in missing)
    were = "was" if len(missing) == 1 else "were"
    return f"{names} {were} switched off, so {listed(COST[each] for each in missing)}"


def _linked(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{platform} is linked for {attempt.client}",
        f"{_who(attempt)} is proved and ready. Nothing else to do.",
    )


def _relinked(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{platform} is linked again for {attempt.client}",
        f"{_who(attempt)} works again, and scheduled posts are untouched. Nothing else to do.",
    )


def _adopted(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{_who(attempt)} now stands for {attempt.client} on {platform}",
        "A manager adopted it. From now on this is the account we expect.",
    )


def _cancelled(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{platform} wasn't linked for {attempt.client}",
        f"Somebody pressed Cancel on {platform}'s page, so nothing changed. If it was an accident, try again.",
    )


def _fewer(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{platform} is linked for {attempt.client}, with fewer permissions than it needs",
        f"{_who(attempt)} answered, but {_lost(attempt)}. "
        f"Try again and leave every switch on {platform}'s page on.",
    )


def _wrong(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    awaited = at_handle(attempt.expected) or "another account"
    until = f" until {attempt.until}" if attempt.until else " for ten minutes"
    return Said(
        f"That was {attempt.who or 'another account'}, and {attempt.client} expects {awaited}",
        f"Nothing was changed. We hold it aside{until}: sign in to {platform} as {awaited} and try again, "
        "or a manager adopts the account that came. Otherwise we let it go.",
    )


def _dropped(attempt: Attempt) -> Said:
    return Said(
        f"{attempt.who or 'The other account'} was not linked for {attempt.client}",
        "Our access to it is erased. Sign in to the right account, then try again.",
    )


def _in_use(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{_who(attempt)} already belongs to another client here",
        f"One {platform} account links to one client. Unlink it there first, or sign in to the account of "
        f"{attempt.client} and try again.",
    )


def _personal(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        "This is not a professional account",
        f"{platform} lets apps work only with professional accounts, so {attempt.client} isn't linked yet. "
        "In the app open Settings and privacy → Account type and tools → Switch to professional account. "
        "It is free. Then try again.",
    )


def _held(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{platform} is holding this account back",
        f"Its owner opens the {platform} app, does what it asks (often a code or a warning to confirm), "
        f"then tries again. Until then {attempt.client} stays as it was.",
    )


def _down(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{platform} isn't answering right now",
        f"The trouble is on {platform}'s side and nothing was changed for {attempt.client}. "
        "Wait a few minutes, then try again from Slack.",
    )


def _refused(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"{platform} refused to link {attempt.client}",
        "Nothing was changed. Try again; if it is refused once more, press Diagnose in /crosslink status.",
    )


def _timed_out(attempt: Attempt) -> Said:
    platform = PLATFORM[attempt.platform]
    return Said(
        f"Nobody came back from {platform} for {attempt.client}",
        "The link has run out and nothing was changed. This is what it usually means:",
        NEVER_CAME_BACK,
    )


_SAID: Mapping[LinkOutcome, Callable[[Attempt], Said]] = {
    LinkOutcome.LINKED: _linked,
    LinkOutcome.RELINKED: _relinked,
    LinkOutcome.ADOPTED: _adopted,
    LinkOutcome.CANCELLED: _cancelled,
    LinkOutcome.FEWER_PERMISSIONS: _fewer,
    LinkOutcome.WRONG_ACCOUNT: _wrong,
    LinkOutcome.WRONG_ACCOUNT_DROPPED: _dropped,
    LinkOutcome.ACCOUNT_IN_USE: _in_use,
    LinkOutcome.NOT_PROFESSIONAL: _personal,
    LinkOutcome.ACCOUNT_HELD: _held,
    LinkOutcome.PLATFORM_DOWN: _down,
    LinkOutcome.PLATFORM_REFUSED: _refused,
    LinkOutcome.TIMED_OUT: _timed_out,
}
