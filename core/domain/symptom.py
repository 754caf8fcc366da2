"""What is wrong with a client's connections now, as people should hear of it: derived from verdicts, never stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.link import LinkReason, link_state
from core.domain.observation import Capability, Wanted
from core.domain.verdict import BROKEN, UNPROVED_AFTER, Block, Reason, Verdict

UNLINK_TAKES = timedelta(minutes=1)
"""An unlink that a platform confirms by itself is over before: nobody needs to hear that it is under way."""
SPLIT_SETTLES = timedelta(hours=1)
"""People who unlink one half often mean to relink it, or to unlink the other one next."""
LOOKS_IN_VAIN = 6
"""Looks in a row without an answer that make a silence: where nobody looked, because we were down, it is ours."""
AGAIN = timedelta(hours=1)
"""How soon looks in vain are counted again."""
LAST_DAY = 1


class Condition(StrEnum):
    """What can be wrong. A connection has at most one incident of each; the last is about a client's pair."""

    BROKEN = "broken"
    ENDING = "ending"
    UNLINKING = "unlinking"
    SPLIT = "split"
    UNPROVED = "unproved"


_UNSURE = frozenset({Reason.PROOF_DUE, Reason.UNPROVED, Reason.RUNS_OUT})
"""Nothing is known against the link, so that it matters when it was last proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One condition that holds now.

    `subject` is the connection's id, or the client's where it is about the pair. `reason` is a word of `Reason`
    or, about the pair, of `LinkReason`. `act_by` is when a person must have acted, None for now; `threshold` how
    many days before it people are told by now.
    """

    condition: Condition
    subject: str
    reason: str
    since: datetime
    act_by: datetime | None = None
    threshold: int | None = None

    @property
    def key(self) -> tuple[str, Condition]:
        """What makes it the same incident the next time."""
        return self.subject, self.condition

    @property
    def is_urgent(self) -> bool:
        """True where those on call are rung if nobody else acts."""
        if self.condition is Condition.ENDING:
            return self.threshold is not None and self.threshold <= LAST_DAY
        return self.condition is Condition.BROKEN and self.reason != Reason.PROFILE_LINK_HIDDEN


def symptoms(client: Client, connections: Sequence[Connection], at: datetime) -> tuple[Symptom, ...]:
    """Return what is wrong with a client's connections at a moment, and only what people must hear of.

    A proof that is late is the scheduler's work. One that stays away for days is a symptom; whether it is the link's
    or its platform's is another question (`core.domain.silence`).
    """
    own = [
        found for each in connections for found in (*_of_connection(client, each, at), *_of_silence(each, at))
    ]
    return (*own, *_of_pair(client, connections, at))


def next_change(client: Client, connections: Sequence[Connection], at: datetime) -> datetime | None:
    """Return the next moment at which time alone may change the symptoms; None where nothing runs out.

    That a proof is late is not among them: the look that gets none notices.
    """
    moments = [moment for each in connections for moment in _moments(client, each, at)]
    return min((moment for moment in moments if moment > at), default=None)


def _moments(client: Client, connection: Connection, at: datetime) -> Iterator[datetime]:
    sides = connection.sides
    if sides.proved_at is not None and connection.verdict(at).reason in _UNSURE:
        yield max(sides.proved_at + UNPROVED_AFTER, at + AGAIN if connection.failures < LOOKS_IN_VAIN else at)
    if connection.is_held and sides.ends_at is not None:
        yield sides.ends_at
        yield from (sides.ends_at - timedelta(days=days) for days in client.alerts.days)
        if sides.notice_from is not None:
            yield sides.notice_from
    if sides.wanted is Wanted.UNLINKED:
        yield _asked_at(connection) + UNLINK_TAKES
        yield (connection.since or _asked_at(connection)) + SPLIT_SETTLES


def _of_connection(client: Client, connection: Connection, at: datetime) -> Iterator[Symptom]:
    verdict = connection.verdict(at)
    condition = _condition(verdict)
    threshold = None
    match condition:
        case None:
            return
        case Condition.UNLINKING if at < _asked_at(connection) + UNLINK_TAKES:
            return
        case Condition.ENDING:
            threshold = client.alerts.threshold(verdict.act_by or at, at)
            if threshold is None:
                return
    is_noticed = (connection.state, connection.reason) == (verdict.state, verdict.reason)
    yield Symptom(
        condition=condition,
        subject=connection.id,
        reason=verdict.reason,
        since=(connection.since if is_noticed else None) or at,
        act_by=verdict.act_by if condition is Condition.ENDING else None,
        threshold=threshold,
    )


def _of_silence(connection: Connection, at: datetime) -> Iterator[Symptom]:
    """Nothing is known against the link, and for days nothing for it: it did its job when it was last proved."""
    proved_at = connection.sides.proved_at
    if proved_at is None or connection.verdict(at).reason not in _UNSURE:
        return
    if at - proved_at >= UNPROVED_AFTER and connection.failures >= LOOKS_IN_VAIN:
        yield Symptom(
            condition=Condition.UNPROVED, subject=connection.id, reason=Reason.UNPROVED, since=proved_at
        )


def _condition(verdict: Verdict) -> Condition | None:
    if verdict.reason is Reason.RUNS_OUT:
        return Condition.ENDING
    if verdict.state in BROKEN:
        is_unwanted = verdict.capabilities[Capability.IDENTIFY] is Block.UNLINKING
        return Condition.UNLINKING if is_unwanted else Condition.BROKEN
    return Condition.BROKEN if verdict.reason is Reason.GONE_BOTH_SIDES else None


def _of_pair(client: Client, connections: Sequence[Connection], at: datetime) -> Iterator[Symptom]:
    """One half was let go on purpose, while the other still stands."""
    halves = {each.platform: each for each in connections}
    verdicts = [
        halves[each].verdict(at) if each in halves else None for each in (Platform.TIKTOK, Platform.INSTAGRAM)
    ]
    link = link_state(*verdicts)
    gone = halves.get(link.platform) if link.platform else None
    if link.reason is not LinkReason.ONE_UNLINKED or gone is None or gone.sides.wanted is not Wanted.UNLINKED:
        return
    since = gone.since or _asked_at(gone)
    if at >= since + SPLIT_SETTLES:
        yield Symptom(condition=Condition.SPLIT, subject=client.id, reason=link.reason, since=since)


def _asked_at(connection: Connection) -> datetime:
    return connection.sides.seen.get("wanted", connection.created_at)
