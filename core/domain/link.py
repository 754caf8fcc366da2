"""A client's pair of connections: the thing a person means by "linked"."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.account import Platform
from core.domain.verdict import BROKEN, ENDED, State, Verdict


class LinkReason(StrEnum):
    """What the pair's state comes from."""

    BOTH_WORK = "both_work"
    ONE_RUNS_OUT = "one_runs_out"
    ONE_MISSING = "one_missing"
    BOTH_MISSING = "both_missing"
    ONE_BROKEN = "one_broken"
    BOTH_BROKEN = "both_broken"
    ONE_UNLINKED = "one_unlinked"
    BOTH_UNLINKED = "both_unlinked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkVerdict:
    """The pair's state; `platform` names the side that decides it, None where both do."""

    state: State
    reason: LinkReason
    platform: Platform | None
    act_by: datetime | None


def link_state(tiktok: Verdict | None, instagram: Verdict | None) -> LinkVerdict:
    """Return the pair's one verdict. None stands for a platform nobody was ever asked to link.

    A pair is as good as its worse half; where one half is gone while the other still stands, the pair is
    partially revoked, because one platform still shows what the other has dropped.
    """
    halves = {Platform.TIKTOK: tiktok, Platform.INSTAGRAM: instagram}
    states = {each: (half.state if half else State.PENDING) for each, half in halves.items()}
    act_by = min((half.act_by for half in halves.values() if half and half.act_by), default=None)
    state, reason, deciders = _pair(states)
    return LinkVerdict(
        state=state, reason=reason, platform=deciders[0] if len(deciders) == 1 else None, act_by=act_by
    )


def _pair(states: dict[Platform, State]) -> tuple[State, LinkReason, list[Platform]]:
    broken = [each for each, state in states.items() if state in BROKEN]
    ended = [each for each, state in states.items() if state in ENDED]
    missing = [each for each, state in states.items() if state is State.PENDING]
    due = [each for each, state in states.items() if state is State.REFRESH_REQUIRED]
    if broken:
        same = len({states[each] for each in broken}) == 1
        reason = LinkReason.BOTH_BROKEN if len(broken) == len(states) else LinkReason.ONE_BROKEN
        return (states[broken[0]] if same else State.PARTIALLY_REVOKED), reason, broken
    if ended and len(ended) + len(missing) < len(states):
        return State.PARTIALLY_REVOKED, LinkReason.ONE_UNLINKED, ended
    if ended:
        closed = all(states[each] is State.CLOSED for each in ended)
        return (State.CLOSED if closed else State.REVOKED), LinkReason.BOTH_UNLINKED, []
    if missing:
        reason = LinkReason.BOTH_MISSING if len(missing) == len(states) else LinkReason.ONE_MISSING
        return State.PENDING, reason, missing
    if due:
        return State.REFRESH_REQUIRED, LinkReason.ONE_RUNS_OUT, due
    return State.AUTHORIZED, LinkReason.BOTH_WORK, []
