"""Tells what came of attempts to link: the person who tried, the channel, and wherever a decision was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.messenger.errors import Undeliverable
from bot.messenger.once import Once
from bot.messenger.post import Post, Spot
from bot.views.blocks import Message
from bot.views.incident_view import line_message
from bot.views.link_view import (
    WAITING,
    Result,
    channel_news,
    decided_message,
    relinked_line,
    slip_message,
)
from bot.views.slip_parts import Reader, awaits_decision, parts_of
from bot.views.words.outcome import Attempt
from core.domain.client import Client, Person
from core.domain.fact import Fact
from core.domain.incident import IncidentOutcome
from core.domain.incident_message import IncidentMessage, Place
from core.domain.invitation import Invitation, InvitationStep, LinkOutcome
from core.domain.observation import Capability
from core.domain.symptom import symptoms
from core.ports import Clock, Directory, UnitOfWork, Work
from core.usecases.clients import may_be_offered
from core.usecases.record import in_turn
from core.usecases.slips import Entry, on_slip

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a settled invitation changes for people.

    `slip` is what stands in the person's private message, this one included. `again`: they have no newer button.
    `mended` are the channel's messages about what this relink has ended.
    """

    attempt: Attempt
    client: Client
    invitation: Invitation
    slip: Sequence[Entry]
    again: bool
    mended: Sequence[IncidentMessage]

    @property
    def is_over(self) -> bool:
        """True where this tells of an account held aside that is decided about by now: that is told by itself."""
        return self.attempt.outcome in WAITING and self.invitation.step is not InvitationStep.HELD


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDesk:
    """Where connect pages live, and who knows who people are."""

    base_url: str
    directory: Directory


class Outcomes:
    """Tells INVITATION_SETTLED facts."""

    def __init__(self, *, work: Work, clock: Clock, post: Post, desk: LinkDesk, once: Once) -> None:
        self._work = work
        self._clock = clock
        self._post = post
        self._desk = desk
        self._once = once

    async def tell(self, fact: Fact) -> None:
        """Tell the person, then the channel, once: anew, or where it was told before. Raises Passing."""
        async with self._work.reading() as unit:
            answer = await _answer(unit, fact)
        if answer is None or answer.is_over:
            return
        await self._once.send(fact, "person", lambda: self._to_person(answer))
        await self._once.send(fact, "channel", lambda: self._to_channel(answer))

    async def _to_person(self, answer: _Answer) -> None:
        """In place of the private button where that still goes, else beside it, else by direct message."""
        invitation, client = answer.invitation, answer.client
        reader = await self._reader(answer)
        own = Result(
            attempt=answer.attempt, invitation=invitation, again=answer.again, may_adopt=reader.may_adopt
        )
        alone = slip_message(client, [own], reader.at)
        if invitation.response_url:
            others = [each for each in answer.slip if each.invitation.id != invitation.id]
            whole = slip_message(client, [own, *parts_of(others, reader)], reader.at)
            url, replacing = invitation.response_url.reveal(), invitation.replaceable
            if await self._post.answer(url, whole if replacing else alone, replace=replacing):
                return
        places = await self._post.to_person(invitation.workspace, invitation.person, alone)
        if answer.attempt.outcome in WAITING:
            await self._asked_in(answer, places)

    async def _reader(self, answer: _Answer) -> Reader:
        invitation = answer.invitation
        person = Person(invitation.person, invitation.workspace, invitation.workspace)
        asks = answer.attempt.outcome in WAITING or awaits_decision(answer.slip)
        may_adopt = asks and await may_be_offered(self._desk.directory, person, answer.client)
        return Reader(base_url=self._desk.base_url, at=self._clock.now(), may_adopt=may_adopt)

    async def _to_channel(self, answer: _Answer) -> None:
        told = channel_news(answer.attempt, answer.client, answer.invitation)
        if told and answer.attempt.outcome in WAITING:
            await self._asked_in(answer, await self._post.to_channel(answer.client, told))
        elif answer.invitation.news:
            await self._to_askers(answer)
        elif answer.mended:
            await self._to_threads(answer)
        elif told:
            await self._post.to_channel(answer.client, told)

    async def _asked_in(self, answer: _Answer, places: Sequence[Spot]) -> None:
        """Remember where a decision was asked for, so that the buttons give way once it is made."""

        async def change(unit: UnitOfWork) -> Invitation:
            fresh = await unit.invitations.get(answer.invitation.workspace, answer.invitation.id)
            found = fresh or answer.invitation
            return await unit.invitations.save(replace(found, news=(*found.news, *places)))

        after = await in_turn(self._work, change)
        if (
            after.step is not InvitationStep.HELD
        ):  # it was decided, and told, before anybody knew of this message
            decided = replace(answer.attempt, outcome=after.outcome or answer.attempt.outcome)
            await self._to_askers(replace(answer, attempt=decided, invitation=after))

    async def _to_askers(self, answer: _Answer) -> None:
        told = decided_message(answer.attempt, answer.client, answer.invitation)
        edited = [await self._is_edited(answer.client, *place, told) for place in answer.invitation.news]
        if not any(edited):
            await self._post.to_channel(answer.client, told)

    async def _is_edited(self, client: Client, channel: str, ts: str, told: Message) -> bool:
        try:
            await self._post.edit(client.workspace, channel, ts, told)
        except Undeliverable as refused:
            _log.info("news can't be edited", channel=channel, code=refused.code)
            return False
        return True

    async def _to_threads(self, answer: _Answer) -> None:
        """The message of what was wrong says that it is over; its thread says who ended it."""
        told = line_message(relinked_line(answer.attempt, answer.client, answer.invitation))
        for place in dict.fromkeys((each.channel, each.ts) for each in answer.mended):
            try:
                await self._post.message(answer.client.workspace, place[0], told, thread=place[1])
            except Undeliverable as refused:
                _log.info("thread refused", channel=place[0], code=refused.code)


async def _answer(unit: UnitOfWork, fact: Fact) -> _Answer | None:
    invitation = await unit.invitations.get(fact.workspace, fact.subject)
    client = await unit.clients.get(fact.workspace, fact.client_id)
    if invitation is None or client is None:
        return None
    slip = await on_slip(unit, client, invitation)
    own = next(each for each in slip if each.invitation.id == invitation.id)
    attempt = Attempt(
        outcome=LinkOutcome(fact.details["outcome"]),
        platform=invitation.platform,
        client=client.name,
        found=fact.details.get("handle"),
        name=fact.details.get("name"),
        expected=own.expected,
        missing=_missing(fact.details.get("missing", "")),
    )
    waiting = await unit.invitations.unsettled(fact.workspace, invitation.connection_id)
    others = [each for each in waiting if each.id != invitation.id and each.person == invitation.person]
    return _Answer(
        attempt=attempt,
        client=client,
        invitation=invitation,
        slip=slip,
        again=not others,
        mended=await _mended(unit, fact, client, invitation),
    )


def _missing(codes: str) -> frozenset[Capability]:
    return frozenset(each for each in Capability if each in codes.split(","))


async def _mended(
    unit: UnitOfWork, fact: Fact, client: Client, invitation: Invitation
) -> Sequence[IncidentMessage]:
    """Where the channel was told of what this relink ended, whether that is written down already or about to be."""
    if fact.details["outcome"] != LinkOutcome.RELINKED:
        return ()
    connections = await unit.connections.of_client(client.workspace, client.id)
    wrong = {each.key for each in symptoms(client, connections, fact.at)}
    concerned = {client.id, invitation.connection_id}
    over = [
        *[
            each
            for each in await unit.incidents.open_of_client(client.workspace, client.id)
            if each.key not in wrong
        ],
        *[
            each
            for each in await unit.incidents.closed_since(client.workspace, client.id, fact.at)
            if each.outcome is IncidentOutcome.RELINKED
        ],
    ]
    return [
        row
        for each in over
        if each.subject in concerned
        for row in await unit.incident_messages.of_incident(client.workspace, each.id)
        if row.kind is Place.CHANNEL and row.is_posted and not row.refused
    ]
