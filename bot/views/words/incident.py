"""Incidents in words: what is the matter, what happened to it since, how it ended, and how long it may be put off."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.views.text import some
from bot.views.words import dates
from core.domain.alert_plan import ChangeKind
from core.domain.alerts import Snooze
from core.domain.incident import IncidentOutcome, IncidentStep
from core.domain.symptom import Condition

MARK: Mapping[Condition, str] = {
    Condition.BROKEN: "🔴",
    Condition.ENDING: "🟡",
    Condition.UNLINKING: "🔴",
    Condition.SPLIT: "🟡",
    Condition.UNPROVED: "🟡",
}

HEADLINE: Mapping[Condition, str] = {
    Condition.BROKEN: "{whose} can't do its job.",
    Condition.ENDING: "{whose} stops working on {day} unless somebody relinks it.",
    Condition.UNLINKING: "{whose} is half unlinked: {platform} still lists Crosslink.",
    Condition.SPLIT: "{whose} is linked on one side only.",
    Condition.UNPROVED: "{whose} could not be proved since {since}.",
}

SHORT: Mapping[Condition, str] = {
    Condition.BROKEN: "{link} has been broken",
    Condition.ENDING: "{link} has been near its end",
    Condition.UNLINKING: "{link} has been half unlinked",
    Condition.SPLIT: "The pair has been linked on one side only",
    Condition.UNPROVED: "{link} could not be proved",
}
"""What goes on, before "since"."""

WAS: Mapping[Condition, str] = {
    Condition.BROKEN: "{link} was broken",
    Condition.ENDING: "{link} was near its end",
    Condition.UNLINKING: "{link} was half unlinked",
    Condition.SPLIT: "The pair was linked on one side only",
    Condition.UNPROVED: "{link} could not be proved",
}
"""What is over, before "until"."""

ENDED: Mapping[IncidentOutcome, str] = {
    IncidentOutcome.RELINKED: "✅ {whose} was relinked and works again.",
    IncidentOutcome.RECOVERED: "✅ {whose} works again by itself. Nothing to do.",
    IncidentOutcome.UNLINKED: "⚪ {whose} was unlinked, so this is over.",
    IncidentOutcome.BROKE: "🔴 {whose} ran out before anybody relinked it. A new alert follows this one.",
    IncidentOutcome.EXPLAINED: "🔴 {whose} is broken: the platform says so now. A new alert follows this one.",
}

STEP: Mapping[IncidentStep, str] = {
    IncidentStep.OPEN: "Nobody has acknowledged it yet",
    IncidentStep.ACKNOWLEDGED: "Acknowledged by {by} at {at}",
    IncidentStep.SNOOZED: "Snoozed by {by} until {until}",
    IncidentStep.CLOSED: "Over",
}

COURSE: Mapping[ChangeKind, str] = {
    ChangeKind.OPENED: "",
    ChangeKind.UPDATED: "",
    ChangeKind.CHANGED: "It changed: {reason}{people}",
    ChangeKind.WOKE: "The snooze is over, and it still needs somebody.{people}",
    ChangeKind.REMINDED: "{left} left to relink it.{people}",
    ChangeKind.RUNG: "Nobody acknowledged this in time.{people}",
    ChangeKind.CLOSED: "{ended}",
    ChangeKind.ACKNOWLEDGED: "{by} takes care of it.",
    ChangeKind.SNOOZED: "{by} put it off until {until}.",
}
"""The lines of an incident's thread; "" where the message itself says it all."""

SNOOZE: Mapping[Snooze, str] = {
    Snooze.HOUR: "For 1 hour",
    Snooze.TOMORROW: "Until tomorrow at 9:00",
    Snooze.DAY_BEFORE: "Until a day before it ends",
}

SPLIT = "{gone} was unlinked, but {other} is still linked. Relink {gone}, or unlink {other} too."
_MINUTE = timedelta(minutes=1)
NO_POSTS = "No posts wait for it"
NO_POSTS_LATER = "No post is to go out after its end"
_POST, _POSTS = "1 post waits for it, for {first}", "{count} posts wait for it, the first for {first}"
_LATER_POST = "1 post to go out after its end, for {first}"
_LATER_POSTS = "{count} posts to go out after its end, the first for {first}"


def left(days: int) -> str:
    """Return a threshold as the time that is left."""
    return "Less than a day" if days <= 1 else f"{days} days"


def lasted(length: timedelta) -> str:
    """Return how long something lasted."""
    return f"It lasted {dates.length(length)}" if length >= _MINUTE else "It was over within a minute"


def posts(count: int, first: str, titles: Sequence[str] = (), *, later: bool = False) -> str:
    """Return which posts an incident stops: how many, since when, and those of them that are known by name.

    `later`: it stops none before its link ends.
    """
    if not count:
        return NO_POSTS_LATER if later else NO_POSTS
    one, several = (_LATER_POST, _LATER_POSTS) if later else (_POST, _POSTS)
    told = (one if count == 1 else several).format(count=count, first=first or "an open date")
    return f"{told}: {some(titles, count)}" if titles else told
