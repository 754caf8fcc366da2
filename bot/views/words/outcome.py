"""What came of an attempt to link, in the same words on the page and in Slack."""

from collections.abc import Mapping
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

_SAID: Mapping[LinkOutcome, Said] = {
    LinkOutcome.LINKED: Said(
        "{platform} is linked for {client}", "{who} is proved and ready. Nothing else to do."
    ),
    LinkOutcome.RELINKED: Said(
        "{platform} is linked again for {client}",
        "{who} works again, and scheduled posts are untouched. Nothing else to do.",
    ),
    LinkOutcome.ADOPTED: Said(
        "{who} now stands for {client} on {platform}",
        "A manager adopted it. From now on this is the account we expect.",
    ),
    LinkOutcome.CANCELLED: Said(
        "{platform} wasn't linked for {client}",
        "Somebody pressed Cancel on {platform}'s page, so nothing changed. If it was an accident, try again.",
    ),
    LinkOutcome.FEWER_PERMISSIONS: Said(
        "{platform} is linked for {client}, with fewer permissions than it needs",
        "{who} answered, but {lost}. Try again and leave every switch on {platform}'s page on.",
    ),
    LinkOutcome.TOO_FEW_PERMISSIONS: Said(
        "{platform} wasn't linked for {client}: it came back with fewer permissions than it needs",
        "We see that {lost}. {platform} then doesn't say either whether this is {awaited}, so we kept nothing. "
        "Link again and leave every switch on {platform}'s page on.",
    ),
    LinkOutcome.WRONG_ACCOUNT: Said(
        "That was {other}, and {client} expects {awaited}",
        "Nothing was changed. We hold it aside{until}: sign in to {platform} as {awaited} and try again, "
        "or a manager adopts the account that came. Otherwise we let it go.",
    ),
    LinkOutcome.UNNAMED_ACCOUNT: Said(
        "{platform} didn't say which account came back for {client}",
        "{client} expects {awaited}, and this one shows no handle to compare: {platform} tells it only where a "
        "link is for posts, too.{calls} Nothing was changed. We hold it aside{until}: a manager who knows it adopts "
        "it. Otherwise we let it go.",
    ),
    LinkOutcome.WRONG_ACCOUNT_DROPPED: Said(
        "{dropped} was not linked for {client}",
        "Our access to it is erased. Sign in to the right account, then try again.",
    ),
    LinkOutcome.ACCOUNT_IN_USE: Said(
        "{who} already belongs to another client here",
        "One {platform} account links to one client. Unlink it there first, or sign in to the account of "
        "{client} and try again.",
    ),
    LinkOutcome.NOT_PROFESSIONAL: Said(
        "This is not a professional account",
        "{platform} lets apps work only with professional accounts, so {client} isn't linked yet. "
        "In the app open Settings and privacy → Account type and tools → Switch to professional account. "
        "It is free. Then try again.",
    ),
    LinkOutcome.ACCOUNT_HELD: Said(
        "{platform} is holding this account back",
        "Its owner opens the {platform} app, does what it asks (often a code or a warning to confirm), "
        "then tries again. Until then {client} stays as it was.",
    ),
    LinkOutcome.PLATFORM_DOWN: Said(
        "{platform} isn't answering right now",
        "The trouble is on {platform}'s side and nothing was changed for {client}. "
        "Wait a few minutes, then try again from Slack.",
    ),
    LinkOutcome.PLATFORM_REFUSED: Said(
        "{platform} refused to link {client}",
        "Nothing was changed. Try again; if it is refused once more, press Diagnose in /crosslink status.",
    ),
    LinkOutcome.TIMED_OUT: Said(
        "Nobody came back from {platform} for {client}",
        "The link has run out and nothing was changed. This is what it usually means:",
        NEVER_CAME_BACK,
    ),
}


def said(attempt: Attempt) -> Said:
    """What the person who tried is told."""
    told, facts = _SAID[attempt.outcome], _facts(attempt)
    return Said(told.title.format_map(facts), told.body.format_map(facts), told.points)


def _facts(attempt: Attempt) -> dict[str, str]:
    return {
        "platform": PLATFORM[attempt.platform],
        "client": attempt.client,
        "who": attempt.who or "The account",
        "other": attempt.who or "another account",
        "dropped": attempt.who or "The other account",
        "awaited": at_handle(attempt.expected) or "another account",
        "calls": f" It calls itself “{attempt.who}”." if attempt.who else "",
        "until": f" until {attempt.until}" if attempt.until else " for ten minutes",
        "lost": _lost(attempt),
    }


def _lost(attempt: Attempt) -> str:
    missing = sorted(attempt.missing)
    if not missing:
        return "something that this client needs was switched off"
    names = listed(f"“{CAPABILITY[each]}”" for each in missing)
    were = "was" if len(missing) == 1 else "were"
    return f"{names} {were} switched off, so {listed(COST[each] for each in missing)}"
