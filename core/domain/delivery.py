"""A delivery: one post on its way to one connection. Its steps are recovery points."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.domain import patience
from core.domain.account import Platform
from core.domain.delivery_step import (
    BEFORE_ASKED,
    ENDS,
    LAWFUL,
    Audience,
    Blame,
    DeliveryStep,
    Obstacle,
    Ticket,
)
from core.domain.post import Form
from core.domain.refusals import Unlawful

__all__ = [
    "BEFORE_ASKED",
    "ENDS",
    "LAWFUL",
    "Audience",
    "Blame",
    "Delivery",
    "DeliveryStep",
    "Obstacle",
    "Ticket",
]
FORGOTTEN = "forgotten"
"""Stands for an account's id once its owner had it forgotten: what was approved for it goes to no account any more."""
_ABSENT = Obstacle(blame=Blame.PLATFORM, code="absent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One post to one connection. `digest` is the approved content; (digest, connection) is unique.

    `account_id` is the account that it was approved for. `leave_at` is when it is to go out, `due_at` when a worker
    should act next (None: nobody need). `fence` grows with each claim and with each act of a person, and every write
    names it. `failures` counts tries in vain since the last progress, `looks` those that brought nothing new,
    `rounds` how often it began anew. `waits` is True where `obstacle` must be removed by a person first.
    `settled_by` is the person who said what became of an UNCERTAIN one, who cancelled, or who wanted it after all.
    """

    id: str
    workspace: str
    client_id: str
    post_id: str
    digest: str
    connection_id: str
    form: Form
    created_at: datetime
    leave_at: datetime
    due_at: datetime | None
    account_id: str = ""
    step: DeliveryStep = DeliveryStep.QUEUED
    stepped_at: datetime | None = None
    asked_at: datetime | None = None
    ticket: Ticket = field(default_factory=Ticket)
    obstacle: Obstacle | None = None
    waits: bool = False
    failures: int = 0
    looks: int = 0
    rounds: int = 0
    audience: Audience = Audience.NOBODY
    post_ids: tuple[str, ...] = ()
    permalink: str = ""
    settled_by: str = ""
    fence: int = 0
    version: int = 0

    @property
    def platform(self) -> Platform:
        """Where it goes."""
        return self.form.platform

    @property
    def may_be_cancelled(self) -> bool:
        """True until it was asked for."""
        return self.step in BEFORE_ASKED

    @property
    def is_over(self) -> bool:
        """True where nothing follows."""
        return self.step in ENDS

    @property
    def is_scheduled(self) -> bool:
        """True where people chose the time; any other leaves as soon as it can."""
        return self.leave_at > self.created_at

    @property
    def progress(self) -> float:
        """How much of the upload is there, from 0 to 1."""
        return self.ticket.sent / self.ticket.total if self.ticket.total else 0.0

    def is_missed(self, at: datetime) -> bool:
        """True where it would leave later than people chose, for another reason than that it takes its time.

        An upload that is going on, and a turn that is waited for, are told while they last. What nobody worked on
        though it was due, what failed, and what waited for a person are asked about.
        """
        if not (self.is_scheduled and self.step in BEFORE_ASKED and at - self.leave_at > patience.GRACE):
            return False
        blame = self.obstacle.blame if self.obstacle else None
        if blame is Blame.LIMIT:
            return False
        was_left = self.due_at is not None and at - self.due_at > patience.GRACE
        return self.step is DeliveryStep.QUEUED or was_left or self.failures > 0 or blame is not None

    def prepared(self, ticket: Ticket, at: datetime) -> "Delivery":
        """Return it once the platform has opened an upload or a container."""
        step = DeliveryStep.UPLOADED if ticket.is_ready else DeliveryStep.PREPARED
        return self._to(step, at, ticket=ticket, due_at=at)

    def carried(self, ticket: Ticket, at: datetime) -> "Delivery":
        """Return it once more of it is at the platform."""
        if ticket.is_ready:
            return self._to(DeliveryStep.UPLOADED, at, ticket=ticket, due_at=at)
        self._must_be(DeliveryStep.PREPARED)
        return replace(self, ticket=ticket, due_at=at, failures=0, looks=0, obstacle=None, waits=False)

    def unready(self, at: datetime) -> "Delivery":
        """Return it while the platform still works on what it has; a platform that never ends is begun with anew."""
        self._must_be(DeliveryStep.PREPARED)
        since = self.stepped_at or at
        if at - since > patience.LOOK_FOR:
            return self.anew(Obstacle(blame=Blame.PLATFORM, code="processing_too_long"), at)
        return replace(self, looks=self.looks + 1, due_at=at + self._pause(at - since))

    def asking(self, at: datetime) -> "Delivery":
        """Return it as it has to be on record before the one act that can't be taken back."""
        return self._to(DeliveryStep.ASKED, at, asked_at=at, due_at=at, failures=self.failures)

    def paused(self, until: datetime, code: str, *, log_id: str = "") -> "Delivery":
        """Return it waiting for room under a limit of its account."""
        self._must_be(*BEFORE_ASKED)
        return replace(self, due_at=until, obstacle=Obstacle(blame=Blame.LIMIT, code=code, log_id=log_id))

    def later(self, until: datetime) -> "Delivery":
        """Return it with its next act put off."""
        self._must_be(*BEFORE_ASKED, DeliveryStep.ASKED, DeliveryStep.PUBLISHED)
        return replace(self, due_at=until)

    def anew(self, obstacle: Obstacle, at: datetime, *, until: datetime | None = None) -> "Delivery":
        """Return it back at the beginning, because what was prepared is no good any more; refused after many rounds."""
        if self.rounds >= patience.MOST_ROUNDS:
            return self.refused(obstacle, at)
        due = until or at + self._spread(patience.pause_of_retry(self.rounds))
        kept = obstacle if obstacle.blame is Blame.LIMIT else None
        begun = self._to(DeliveryStep.QUEUED, at, ticket=Ticket(), due_at=due, obstacle=kept, asked_at=None)
        return replace(begun, rounds=self.rounds + 1)

    def missed(self, at: datetime) -> "Delivery":
        """Return it once its time is over and nobody was asked for it."""
        return self._to(DeliveryStep.MISSED, at, obstacle=self.obstacle, settled_by="")

    def cancelled(self, by: str, at: datetime) -> "Delivery":
        """Return it as it is once a person doesn't want it any more."""
        return self._to(DeliveryStep.CANCELLED, at, settled_by=by)

    def unasked(self, at: datetime) -> "Delivery":
        """Return it where the act certainly has not happened: asked for again with the same ticket."""
        self._must_be(DeliveryStep.ASKED)
        return self._to(DeliveryStep.UPLOADED, at, asked_at=None, due_at=at, failures=self.failures)

    def doubted(self, doubt: Obstacle, at: datetime) -> "Delivery":
        """Return it where the answer was lost, or said nothing certain: it is looked for."""
        return self._awaited(doubt, at)

    def processing(self, at: datetime) -> "Delivery":
        """Return it while the platform works on what was asked; what never ends is for a person."""
        return self._awaited(None, at)

    def _awaited(self, doubt: Obstacle | None, at: datetime) -> "Delivery":
        self._must_be(DeliveryStep.ASKED)
        since = self.asked_at or at
        if at - since > patience.LOOK_FOR:
            return self.uncertain(Obstacle(blame=Blame.PLATFORM, code="processing_too_long"), at)
        due = at + self._pause(at - since)
        return replace(self, looks=self.looks + 1, failures=0, waits=False, obstacle=doubt, due_at=due)

    def absent(self, at: datetime) -> "Delivery":
        """Return it after a look that shows that the act has not happened yet: asked again once that has lasted."""
        later = self._awaited(self.obstacle or _ABSENT, at)
        since = self.asked_at or at
        is_early = at - since < patience.NEVER_CAME or later.looks < patience.LOOKS_IN_VAIN
        if is_early or later.step is not DeliveryStep.ASKED:
            return later
        if self.obstacle is not None and self.obstacle.blame is Blame.AUTHORIZATION:
            return self.unasked(at).blocked(self.obstacle, at)
        if self.rounds >= patience.MOST_ROUNDS:
            return self.refused(_ABSENT, at)
        return replace(self.unasked(at), rounds=self.rounds + 1)

    def published(self, audience: Audience, ids: tuple[str, ...], permalink: str, at: datetime) -> "Delivery":
        """Return it once it is out. Where the platform has more to tell, somebody looks again."""
        out = self._to(DeliveryStep.PUBLISHED, at, audience=audience, post_ids=ids, permalink=permalink)
        # Whoever wanted it late or again has not said that it is there.
        return replace(out, due_at=out.news_at(at), settled_by="")

    def followed(self, audience: Audience, ids: tuple[str, ...], permalink: str, at: datetime) -> "Delivery":
        """Return it with what the platform tells of it by now: what was told once is not unlearned."""
        self._must_be(DeliveryStep.PUBLISHED)
        told = replace(
            self,
            audience=self.audience if audience is Audience.NOBODY else audience,
            post_ids=ids or self.post_ids,
            permalink=permalink or self.permalink,
        )
        return replace(told, looks=self.looks + 1, failures=0, due_at=told.news_at(at))

    @property
    def is_all_told(self) -> bool:
        """True where nothing more is expected of the platform about a post that is out."""
        if self.audience in {Audience.INBOX, Audience.PRIVATE}:
            return True
        return self.audience is Audience.PUBLIC and bool(self.permalink)

    def news_at(self, at: datetime) -> datetime | None:
        """Return when to ask what the platform has to tell of it by now; None once nobody waits for that."""
        since = at - (self.stepped_at or at)
        is_over = self.is_all_told or since > patience.LOOK_FOR
        return None if is_over else at + self._spread(patience.pause_of_news(since))

    def uncertain(self, obstacle: Obstacle, at: datetime) -> "Delivery":
        """Return it where looking can't tell: a person says what became of it."""
        return self._to(DeliveryStep.UNCERTAIN, at, obstacle=obstacle)

    def settled(self, by: str, at: datetime, *, published: bool) -> "Delivery":
        """Return it after a person has seen whether it is there."""
        self._must_be(DeliveryStep.UNCERTAIN)
        if published:
            return self._to(DeliveryStep.PUBLISHED, at, audience=Audience.PUBLIC, settled_by=by)
        gone = Obstacle(blame=Blame.PLATFORM, code="not_published")
        return self._to(DeliveryStep.REFUSED, at, obstacle=gone, settled_by=by)

    def refused(self, obstacle: Obstacle, at: datetime) -> "Delivery":
        """Return it after a definitive no, from the platform or from our own check."""
        return self._to(DeliveryStep.REFUSED, at, obstacle=obstacle, settled_by="")

    def wanted(self, by: str, at: datetime) -> "Delivery":
        """Return it after a person wants it all the same: it begins anew, now."""
        self._must_be(DeliveryStep.REFUSED, DeliveryStep.MISSED)
        fresh = self._to(DeliveryStep.QUEUED, at, ticket=Ticket(), asked_at=None, settled_by=by)
        return replace(fresh, leave_at=at, due_at=at, rounds=0)

    def blocked(self, obstacle: Obstacle, at: datetime) -> "Delivery":
        """Return it waiting for a person: until a relink, or until its time is over."""
        self._must_be(*BEFORE_ASKED, DeliveryStep.ASKED, DeliveryStep.PUBLISHED)
        if self.step is DeliveryStep.PUBLISHED:
            return replace(self, due_at=None)
        waiting = replace(self, waits=True, obstacle=obstacle)
        if self.step is not DeliveryStep.ASKED:
            end = self.leave_at + patience.GRACE + patience.A_MOMENT
            return replace(waiting, due_at=max(end, at + patience.A_MOMENT) if self.is_scheduled else None)
        end = (self.asked_at or at) + patience.LOOK_FOR
        return self.uncertain(obstacle, at) if at > end else replace(waiting, due_at=end + patience.A_MOMENT)

    def failed(
        self, code: str, at: datetime, *, log_id: str = "", until: datetime | None = None
    ) -> "Delivery":
        """Return it after a try that got no answer, tried again later each time; `until` is when we may come back."""
        self._must_be(*BEFORE_ASKED, DeliveryStep.ASKED, DeliveryStep.PUBLISHED)
        due = max(at + self._spread(patience.pause_of_retry(self.failures)), until or at)
        later = replace(self, failures=self.failures + 1, due_at=due, waits=False)
        obstacle = Obstacle(blame=Blame.PLATFORM, code=code, log_id=log_id)
        match self.step:
            case DeliveryStep.PUBLISHED:
                news = self.news_at(at)
                return replace(later, due_at=news and max(news, due))
            case DeliveryStep.ASKED:
                is_hopeless = at - (self.asked_at or at) > patience.LOOK_FOR
                return self.uncertain(obstacle, at) if is_hopeless else later
            case _ if later.failures > patience.MOST_FAILURES:
                return self.refused(obstacle, at)
            case _:
                return replace(later, obstacle=obstacle) if later.failures >= patience.TOLD_AFTER else later

    def _to(self, step: DeliveryStep, at: datetime, **changes: Any) -> "Delivery":
        """The only way a step changes. What was true of the former one is over."""
        if step not in LAWFUL[self.step]:
            raise Unlawful(f"{self.step} -> {step}")
        fresh: dict[str, Any] = {"stepped_at": at, "due_at": None, "obstacle": None, "waits": False}
        fresh |= {"failures": 0, "looks": 0, "ticket": self.ticket.at(step)}
        return replace(self, step=step, **(fresh | changes))

    def _must_be(self, *steps: DeliveryStep) -> None:
        if self.step not in steps:
            raise Unlawful(f"not from {self.step}")

    def _pause(self, since: timedelta) -> timedelta:
        return self._spread(patience.pause_of_look(since))

    def _spread(self, pause: timedelta) -> timedelta:
        return patience.spread(pause, f"{self.id}/{self.failures}/{self.looks}/{self.rounds}")
