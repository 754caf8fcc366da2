"""Deciding about posts: what changed is asked, each decision settles once, and what is approved gets on its way."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from core.domain.account import Platform
from core.domain.approval import Outcome, Seat, Tally, next_due, seat, tally
from core.domain.client import Client, Person
from core.domain.delivery import Delivery
from core.domain.ids import new_id
from core.domain.post import Decision, DecisionKind, Post, PostStep, Sender
from core.domain.recheck import Recheck, changes
from core.domain.refusals import Refusal, Stale
from core.ports import Clock, UnitOfWork, Work
from core.usecases.checking import Checking
from core.usecases.clients import known_client
from core.usecases.post_news import tell_post
from core.usecases.posts import PostView, known_post, refuse_settled, send_out, views
from core.usecases.record import RETRY_AFTER, in_turn, once

log = logging.getLogger(__name__)

BATCH = 100
REASON_MAX = 1000
WAITING_READ = 500
_STEPS = {
    Outcome.APPROVED: PostStep.APPROVED,
    Outcome.CHANGES_REQUESTED: PostStep.CHANGES_REQUESTED,
    Outcome.REJECTED: PostStep.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision and what it amounts to. `is_new` is False where this person had decided so already."""

    post: Post
    client: Client
    decision: Decision
    tally: Tally
    deliveries: Sequence[Delivery] = ()
    is_new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A request as it is when somebody decides about it, and what they said about it before."""

    post: Post
    client: Client
    decisions: Sequence[Decision]
    seat: Seat
    said: Decision | None

    def tally(self, at: datetime, *new: Decision) -> Tally:
        return tally(self.client, self.post, (*self.decisions, *new), at)


class Approving:
    """Takes decisions. Whoever is second in deciding the same is told who was first."""

    def __init__(self, *, work: Work, clock: Clock, checking: Checking) -> None:
        self._work = work
        self._clock = clock
        self._checking = checking

    async def approve(
        self, person: Person, post_id: str, digest: str, *, channel: str, anyway: str = ""
    ) -> Recheck | Decided:
        """Approve exactly this content, unless something around it changed: then return that as a question.

        `anyway` is the name of the question that was answered. With the last approval that is needed, one delivery
        for each target is on its way, in the same transaction. A second press changes nothing. Raises Refusal
        `not_approver`, `own_post`, `post_changed`, `post_settled`, `post_expired`, `decided_already`.
        """
        async with self._work.reading() as unit:
            case = await self._case(unit, person, post_id, digest, DecisionKind.APPROVED)
        if _is_said(case, self._clock.now()):
            return await self._said_before(case)
        checked = await self._checking.check(case.post, case.client)
        found = changes(case.post, checked.flaws, checked.remarks, checked.senders)
        recheck = Recheck(post=case.post, client=case.client, changes=found)
        if found and (recheck.blocks or recheck.name != anyway):
            return recheck

        async def change(unit: UnitOfWork) -> Decided:
            case = await self._case(unit, person, post_id, digest, DecisionKind.APPROVED)
            now = self._clock.now()
            if _is_said(case, now):
                return _repeated(case, await unit.deliveries.of_post(person.workspace, post_id), now)
            decision = await self._write(unit, case, person, DecisionKind.APPROVED, channel)
            return await self._count(unit, case, decision, checked.senders)

        return await in_turn(self._work, change)

    async def request_changes(
        self, person: Person, post_id: str, digest: str, reason: str, *, channel: str
    ) -> Decided:
        """Ask for other content. Raises Refusal `reason_missing` and those of `approve`."""
        kind = DecisionKind.CHANGES_REQUESTED
        return await self._turn_down(person, post_id, digest, kind, reason, channel)

    async def reject(
        self, person: Person, post_id: str, digest: str, reason: str, *, channel: str
    ) -> Decided:
        """End a request for good. Raises Refusal `reason_missing` and those of `approve`."""
        return await self._turn_down(person, post_id, digest, DecisionKind.REJECTED, reason, channel)

    async def waiting_for(self, person: Person) -> Sequence[PostView]:
        """Return the requests that this person may decide about and has not, oldest first."""
        now = self._clock.now()
        async with self._work.reading() as unit:
            asked = await unit.posts.every(person.workspace, steps={PostStep.REQUESTED}, limit=WAITING_READ)
            found = await views(unit, [each for each in asked if not _is_over(each, now)], now)
        return [
            each
            for each in reversed(found)
            if isinstance(seat(each.client, each.post, person, now), Seat)
            and not any(told.by == person.user and told.digest == each.post.digest for told in each.decisions)
        ]

    async def attend_due(self, at: datetime) -> int:
        """Remind of a bounded batch of requests, and end those whose time is over; return how many.

        One that can't be attended stops no other, and comes up again after a while; the first such error is raised at
        the end.
        """
        async with self._work.reading() as unit:
            due = await unit.posts.due(at, limit=BATCH)
        failures: list[Exception] = []
        for each in due:
            try:
                await in_turn(self._work, partial(self._attend, each))
            except Exception as failed:
                log.exception("a request could not be attended", extra={"post": each.id})
                failures.append(failed)
                with suppress(Stale):  # decided, edited or attended meanwhile
                    await self._put_off(replace(each, due_at=self._clock.now() + RETRY_AFTER))
        if failures:
            raise failures[0]
        return len(due)

    async def _put_off(self, post: Post) -> None:
        await once(self._work, lambda unit: unit.posts.save(post))

    async def _attend(self, due: Post, unit: UnitOfWork) -> None:
        now = self._clock.now()
        post = await unit.posts.get(due.workspace, due.id)
        if post is None or post.due_at is None or post.due_at > now:
            return  # another process was as quick, or somebody decided
        client = await known_client(unit, post.workspace, post.client_id)
        if _is_over(post, now):
            saved = await unit.posts.save(post.to(PostStep.EXPIRED, now))
            await tell_post(unit, saved, "expired", "", now)
            return
        reminded = replace(post, reminded_at=now)
        saved = await unit.posts.save(replace(reminded, due_at=next_due(client.policy, reminded)))
        await tell_post(unit, saved, "reminded", "", now)

    async def _turn_down(  # noqa: PLR0917 - a decision and where it was made
        self, person: Person, post_id: str, digest: str, kind: DecisionKind, reason: str, channel: str
    ) -> Decided:
        said = reason.strip()[:REASON_MAX]

        async def change(unit: UnitOfWork) -> Decided:
            case = await self._case(unit, person, post_id, digest, kind)
            if case.said is not None:
                return _repeated(case, (), self._clock.now())
            if not said:
                raise Refusal("reason_missing")
            decision = await self._write(unit, case, person, kind, channel, said)
            return await self._count(unit, case, decision, {})

        return await in_turn(self._work, change)

    async def _case(
        self, unit: UnitOfWork, person: Person, post_id: str, digest: str, kind: DecisionKind
    ) -> _Case:
        """Return a request that this person may decide about now, or has decided about in this very way."""
        now = self._clock.now()
        post = await known_post(unit, person.workspace, post_id)
        if post.step is PostStep.DRAFT:
            raise Refusal("post_unknown")
        client = await known_client(unit, person.workspace, post.client_id)
        right = seat(client, post, person, now)
        if not isinstance(right, Seat):
            raise Refusal(right, client=client.name, managers=" ".join(client.managers))
        if not post.is_about(digest):
            raise Refusal("post_changed", by=post.edited_by or post.by)
        decisions = await unit.posts.decisions(post.workspace, post.id)
        told = (each for each in decisions if each.digest == post.digest and each.by == person.user)
        said = next(told, None)
        case = _Case(post=post, client=client, decisions=decisions, seat=right, said=said)
        if said is not None and said.kind is kind and post.step in {PostStep.REQUESTED, *_STEPS.values()}:
            return case
        if post.step is not PostStep.REQUESTED:
            raise refuse_settled(post, decisions)
        if said is not None:
            raise Refusal("decided_already", kind=said.kind)
        if _is_over(post, now):
            raise Refusal("post_expired")
        return case

    async def _said_before(self, case: _Case) -> Decided:
        async with self._work.reading() as unit:
            deliveries = await unit.deliveries.of_post(case.post.workspace, case.post.id)
        return _repeated(case, deliveries, self._clock.now())

    async def _write(  # noqa: PLR0917 - a decision and where it was made
        self,
        unit: UnitOfWork,
        case: _Case,
        person: Person,
        kind: DecisionKind,
        channel: str,
        reason: str = "",
    ) -> Decision:
        if case.said is not None:
            return case.said
        decision = Decision(
            id=new_id("de"),
            workspace=case.post.workspace,
            post_id=case.post.id,
            digest=case.post.digest,
            by=person.user,
            home=person.home,
            kind=kind,
            at=self._clock.now(),
            channel=channel,
            reason=reason,
            instead_of=case.seat.manager,
        )
        if not await unit.posts.decide(decision):
            raise Stale  # their other press was quicker: decide on what it left
        return decision

    async def _count(
        self, unit: UnitOfWork, case: _Case, decision: Decision, senders: Mapping[Platform, Sender]
    ) -> Decided:
        """Write what a decision amounts to. The post is written even where it settles nothing: no edit may race it."""
        now, post = self._clock.now(), case.post
        counted = case.tally(now) if case.said else case.tally(now, decision)
        if (step := _STEPS.get(counted.outcome)) is not None:
            post = post.to(step, now)
        saved = await unit.posts.save(post)
        await tell_post(unit, saved, "voted" if step is None else str(step), decision.by, now)
        deliveries = await send_out(unit, saved, senders, now) if step is PostStep.APPROVED else ()
        return Decided(
            post=saved, client=case.client, decision=decision, tally=counted, deliveries=deliveries
        )


def _is_over(post: Post, at: datetime) -> bool:
    return post.expires_at is not None and post.expires_at <= at


def _is_said(case: _Case, at: datetime) -> bool:
    """True where a press changes nothing: it was made before, and a change of the policy leaves nothing to complete."""
    if case.said is None:
        return False
    return case.post.step is not PostStep.REQUESTED or case.tally(at).outcome is not Outcome.APPROVED


def _repeated(case: _Case, deliveries: Sequence[Delivery], at: datetime) -> Decided:
    assert case.said is not None
    mine = [each for each in deliveries if each.digest == case.post.digest]
    return Decided(
        post=case.post,
        client=case.client,
        decision=case.said,
        tally=case.tally(at),
        deliveries=mine,
        is_new=False,
    )
