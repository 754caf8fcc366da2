"""Makes what stands in a place true: rows say which incidents are to be shown there, Slack is brought to say so.

Whoever claims the rows that show less than their incidents do makes them true, so that any number of processes and
facts come to one message. What is new in a place at once shares one. What a message carries unseen tells, where its
poster can't any more, which rows it stands for (`core.usecases.posted_alerts`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog

from bot.ids import alert_metadata
from bot.messenger.cards import Cards
from bot.messenger.errors import Undeliverable
from bot.messenger.post import Post, is_person
from bot.views.incident_view import TOGETHER, Card, incident_message
from core.domain.client import Client
from core.domain.errors import Throttled
from core.domain.ids import new_id
from core.domain.incident_message import IncidentMessage, Place, Sent
from core.usecases.posted_alerts import is_spare

_log = structlog.get_logger(__name__)
LEASE = timedelta(minutes=2)
"""Longer than bringing one place up to date takes; an expired one is somebody else's work."""
PACE = timedelta(seconds=3)
"""Between two edits of one message: what happens in quick succession becomes one edit."""
_LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})

Drawn = tuple[IncidentMessage, Card]


@dataclass(slots=True)
class _Claim:
    """The rows of one place that this process makes true; `left` are those not settled yet."""

    workspace: str
    lease: str
    left: dict[str, IncidentMessage]


class Places:
    """Brings places up to date. `owner` names this process in leases."""

    def __init__(self, *, cards: Cards, post: Post, owner: str) -> None:
        self._work = cards.work
        self._clock = cards.clock
        self._cards = cards
        self._post = post
        self._owner = owner
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def bring_up_to_date(self, workspace: str, target: str) -> None:
        """Post what is new in a place and edit what changed. Raises Passing; what it left undone is anybody's again.

        One at a time in each place: what becomes new there meanwhile is shown together next.
        """
        turn = self._turns.setdefault((workspace, target), asyncio.Lock())
        async with turn:
            instead = await self._bring(workspace, target)
        for person in instead:
            await self.bring_up_to_date(workspace, person)

    async def _bring(self, workspace: str, target: str) -> list[str]:
        """Return the people to be told because the place takes nothing from us."""
        lease, at = f"{self._owner}/{new_id('ls')}", self._clock.now()
        async with self._work.writing() as unit:
            stale = await unit.incident_messages.claim_stale(
                workspace, target, at, owner=lease, until=at + LEASE
            )
            await unit.commit()
        if not stale:
            return []
        claim = _Claim(workspace, lease, {each.id: each for each in stale})
        try:
            return await self._show(claim, stale)
        finally:
            await self._settle(claim, *claim.left.values())

    async def _show(self, claim: _Claim, stale: Sequence[IncidentMessage]) -> list[str]:
        drawn = await self._draw(claim.workspace, stale)
        fresh = [(row, card) for row, card in drawn if not row.is_posted]
        paced: Throttled | None = None
        try:
            for ts in dict.fromkeys(row.ts for row, _ in drawn if row.is_posted):
                try:
                    fresh += await self._edit(claim, [(row, card) for row, card in drawn if row.ts == ts])
                except Throttled as throttled:
                    paced = throttled  # what is new doesn't wait for an edit
            for chunk in _chunks([each for each in fresh if _is_worth_posting(*each)]):
                await self._post_new(claim, chunk)
        except Undeliverable as refused:
            return await self._refused(claim, drawn, refused.code)
        unsaid = [row.edited(shown=card.incident.version, at=card.at) for row, card in fresh]
        await self._settle(claim, *(each for each in unsaid if each.id in claim.left))
        if paced is not None:
            raise paced
        return []

    async def _post_new(self, claim: _Claim, drawn: Sequence[Drawn]) -> None:
        """Post, and note where it stands; take back what somebody else has posted meanwhile."""
        workspace, target, instead_of = claim.workspace, drawn[0][0].target, drawn[0][0].instead_of
        after = {row.id: claim.left[row.id].ts for row, _ in drawn}
        told = incident_message([card for _, card in drawn], instead_of=instead_of)
        channel, ts = await self._post.marked(workspace, target, told, alert_metadata(after))
        at = self._clock.now()
        async with self._work.writing() as unit:
            rows = {}
            for row, card in sorted(drawn, key=lambda each: each[0].id):
                sent = Sent(channel=channel, ts=ts, shown=card.incident.version, at=at)
                rows[row.id] = await unit.incident_messages.place(workspace, row.id, sent, after[row.id])
            await unit.commit()
        for name in rows:
            del claim.left[name]
        here = [card for row, card in drawn if not is_spare([rows[row.id]], ts)]
        if not here:
            await self._post.take_back(workspace, channel, ts)
        elif len(here) < len(drawn):
            await self._post.edit(workspace, channel, ts, incident_message(here, instead_of=instead_of))

    async def _edit(self, claim: _Claim, stale: list[Drawn]) -> list[Drawn]:
        """Edit one message, with everything that shares it; return what is to be posted anew because it is lost."""
        first, at = stale[0][0], self._clock.now()
        async with self._work.reading() as unit:
            rows = await unit.incident_messages.sharing(claim.workspace, first.channel, first.ts)
        last = max((each.edited_at for each in rows if each.edited_at), default=None)
        if last is not None and at - last < PACE:
            raise Throttled("incident_paced", until=last + PACE)
        together = await self._draw(claim.workspace, rows)
        told = incident_message([card for _, card in together], instead_of=first.instead_of)
        try:
            await self._post.edit(claim.workspace, first.channel, first.ts, told)
        except Undeliverable as refused:
            if refused.code not in _LOST:
                raise
            return [(row.lost(), card) for row, card in stale]
        shown = {row.id: card.incident.version for row, card in together}
        await self._settle(claim, *(row.edited(shown=shown[row.id], at=at) for row, _ in stale))
        return []

    async def _draw(self, workspace: str, rows: Sequence[IncidentMessage]) -> list[Drawn]:
        cards = await self._cards.of_every(workspace, [row.incident_id for row in rows])
        return [(row, cards[row.incident_id]) for row in rows if row.incident_id in cards]

    async def _refused(self, claim: _Claim, drawn: Sequence[Drawn], code: str) -> list[str]:
        """Note that a place takes nothing from us, and tell people instead: never nobody."""
        instead: dict[str, None] = {}
        left = [(row, card) for row, card in drawn if row.id in claim.left]
        async with self._work.writing() as unit:
            for row, card in left:
                for person in _instead(row, card.client):
                    message = IncidentMessage(
                        id=new_id("im"),
                        workspace=claim.workspace,
                        incident_id=row.incident_id,
                        kind=Place.PERSON,
                        target=person,
                        instead_of=row.instead_of or _channel_of(row),
                    )
                    if await unit.incident_messages.add(message):
                        instead[person] = None
                await unit.incident_messages.settle(row.undeliverable(code), owner=claim.lease)
                del claim.left[row.id]
            await unit.commit()
        _log.info("a place refused", target=drawn[0][0].target, code=code, instead=len(instead))
        if not instead and drawn[0][0].kind is not Place.PERSON:
            _log.error("nobody could be told", target=drawn[0][0].target, workspace=claim.workspace)
        return list(instead)

    async def _settle(self, claim: _Claim, *rows: IncidentMessage) -> None:
        if not rows:
            return
        async with self._work.writing() as unit:
            for row in rows:
                await unit.incident_messages.settle(row, owner=claim.lease)
            await unit.commit()
        for row in rows:
            claim.left.pop(row.id, None)


def _is_worth_posting(row: IncidentMessage, card: Card) -> bool:
    """What was over before anybody heard of it needs no message, unless one in a channel can't be edited any more."""
    return card.incident.is_open or bool(row.instead_of)


def _chunks(drawn: Sequence[Drawn]) -> list[Sequence[Drawn]]:
    return [drawn[start : start + TOGETHER] for start in range(0, len(drawn), TOGETHER)]


def _instead(row: IncidentMessage, client: Client) -> list[str]:
    """Who hears where a place doesn't: those who look after the client, or those on call, whoever of them there is."""
    managers = [each for each in client.managers if is_person(each)]
    oncall = [each for each in client.oncall if is_person(each)]
    if row.kind is Place.CHANNEL:
        return managers or oncall
    if row.kind is Place.ONCALL:
        return oncall or managers
    return managers if row.target in oncall else oncall


def _channel_of(row: IncidentMessage) -> str:
    return "" if row.kind is Place.PERSON else row.target
