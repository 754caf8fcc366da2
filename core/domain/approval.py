"""Whose yes a post needs, and what people's decisions about it amount to. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.client import ApprovalPolicy, Client, Person
from core.domain.post import Decision, DecisionKind, Post

LAST_CALL = timedelta(hours=2)
"""How long before its time people are reminded of a post that still waits."""


class Outcome(StrEnum):
    """What the decisions about one content amount to."""

    WAITING = "waiting"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"


_ENDS = {
    DecisionKind.CHANGES_REQUESTED: Outcome.CHANGES_REQUESTED,
    DecisionKind.REJECTED: Outcome.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What has been decided about a post's present content.

    `missing` is how many approvals it still needs, `waiting_for` the people who may give them. `decided` is the
    decision that ended it, where one did.
    """

    outcome: Outcome
    approvals: tuple[Decision, ...]
    missing: int
    waiting_for: tuple[str, ...]
    decided: Decision | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """The right to decide about a client's posts. `manager` is whose place a substitute takes, "" for one's own."""

    user: str
    manager: str = ""


def seat(client: Client, post: Post, person: Person, at: datetime) -> Seat | str:
    """Return by what right a person decides about a post at a moment, or a refusal: `own_post`, `not_approver`.

    Admins of the workspace decide nothing: they may change who decides, and that is on record.
    """
    found = _own_seat(client, person.user, person.home) or _borrowed_seat(client, person, at)
    if found is None:
        return "not_approver"
    if person.user in post.authors and not client.policy.self_approval:
        return "own_post"
    return found


def _own_seat(client: Client, user: str, home: str) -> Seat | None:
    is_named = user in client.policy.outsiders
    is_manager = home == client.workspace and user in client.managers
    return Seat(user) if is_named or is_manager else None


def _borrowed_seat(client: Client, person: Person, at: datetime) -> Seat | None:
    if person.home != client.workspace:
        return None
    away = client.policy.replaced_by(person.user, at)
    return next((Seat(person.user, manager) for manager in client.managers if manager in away), None)


def tally(client: Client, post: Post, decisions: Sequence[Decision], at: datetime) -> Tally:
    """Return what the decisions amount to. Those about another content, or without a right to decide, count nothing.

    The right is that of the moment of deciding where somebody was a substitute, and today's where the list of those
    who decide has changed since.
    """
    told = [each for each in decisions if each.digest == post.digest and _counts(client, post, each)]
    approvals = tuple(each for each in told if each.kind is DecisionKind.APPROVED)
    ended = next((each for each in told if each.kind in _ENDS), None)
    taken = _taken(client, approvals)
    missing = max(0, _needed(client, post, taken))
    outcome = _ENDS[ended.kind] if ended else Outcome.WAITING if missing else Outcome.APPROVED
    heard = {each.by for each in told}
    waiting_for = [each for each in _voices(client, post, taken, at) if each not in heard]
    return Tally(
        outcome=outcome,
        approvals=approvals,
        missing=missing,
        waiting_for=tuple(waiting_for) if outcome is Outcome.WAITING else (),
        decided=ended,
    )


def shortage(client: Client, post: Post, at: datetime) -> int:
    """Return how many of the approvals that a post needs nobody could give: 0 where it can be approved at all."""
    policy = client.policy
    if policy.needed == 0:
        return 0 if _required(client, post) else 1
    mute, away = _mute(client, post), _stand_ins(policy, at)
    seats = [each for each in client.managers if {each, away.get(each, each)} - mute]
    seats += [each for each in policy.outsiders if each not in mute]
    return max(0, policy.needed - len(set(seats)))


def expires_at(policy: ApprovalPolicy, post: Post, at: datetime) -> datetime:
    """Return when a request made at `at` ends by itself: not before the post's own time."""
    ends = at + timedelta(hours=policy.expire_hours)
    return max(ends, post.content.publish_at) if post.content.publish_at else ends


def next_due(policy: ApprovalPolicy, post: Post) -> datetime | None:
    """Return when the clock has something to do about a request: remind people, or end it."""
    asked, ends = post.requested_at, post.expires_at
    if asked is None or ends is None:
        return None
    last = max(asked, post.reminded_at or asked)
    reminders = [last + timedelta(hours=policy.remind_hours)] if policy.remind_hours else []
    if policy.remind_hours and post.content.publish_at is not None:
        reminders.append(post.content.publish_at - LAST_CALL)
    return min((each for each in reminders if last < each < ends), default=ends)


def _counts(client: Client, post: Post, decision: Decision) -> bool:
    if decision.by in post.authors and not client.policy.self_approval:
        return False
    is_insider = decision.home == client.workspace
    if is_insider and decision.instead_of in client.managers:
        return True
    return _own_seat(client, decision.by, decision.home) is not None


def _taken(client: Client, approvals: Iterable[Decision]) -> frozenset[str]:
    """Return the seats that approvals fill. Where all managers are needed, a substitute speaks for all they replace."""
    taken = {each.instead_of or each.by for each in approvals}
    if client.policy.needed == 0:
        for each in approvals:
            taken |= client.policy.replaced_by(each.by, each.at) | {each.by}
    return frozenset(taken)


def _needed(client: Client, post: Post, taken: frozenset[str]) -> int:
    if client.policy.needed:
        return client.policy.needed - len(taken)
    required = _required(client, post)
    return len(required - taken) if required else 1


def _required(client: Client, post: Post) -> frozenset[str]:
    return frozenset(client.managers) - _mute(client, post)


def _mute(client: Client, post: Post) -> frozenset[str]:
    """Return who may not decide because these are their own words."""
    return frozenset() if client.policy.self_approval else post.authors


def _stand_ins(policy: ApprovalPolicy, at: datetime) -> Mapping[str, str]:
    return {each.manager: each.user for each in policy.away(at)}


def _voices(client: Client, post: Post, taken: frozenset[str], at: datetime) -> tuple[str, ...]:
    """Return one person for each free seat: its own, or the substitute while they are away."""
    policy, mute, away = client.policy, _mute(client, post), _stand_ins(client.policy, at)
    named = client.managers + (policy.outsiders if policy.needed else ())
    free = [each for each in named if each not in taken]
    if policy.needed == 0:
        free = [each for each in free if each not in mute]
    voices = [each if away.get(each, each) in mute else away.get(each, each) for each in free]
    return tuple(dict.fromkeys(each for each in voices if each not in mute))
