"""An incident as one message that is kept up to date, and the lines of its thread.

Whoever presses a button here acts on the incident that stands beside it: several may share a message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, Element, Message
from bot.views.news import why_here
from bot.views.pair import step_button
from bot.views.posts_view import title
from bot.views.text import bold, esc, handle, mention, name
from bot.views.words import connection as why
from bot.views.words import dates
from bot.views.words import incident as words
from bot.views.words.names import PLATFORM, other
from bot.views.words.unlink import TAPS
from core.domain.account import Platform
from core.domain.alert_plan import ChangeKind
from core.domain.alerts import Snooze, snooze_until
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.diagnosis import NextStep, next_step
from core.domain.incident import Incident, IncidentStep
from core.domain.post import Post
from core.domain.symptom import Condition
from core.domain.verdict import Reason

TOGETHER = 6
"""Incidents that one message can show within Slack's limits."""
_PEOPLE = "the client's managers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One incident with what has to be said about it. `connection` is None where it is about the client's pair.

    `ended` is the half that is gone, where one is. It stops `posts`, the first on `first_post`; `soonest` are a few of
    them. `rings`: people may be mentioned now.
    """

    client: Client
    incident: Incident
    at: datetime
    connection: Connection | None = None
    ended: Platform | None = None
    posts: int = 0
    first_post: datetime | None = None
    soonest: Sequence[Post] = ()
    rings: bool = True

    @property
    def platform(self) -> Platform:
        """The platform that it is about."""
        return self.connection.platform if self.connection else self.ended or Platform.TIKTOK


def incident_message(cards: Sequence[Card], *, instead_of: str = "") -> Message:
    """One message about one incident, or about several that were noticed at once. Those that are over say how.

    `instead_of` is the channel that doesn't take it, where it is told to a person for that reason.
    """
    shown: list[Block] = []
    primary = True
    for card in cards[:TOGETHER]:
        shown += [blocks.divider()] if shown else []
        shown += _card(card, primary=primary)
        primary = primary and not card.incident.is_open
    if instead_of:
        shown.append(why_here(instead_of))
    said = [headline(each) for each in cards[:TOGETHER]]
    if len(cards) == 1 and cards[0].incident.is_open:
        said.append(_explained(cards[0]).partition("\n")[0])
    return blocks.message(" ".join(said), shown)


def headline(card: Card) -> str:
    """What is the matter, or how it ended, in one sentence."""
    incident, whose = card.incident, _whose(card)
    if incident.outcome is not None:
        return words.ENDED[incident.outcome].format(whose=whose)
    day = dates.day(incident.act_by) if incident.act_by else "a day to come"
    since, platform = dates.moment(incident.since), PLATFORM[card.platform]
    text = words.HEADLINE[incident.condition].format(whose=whose, day=day, platform=platform, since=since)
    return f"{words.MARK[incident.condition]} {text}"


def _whose(card: Card) -> str:
    if card.connection is None:
        return bold(card.client.name)
    account = card.connection.account
    known = handle(account.handle) if account else ""
    return " ".join(filter(None, (PLATFORM[card.platform], esc(known), "of", bold(card.client.name))))


def _card(card: Card, *, primary: bool) -> list[Block]:
    incident = card.incident
    if not incident.is_open:
        began, ended = dates.moment(incident.since), dates.moment(incident.closed_at or card.at)
        return [
            blocks.section(headline(card)),
            blocks.context(words.lasted(incident.lasted), f"From {began} to {ended}", _answer(card)),
        ]
    return [
        blocks.section(f"{headline(card)}\n{_explained(card)}"),
        blocks.context(*_facts(card)),
        *blocks.actions(*_buttons(card, primary=primary)),
    ]


def _explained(card: Card) -> str:
    if card.connection is None:
        gone = card.platform
        return words.SPLIT.format(gone=PLATFORM[gone], other=PLATFORM[other(gone)])
    platform, step = card.platform, _step(card)
    text = f"{why.reason(Reason(card.incident.reason), platform)} {why.step(step, platform)}"
    if card.incident.condition is not Condition.UNLINKING:
        return text
    taps = "\n".join(f"{number}. {tap}" for number, tap in enumerate(TAPS[platform], start=1))
    return f"{text}\n{taps}"


def _step(card: Card) -> NextStep:
    if card.incident.condition is Condition.UNPROVED:
        return NextStep.PROVE
    return next_step(card.connection.verdict(card.at)) if card.connection else NextStep.LINK


def _facts(card: Card) -> tuple[str, ...]:
    """Since when, which posts, who acts by when, and who answered."""
    incident, client = card.incident, card.client
    people = mention(client.managers) if card.rings and client.managers else _PEOPLE
    due = f"by {dates.moment(incident.act_by)}" if incident.act_by else "now"
    first = dates.moment(card.first_post) if card.first_post else ""
    is_ending = incident.condition is Condition.ENDING
    return (
        f"Since {dates.moment(incident.since)}",
        words.posts(card.posts, first, [title(each) for each in card.soonest], later=is_ending),
        f"To act {due}: {people}",
        _answer(card) or words.STEP[IncidentStep.OPEN],
    )


def _answer(card: Card) -> str:
    incident = card.incident
    if not incident.answered_by or incident.answered_at is None:
        return ""
    step = IncidentStep.SNOOZED if incident.snoozed_until and incident.is_open else IncidentStep.ACKNOWLEDGED
    return words.STEP[step].format(
        by=mention([incident.answered_by]),
        at=dates.moment(incident.answered_at),
        until=dates.moment(incident.snoozed_until or incident.answered_at),
    )


def _buttons(card: Card, *, primary: bool) -> list[Element]:
    incident, about = card.incident, name(card.client.name)
    value = ids.IncidentValue(incident=incident.id)
    buttons = _repairs(card, primary=primary)
    if incident.step is not IncidentStep.ACKNOWLEDGED:
        buttons.append(blocks.button("Acknowledge", Action.INCIDENT_ACKNOWLEDGE, value, about=about))
    if card.connection is not None:
        one = ids.ConnectionValue(client=card.client.id, connection=card.connection.id)
        label = PLATFORM[card.platform]
        buttons.append(blocks.button("Diagnose", Action.STATUS_DIAGNOSE, one, about=f"{label}, {about}"))
    return [*buttons, blocks.menu(Action.INCIDENT_SNOOZE, "Snooze", _snoozes(card))]


def _repairs(card: Card, *, primary: bool) -> list[Element]:
    client, platform = card.client, card.platform
    if card.connection is not None:
        repair = step_button(client, platform, _step(card), card.connection.id, primary=primary)
        if card.incident.condition is not Condition.UNPROVED:
            return [repair]
        return [repair, step_button(client, platform, NextStep.RELINK, card.connection.id)]
    rest = other(platform)
    unlink = ids.UnlinkValue(client=client.id, platforms=(rest,))
    return [
        step_button(client, platform, NextStep.LINK, None, primary=primary),
        blocks.button(f"Unlink {PLATFORM[rest]}…", Action.UNLINK_OPEN, unlink, about=name(client.name)),
    ]


def _snoozes(card: Card) -> list[tuple[str, ids.Value]]:
    incident, zone = card.incident, card.client.time_zone
    return [
        (words.SNOOZE[each], ids.SnoozeValue(incident=incident.id, until=each))
        for each in Snooze
        if snooze_until(each, card.at, zone, incident.act_by) is not None
    ]


def has_course(kind: ChangeKind) -> bool:
    """True where a change adds a line to the thread: else the message says it all."""
    return bool(words.COURSE[kind])


def course_line(card: Card, kind: ChangeKind, *, oncall: bool) -> str:
    """One line of the thread; "" where the message says it all. `oncall`: this is where those on call are rung."""
    incident = card.incident
    people: Sequence[str] = card.client.managers
    if kind is ChangeKind.RUNG:
        people = (card.client.oncall or card.client.managers) if oncall else ()
    reason = why.reason(Reason(incident.reason), card.platform) if card.connection else ""
    line = words.COURSE[kind].format(
        reason=reason,
        people=f" {mention(people)}" if people and card.rings else "",
        left=words.left(incident.threshold or 0),
        by=mention([incident.answered_by]) if incident.answered_by else "Somebody",
        until=dates.moment(incident.snoozed_until or card.at),
        ended=f"{headline(card)} {words.lasted(incident.lasted)}.",
    )
    return line if not line or kind is ChangeKind.CLOSED else f"{_named(card)}: {line}"


def _named(card: Card) -> str:
    """Which incident of a message a line is about, in a few words."""
    brand = bold(card.client.name)
    return f"{PLATFORM[card.platform]} of {brand}" if card.connection else brand


def line_message(text: str) -> Message:
    """A line of the thread as a message."""
    return blocks.message(text, [blocks.section(text)])
