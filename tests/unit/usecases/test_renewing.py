"""Renewing: in time, once, stored before use; and what a refusal or a lost answer says about a link."""

from asyncio import CancelledError
from datetime import timedelta

import pytest

from core.domain.errors import AccountHeld, AccountUnfit, Final, PlatformDown, Throttled, Unconfirmed
from core.domain.observation import Capability, Observation, Standing
from core.domain.verdict import Reason, State
from core.usecases.notices import AFTERWARDS
from tests.builders import EVERYTHING, NOW, credentials
from tests.memory import MemoryUnit
from tests.unit.usecases.agency import Agency
from tests.unit.usecases.looks import DEAD, REMOVED, due, moves, removed

HALF_A_DAY = timedelta(hours=12)


async def test_renewed_at_half_its_life_and_stored_before_use():
    agency = Agency()
    connection = await agency.linked()
    former = agency.held(connection)
    renewed = await due(agency, connection, hours=12)
    assert agency.tiktok.calls == ["refresh", "prove"]
    assert not agency.held(connection).same_tokens(former)
    assert renewed.refresh_at == NOW + HALF_A_DAY * 2


@pytest.mark.parametrize("granted", [EVERYTHING, frozenset({Capability.IDENTIFY})])
async def test_no_commit_speaks_of_new_tokens_without_having_them(granted, monkeypatch):
    agency, seen, commit = Agency(), [], MemoryUnit.commit
    connection = await agency.linked()
    agency.tiktok.granted = granted

    async def watched(unit):
        await commit(unit)
        seen.append((agency.now(connection).sides.issued_at, agency.held(connection).issued_at))

    monkeypatch.setattr(MemoryUnit, "commit", watched)
    await due(agency, connection, hours=12)
    assert set(seen) == {(NOW, NOW), (NOW + HALF_A_DAY, NOW + HALF_A_DAY)}


async def test_a_renewal_between_two_looks_does_not_look():
    agency = Agency()
    hours = credentials(access_expires_at=NOW + timedelta(hours=2), refresh_expires_at=None)
    connection = await agency.linked(credentials=hours)
    await due(agency, connection, hours=1)
    assert agency.tiktok.calls == ["refresh"]


async def test_an_access_token_with_a_renewal_behind_it_may_run_out_between_two_looks():
    agency = Agency()
    hours = credentials(access_expires_at=NOW + timedelta(hours=2))
    connection = await agency.linked(credentials=hours)
    assert (await due(agency, connection, hours=5)).state is State.AUTHORIZED
    assert agency.tiktok.calls == []
    await due(agency, connection, hours=1)
    assert agency.tiktok.calls == ["refresh", "prove"]


async def test_a_renewal_that_names_fewer_permissions_narrows_the_grant():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.granted = frozenset({Capability.IDENTIFY})
    assert (await due(agency, connection, hours=12)).reason is Reason.PERMISSION_WITHDRAWN


async def test_two_processes_renew_once():
    agency = Agency()
    connection = await agency.linked()
    other = agency.another()
    at = agency.clock.turn(HALF_A_DAY)
    agency.tiktok.meanwhile["refresh"] = lambda: other.watching.look_at_due(at)
    await agency.watching.look_at_due(at)
    assert agency.tiktok.calls.count("refresh") == 1
    assert agency.now(connection).state is State.AUTHORIZED


async def test_renewed_tokens_are_not_lost_to_somebody_who_writes_meanwhile():
    agency = Agency()
    connection = await agency.linked()
    former = agency.held(connection)
    agency.tiktok.meanwhile["refresh"] = lambda: removed(agency, connection)
    await due(agency, connection, hours=12)
    assert not agency.held(connection).same_tokens(former)


async def test_a_link_made_while_renewing_keeps_its_own_credentials():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)
    fresh = []

    async def relink():
        await agency.link(client)
        fresh.append(agency.held(connection))

    agency.tiktok.meanwhile["refresh"] = relink
    await due(agency, connection, hours=12)
    assert agency.held(connection).same_tokens(fresh[0])


async def test_a_refused_renewal_whose_access_still_works_is_told_before_it_ends():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", DEAD)
    left = await due(agency, connection, hours=12)
    assert (left.state, left.reason) == (State.REFRESH_REQUIRED, Reason.RUNS_OUT)
    assert left.verdict(agency.clock.now()).act_by == NOW + timedelta(days=1)
    assert left.verdict(agency.clock.now()).capabilities[Capability.PUBLISH] is None


async def test_a_refused_renewal_is_not_asked_again_and_ends_when_its_access_does():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", DEAD)
    await due(agency, connection, hours=12)
    await due(agency, connection, hours=6)
    agency.tiktok.always("prove", DEAD)
    assert (await due(agency, connection, hours=6)).reason is Reason.RAN_OUT
    assert agency.tiktok.calls.count("refresh") == 1


async def test_a_refused_renewal_whose_access_is_refused_too_says_which_side_let_go():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", DEAD)
    agency.tiktok.will("prove", REMOVED)
    assert (await due(agency, connection, hours=12)).reason is Reason.REMOVED_AT_PLATFORM


async def test_a_refused_renewal_after_the_access_ran_out_says_that_the_platform_let_go():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", DEAD)
    assert (await due(agency, connection, days=2)).reason is Reason.REMOVED_AT_PLATFORM
    assert agency.tiktok.calls == ["refresh"]


async def test_a_renewal_refused_at_its_end_has_only_run_out():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", DEAD)
    assert (await due(agency, connection, days=365)).reason is Reason.RAN_OUT


async def test_an_account_of_the_wrong_kind_counts_once_it_is_said_twice():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.always("prove", AccountUnfit("IGApiException"))
    assert (await due(agency, connection, hours=6)).state is State.AUTHORIZED
    assert (await due(agency, connection, minutes=2)).reason is Reason.NOT_PROFESSIONAL


async def test_an_account_that_is_held_back_while_renewing_is_told():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", AccountHeld("checkpoint", Observation(account=Standing.CHECKPOINT)))
    held = await due(agency, connection, hours=12)
    assert (held.reason, held.sides.is_renewal_unanswered) == (Reason.CHECKPOINT, False)


async def test_a_renewal_whose_answer_was_lost_is_asked_again():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", Unconfirmed("timeout"))
    assert (await due(agency, connection, hours=12)).sides.is_renewal_unanswered
    renewed = await due(agency, connection, minutes=2)
    assert (renewed.state, renewed.sides.is_renewal_unanswered) == (State.AUTHORIZED, False)


async def test_a_refusal_after_a_lost_answer_blames_nobody():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", Unconfirmed("timeout"), DEAD)
    agency.tiktok.will("prove", REMOVED)
    await due(agency, connection, hours=12)
    assert (await due(agency, connection, minutes=2)).reason is Reason.RAN_OUT
    assert agency.history(connection)[-1].note == "renewal_lost"


async def test_a_process_killed_before_it_stored_the_answer_is_a_lost_answer():
    agency = Agency()
    connection = await agency.linked()

    async def the_process_ends():
        raise CancelledError

    agency.tiktok.meanwhile["refresh"] = the_process_ends
    (case,) = await agency.watching._cases.load_every([connection], "one")
    with pytest.raises(CancelledError):
        await agency.watching._renewal.ask(case)
    assert agency.now(connection).sides.is_renewal_unanswered


@pytest.mark.parametrize("trouble", [Throttled("429"), PlatformDown("503"), Final("invalid_client")])
async def test_a_renewal_that_was_answered_is_not_a_lost_one(trouble):
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", trouble)
    waiting = await due(agency, connection, hours=12)
    assert (waiting.sides.is_renewal_unanswered, waiting.failures) == (False, 1)


async def test_an_earlier_lost_answer_is_not_forgotten_over_a_later_hiccup():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", Unconfirmed("timeout"), PlatformDown("503"))
    await due(agency, connection, hours=12)
    assert (await due(agency, connection, minutes=2)).sides.is_renewal_unanswered


async def test_a_hard_end_is_told_a_month_ahead_though_renewals_work():
    agency = Agency()
    end = NOW + timedelta(days=180)
    connection = await agency.linked(credentials=credentials(refresh_expires_at=end))

    for _ in range(160):
        at = agency.clock.turn(days=1)
        issued = agency.tiktok._issued(at)
        fixed = credentials(issued_at=at, refresh_expires_at=end)
        agency.tiktok.will("refresh", type(issued)(credentials=fixed, granted=EVERYTHING))
        await agency.watching.look_at_due(at)
    assert moves(agency) == [("refresh_required", "runs_out")]
    assert agency.now(connection).verdict(agency.clock.now()).act_by == end


async def test_a_wish_for_another_look_outlives_a_renewal_and_the_look_after_it():
    agency = Agency()
    connection = await agency.linked()

    async def a_second_later():
        agency.clock.turn(seconds=1)
        await removed(agency, connection)

    agency.tiktok.meanwhile["refresh"] = a_second_later
    looked = await due(agency, connection, hours=12)
    assert looked.due_at == agency.clock.now() + AFTERWARDS
