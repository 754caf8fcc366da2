"""Tells what happened to incidents: every place that shows one is brought up to date, its course goes into threads."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta

from bot.messenger.cards import Cards
from bot.messenger.errors import Undeliverable
from bot.messenger.once import Once
from bot.messenger.places import Places
from bot.messenger.post import Post
from bot.views.incident_view import Card, course_line, has_course, line_message
from core.domain.alert_plan import ChangeKind
from core.domain.errors import Throttled
from core.domain.fact import Fact
from core.domain.incident import IncidentOutcome
from core.domain.incident_message import IncidentMessage, Place

BUSY = timedelta(seconds=5)
"""How soon a place is looked at again that another process is bringing up to date."""
_LOUD = frozenset({ChangeKind.CHANGED, ChangeKind.WOKE, ChangeKind.REMINDED, ChangeKind.RUNG})
"""What the channel should see although it happened in a thread."""


class Incidents:
    """Tells INCIDENT_CHANGED facts."""

    def __init__(self, *, cards: Cards, post: Post, once: Once, owner: str) -> None:
        self._work = cards.work
        self._clock = cards.clock
        self._cards = cards
        self._post = post
        self._once = once
        self._places = Places(cards=cards, post=post, owner=owner)

    async def tell(self, fact: Fact) -> None:
        """Bring every place that shows the incident up to date, then add to its threads. Raises Passing."""
        stale, rows = await self._rows(fact)
        if stale:
            await self._everywhere(fact.workspace, {each.target for each in stale})
            stale, rows = await self._rows(fact)
        if stale:
            raise Throttled("incident_busy", until=self._clock.now() + BUSY)
        if not rows:
            return
        kind = ChangeKind(fact.details["change"])
        card = await self._cards.of(fact.workspace, fact.subject) if has_course(kind) else None
        if card is not None:
            for row in rows:
                await self._add_to_thread(fact, kind, card, row)

    async def _everywhere(self, workspace: str, targets: Collection[str]) -> None:
        """Bring these places up to date: none waits for the pace of another."""
        later: Throttled | None = None
        for target in sorted(targets):
            try:
                await self._places.bring_up_to_date(workspace, target)
            except Throttled as paced:
                later = paced
        if later is not None:
            raise later

    async def _rows(self, fact: Fact) -> tuple[Sequence[IncidentMessage], Sequence[IncidentMessage]]:
        """Return the rows of places that show less than is so by now, and all of them."""
        async with self._work.reading() as unit:
            incident = await unit.incidents.get(fact.workspace, fact.subject)
            rows = await unit.incident_messages.of_incident(fact.workspace, fact.subject)
        version = incident.version if incident else 0
        return [each for each in rows if each.shown < version and not each.refused], rows

    async def _add_to_thread(self, fact: Fact, kind: ChangeKind, card: Card, row: IncidentMessage) -> None:
        """A reply rings those whom it mentions and whoever reads it directly, which an edit never does."""
        line = course_line(card, kind, oncall=_rings_here(row, card))
        if not line or not row.is_posted or row.refused:
            return
        if row.kind is Place.PERSON and not _is_news_to(row, fact, card):
            return
        is_healed = kind is ChangeKind.CLOSED and card.incident.outcome is IncidentOutcome.RECOVERED
        is_loud = kind in _LOUD or is_healed

        async def reply() -> None:
            with suppress(Undeliverable):  # the message itself says how it stands
                told = line_message(line)
                await self._post.message(fact.workspace, row.channel, told, thread=row.ts, broadcast=is_loud)

        await self._once.send(fact, f"thread {row.target}", reply)


def _rings_here(row: IncidentMessage, card: Card) -> bool:
    if row.kind is Place.PERSON:
        return False  # they are written to already
    return row.kind is Place.ONCALL or card.client.alerts.channel in {"", row.target}


def _is_news_to(row: IncidentMessage, fact: Fact, card: Card) -> bool:
    """True where a person should hear what happened after they were written to, unless they did it themselves.

    In quiet hours only those hear who stand for a channel: it would have shown it, too.
    """
    is_later = row.posted_at is not None and row.posted_at < fact.at
    return is_later and fact.details["by"] != row.target and (card.rings or bool(row.instead_of))
