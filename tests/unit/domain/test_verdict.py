"""`judge`: every combination of sides has exactly one verdict, and a wise one."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from core.domain.diagnosis import next_step
from core.domain.observation import Capability, Credential, Grant, Standing, Visible, Wanted
from core.domain.sides import Sides
from core.domain.verdict import PROOF_LASTS, UNPROVED_AFTER, Block, Reason, State, Verdict, judge
from tests.builders import EVERYTHING, NOW

FRESH, STALE = NOW - timedelta(hours=1), NOW - PROOF_LASTS - timedelta(seconds=1)
LOST = NOW - UNPROVED_AFTER
SOON, LATER = NOW + timedelta(days=3), NOW + timedelta(days=200)
BROKEN = {State.EXPIRED, State.PARTIALLY_REVOKED}


def sides(**changes: Any) -> Sides:
    """Return sides on which everything is well."""
    given: dict[str, Any] = {
        "credential": Credential.HELD,
        "grant": Grant.PRESENT,
        "granted": EVERYTHING,
        "issued_at": NOW - timedelta(days=100),
        "access_expires_at": NOW + timedelta(days=1),
        "refresh_expires_at": LATER,
        "proved_at": FRESH,
    }
    return Sides(**given | changes)


def everything() -> Iterator[Sides]:
    """Return the whole product of sides, with each kind of proof, end and grant."""
    for credential, grant, visible, account, wanted in product(Credential, Grant, Visible, Standing, Wanted):
        for proved_at, end, granted in product(
            (None, LOST, STALE, FRESH), (None, SOON, LATER), (frozenset(), EVERYTHING)
        ):
            yield sides(
                credential=credential,
                grant=grant,
                visible=visible,
                account=account,
                wanted=wanted,
                proved_at=proved_at,
                access_expires_at=end,
                refresh_expires_at=end,
                granted=granted,
            )


def judged() -> list[tuple[Sides, Verdict]]:
    return [(each, judge(each, NOW)) for each in everything()]


ALL = judged()


def test_every_combination_has_a_verdict_on_every_capability():
    assert len(ALL) == 4 * 4 * 3 * 4 * 2 * 24
    assert all(set(verdict.capabilities) == set(Capability) for _, verdict in ALL)


def test_every_state_and_every_reason_is_reached():
    assert {verdict.state for _, verdict in ALL} == set(State)
    assert {verdict.reason for _, verdict in ALL} == set(Reason)


def test_a_reason_belongs_to_one_state():
    pairs = {(verdict.reason, verdict.state) for _, verdict in ALL}
    assert len(pairs) == len(Reason)


def test_nothing_is_authorized_without_a_fresh_proof():
    authorized = [each for each, verdict in ALL if verdict.state is State.AUTHORIZED]
    assert {each.proved_at for each in authorized} == {FRESH}


def test_nothing_is_authorized_while_any_side_speaks_against_it():
    for each, verdict in ALL:
        if verdict.state is State.AUTHORIZED:
            assert each.credential is Credential.HELD
            assert each.grant is Grant.PRESENT
            assert each.account is Standing.NORMAL
            assert each.visible is not Visible.HIDDEN
            assert each.wanted is Wanted.LINKED


def test_what_is_broken_must_be_acted_on_now():
    assert {verdict.act_by for _, verdict in ALL if verdict.state in BROKEN} == {NOW}


def test_what_is_over_or_never_began_has_no_date():
    over = {State.PENDING, State.REVOKED, State.CLOSED}
    assert {verdict.act_by for _, verdict in ALL if verdict.state in over} == {None}


def test_what_runs_out_has_a_date():
    running = [verdict for _, verdict in ALL if verdict.reason is Reason.RUNS_OUT]
    assert all(verdict.act_by is not None for verdict in running)


def working(verdict):
    return {each for each, block in verdict.capabilities.items() if block is None}


def test_what_people_dont_want_can_do_nothing():
    unwanted = [verdict for each, verdict in ALL if each.wanted is Wanted.UNLINKED]
    assert not any(working(verdict) for verdict in unwanted)


def test_nothing_works_with_credentials_that_are_gone():
    gone = [verdict for each, verdict in ALL if each.credential in {Credential.NONE, Credential.EXPIRED}]
    assert not any(working(verdict) for verdict in gone)


def test_nothing_works_on_a_withdrawn_grant_or_as_another_account():
    for each, verdict in ALL:
        if each.grant is Grant.WITHDRAWN or each.account is Standing.CHANGED:
            assert not working(verdict)


def test_nothing_works_that_was_not_granted():
    assert all(working(verdict) <= side.granted for side, verdict in ALL)


def test_everything_granted_works_while_authorized():
    for each, verdict in ALL:
        if verdict.state is State.AUTHORIZED:
            assert working(verdict) == each.granted


def test_closed_means_that_we_hold_nothing():
    closed = [each for each, verdict in ALL if verdict.state is State.CLOSED]
    assert {each.credential for each in closed} == {Credential.NONE}


def test_only_the_platforms_word_proves_the_end_of_what_we_hold():
    proved = [each for each, verdict in ALL if verdict.reason is Reason.UNLINK_PROVED]
    assert {each.grant for each in proved} == {Grant.WITHDRAWN}


def test_every_verdict_has_a_next_step():
    assert all(next_step(verdict) for _, verdict in ALL)


def test_the_moment_of_the_end_is_the_end():
    assert judge(sides(refresh_expires_at=NOW), NOW).state is State.EXPIRED
    assert judge(sides(refresh_expires_at=NOW + timedelta(seconds=1)), NOW).state is State.REFRESH_REQUIRED


U, L = Wanted.UNLINKED, Wanted.LINKED
NONE, HELD, EXPIRING, EXPIRED = Credential
UNKNOWN, PRESENT, NARROWED, WITHDRAWN = Grant

TABLE: list[tuple[dict[str, Any], State, Reason]] = [
    ({}, State.AUTHORIZED, Reason.WORKING),
    ({"visible": Visible.SHOWN}, State.AUTHORIZED, Reason.WORKING),
    ({"credential": NONE, "grant": UNKNOWN}, State.PENDING, Reason.NEVER_LINKED),
    ({"proved_at": STALE}, State.REFRESH_REQUIRED, Reason.PROOF_DUE),
    ({"proved_at": LOST + timedelta(seconds=1)}, State.REFRESH_REQUIRED, Reason.PROOF_DUE),
    ({"proved_at": LOST}, State.REFRESH_REQUIRED, Reason.UNPROVED),
    ({"proved_at": LOST, "refresh_expires_at": SOON}, State.REFRESH_REQUIRED, Reason.RUNS_OUT),
    ({"proved_at": LOST, "grant": WITHDRAWN}, State.PARTIALLY_REVOKED, Reason.REMOVED_AT_PLATFORM),
    ({"proved_at": None}, State.REFRESH_REQUIRED, Reason.PROOF_DUE),
    ({"grant": UNKNOWN}, State.REFRESH_REQUIRED, Reason.PROOF_DUE),
    ({"refresh_expires_at": SOON}, State.REFRESH_REQUIRED, Reason.RUNS_OUT),
    ({"credential": EXPIRING}, State.REFRESH_REQUIRED, Reason.RUNS_OUT),
    ({"credential": EXPIRING, "proved_at": STALE}, State.REFRESH_REQUIRED, Reason.RUNS_OUT),
    ({"credential": EXPIRED}, State.EXPIRED, Reason.RAN_OUT),
    ({"refresh_expires_at": FRESH}, State.EXPIRED, Reason.RAN_OUT),
    ({"credential": EXPIRED, "grant": NARROWED}, State.EXPIRED, Reason.RAN_OUT),
    ({"grant": WITHDRAWN}, State.PARTIALLY_REVOKED, Reason.REMOVED_AT_PLATFORM),
    ({"grant": WITHDRAWN, "credential": EXPIRED}, State.PARTIALLY_REVOKED, Reason.REMOVED_AT_PLATFORM),
    ({"grant": NARROWED}, State.PARTIALLY_REVOKED, Reason.PERMISSION_WITHDRAWN),
    ({"account": Standing.CHANGED}, State.PARTIALLY_REVOKED, Reason.OTHER_ACCOUNT_ANSWERS),
    ({"account": Standing.CHECKPOINT}, State.PARTIALLY_REVOKED, Reason.CHECKPOINT),
    ({"account": Standing.RESTRICTED}, State.PARTIALLY_REVOKED, Reason.RESTRICTED),
    ({"visible": Visible.HIDDEN}, State.PARTIALLY_REVOKED, Reason.PROFILE_LINK_HIDDEN),
    ({"visible": Visible.HIDDEN, "grant": WITHDRAWN}, State.PARTIALLY_REVOKED, Reason.REMOVED_AT_PLATFORM),
    ({"credential": NONE}, State.PARTIALLY_REVOKED, Reason.WE_LET_GO),
    ({"credential": NONE, "grant": NARROWED}, State.PARTIALLY_REVOKED, Reason.WE_LET_GO),
    ({"credential": NONE, "grant": WITHDRAWN}, State.REVOKED, Reason.GONE_BOTH_SIDES),
    ({"wanted": U}, State.PARTIALLY_REVOKED, Reason.UNLINK_UNPROVED),
    ({"wanted": U, "grant": UNKNOWN}, State.PARTIALLY_REVOKED, Reason.UNLINK_UNPROVED),
    ({"wanted": U, "credential": EXPIRED}, State.PARTIALLY_REVOKED, Reason.UNLINK_UNPROVED),
    ({"wanted": U, "grant": WITHDRAWN}, State.REVOKED, Reason.UNLINK_PROVED),
    ({"wanted": U, "credential": NONE}, State.PARTIALLY_REVOKED, Reason.WE_LET_GO),
    ({"wanted": U, "credential": NONE, "grant": UNKNOWN}, State.CLOSED, Reason.ENDED),
    ({"wanted": U, "credential": NONE, "grant": WITHDRAWN}, State.CLOSED, Reason.ENDED),
]


@pytest.mark.parametrize(("changes", "state", "reason"), TABLE)
def test_the_important_rows(changes: dict[str, Any], state: State, reason: Reason):
    verdict = judge(sides(**changes), NOW)
    assert (verdict.state, verdict.reason) == (state, reason)


BLOCKS: list[tuple[dict[str, Any], Block | None, Block | None]] = [
    ({}, None, None),
    ({"visible": Visible.HIDDEN}, None, None),
    ({"proved_at": None}, None, None),
    ({"credential": NONE, "grant": UNKNOWN}, Block.NOT_LINKED, Block.NOT_LINKED),
    ({"credential": EXPIRED}, Block.CREDENTIALS_GONE, Block.CREDENTIALS_GONE),
    ({"grant": WITHDRAWN}, Block.GRANT_GONE, Block.GRANT_GONE),
    ({"granted": frozenset({Capability.IDENTIFY})}, None, Block.NOT_GRANTED),
    ({"account": Standing.CHANGED}, Block.WRONG_ACCOUNT, Block.WRONG_ACCOUNT),
    ({"account": Standing.CHECKPOINT}, Block.ACCOUNT_HELD, Block.ACCOUNT_HELD),
    ({"account": Standing.RESTRICTED}, None, Block.ACCOUNT_HELD),
    ({"wanted": U}, Block.UNLINKING, Block.UNLINKING),
    ({"wanted": U, "credential": NONE}, Block.UNLINKING, Block.UNLINKING),
    ({"wanted": U, "credential": NONE, "grant": UNKNOWN}, Block.NOT_LINKED, Block.NOT_LINKED),
]


@pytest.mark.parametrize(("changes", "identify", "publish"), BLOCKS)
def test_what_blocks_a_capability(changes: dict[str, Any], identify: Block | None, publish: Block | None):
    capabilities = judge(sides(**changes), NOW).capabilities
    assert (capabilities[Capability.IDENTIFY], capabilities[Capability.PUBLISH]) == (identify, publish)


@pytest.mark.parametrize(
    ("changes", "act_by"),
    [
        ({}, LATER),
        ({"refresh_expires_at": None, "access_expires_at": LATER}, None),
        ({"proved_at": STALE}, LATER),
        ({"proved_at": STALE, "refresh_expires_at": None, "access_expires_at": LATER}, None),
        ({"refresh_expires_at": SOON}, SOON),
        ({"credential": EXPIRING, "refresh_expires_at": None, "access_expires_at": None}, NOW),
        ({"grant": WITHDRAWN}, NOW),
    ],
)
def test_by_when_a_person_must_act(changes: dict[str, Any], act_by: object):
    assert judge(sides(**changes), NOW).act_by == act_by
