"""`link_state`: the pair's one verdict over all pairs of halves."""

from datetime import timedelta
from itertools import product

import pytest

from core.domain.account import Platform
from core.domain.link import LinkReason, LinkVerdict, link_state
from core.domain.observation import Capability
from core.domain.verdict import Reason, State, Verdict
from tests.builders import NOW

S, L = State, LinkReason
BROKEN, ENDED = {S.EXPIRED, S.PARTIALLY_REVOKED}, {S.REVOKED, S.CLOSED}
HALVES: list[State | None] = [None, *State]


def half(state: State | None, act_by=None) -> Verdict | None:
    blocks = dict.fromkeys(Capability)
    return state and Verdict(state=state, reason=Reason.WORKING, capabilities=blocks, act_by=act_by)


def pair(tiktok: State | None, instagram: State | None) -> LinkVerdict:
    return link_state(half(tiktok), half(instagram))


ALL = {(one, other): pair(one, other) for one, other in product(HALVES, HALVES)}


def test_a_pair_is_authorized_only_where_both_halves_are():
    works = {halves for halves, verdict in ALL.items() if verdict.state is S.AUTHORIZED}
    assert works == {(S.AUTHORIZED, S.AUTHORIZED)}


def test_a_broken_half_breaks_the_pair():
    assert all(verdict.state in BROKEN for halves, verdict in ALL.items() if BROKEN & set(halves))


def test_it_does_not_matter_which_platform_is_which():
    for (one, other), verdict in ALL.items():
        turned = ALL[other, one]
        assert (verdict.state, verdict.reason) == (turned.state, turned.reason)


def test_a_platform_is_named_only_where_it_decides_alone():
    for halves, verdict in ALL.items():
        if halves[0] == halves[1]:
            assert verdict.platform is None


def test_nobody_asked_counts_as_pending():
    assert all(ALL[None, other] == ALL[S.PENDING, other] for other in HALVES)


def test_every_reason_is_reached():
    assert {verdict.reason for verdict in ALL.values()} == set(LinkReason)


TABLE = [
    (S.AUTHORIZED, S.AUTHORIZED, S.AUTHORIZED, L.BOTH_WORK, None),
    (S.AUTHORIZED, S.REFRESH_REQUIRED, S.REFRESH_REQUIRED, L.ONE_RUNS_OUT, Platform.INSTAGRAM),
    (S.REFRESH_REQUIRED, S.REFRESH_REQUIRED, S.REFRESH_REQUIRED, L.ONE_RUNS_OUT, None),
    (S.AUTHORIZED, None, S.PENDING, L.ONE_MISSING, Platform.INSTAGRAM),
    (S.REFRESH_REQUIRED, S.PENDING, S.PENDING, L.ONE_MISSING, Platform.INSTAGRAM),
    (None, None, S.PENDING, L.BOTH_MISSING, None),
    (S.EXPIRED, S.AUTHORIZED, S.EXPIRED, L.ONE_BROKEN, Platform.TIKTOK),
    (S.PARTIALLY_REVOKED, S.AUTHORIZED, S.PARTIALLY_REVOKED, L.ONE_BROKEN, Platform.TIKTOK),
    (S.EXPIRED, None, S.EXPIRED, L.ONE_BROKEN, Platform.TIKTOK),
    (S.EXPIRED, S.EXPIRED, S.EXPIRED, L.BOTH_BROKEN, None),
    (S.EXPIRED, S.PARTIALLY_REVOKED, S.PARTIALLY_REVOKED, L.BOTH_BROKEN, None),
    (S.CLOSED, S.EXPIRED, S.EXPIRED, L.ONE_BROKEN, Platform.INSTAGRAM),
    (S.CLOSED, S.AUTHORIZED, S.PARTIALLY_REVOKED, L.ONE_UNLINKED, Platform.TIKTOK),
    (S.REFRESH_REQUIRED, S.REVOKED, S.PARTIALLY_REVOKED, L.ONE_UNLINKED, Platform.INSTAGRAM),
    (S.CLOSED, S.CLOSED, S.CLOSED, L.BOTH_UNLINKED, None),
    (S.CLOSED, S.REVOKED, S.REVOKED, L.BOTH_UNLINKED, None),
    (S.CLOSED, None, S.CLOSED, L.BOTH_UNLINKED, None),
]


@pytest.mark.parametrize(("tiktok", "instagram", "state", "reason", "platform"), TABLE)
def test_the_important_pairs(tiktok, instagram, state, reason, platform):
    verdict = pair(tiktok, instagram)
    assert (verdict.state, verdict.reason, verdict.platform) == (state, reason, platform)


def test_the_nearer_date_counts():
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=9)
    assert link_state(half(S.AUTHORIZED, later), half(S.REFRESH_REQUIRED, soon)).act_by == soon
    assert link_state(half(S.AUTHORIZED, later), half(S.AUTHORIZED)).act_by == later
    assert link_state(half(S.AUTHORIZED), None).act_by is None
