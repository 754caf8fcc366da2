"""Watching: renewed in time and once, looked at truthfully, and never in a hurry that helps nobody."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.client import Intent
from core.domain.connection import PROBE_EVERY
from core.domain.errors import (
    AccountHeld,
    AccountUnfit,
    Final,
    GrantLost,
    PlatformDown,
    ScopeMissing,
    Throttled,
    Unconfirmed,
    Unreachable,
)
from core.domain.evidence import Source
from core.domain.fact import FactKind
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible
from core.domain.refusals import Refusal
from core.domain.verdict import Reason, State
from core.usecases.notices import AFTERWARDS
from core.usecases.watching import BATCH, LEASE
from tests.builders import EVERYTHING, NOW, WORKSPACE, a_notice, an_account, credentials
from tests.unit.usecases.agency import INSTAGRAM, Agency

HALF_A_DAY = timedelta(hours=12)
WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
RAN_OUT = Observation(credential=Credential.EXPIRED)
REMOVED = GrantLost("access_token_invalid", WITHDRAWN, log_id="log-1")
DEAD = GrantLost("invalid_grant", RAN_OUT)
FOREVER = timedelta(days=400)


async def look(agency, connection):
    await agency.watching.look(WORKSPACE, connection.id)
    return agency.now(connection)


async def due(agency, connection, **time):
    """Turn time and let the scheduler's look happen, if it is due."""
    await agency.watching.look_at_due(agency.clock.turn(**time))
    return agency.now(connection)


def moves(agency):
    return [(each["after"], each["reason"]) for each in agency.facts(FactKind.CONNECTION_MOVED)]


# ---- looking ----


async def test_a_look_proves_what_works():
    agency = Agency()
    connection = await agency.linked()
    looked = await due(agency, connection, hours=6)
    assert looked.sides.proved_at == agency.clock.now()
    assert agency.tiktok.calls == ["prove"]


async def test_what_changes_nothing_is_not_history():
    agency = Agency()
    connection = await agency.linked()
    await due(agency, connection, hours=6)
    assert agency.history(connection) == []


async def test_a_connection_of_another_workspace_is_unknown_and_not_claimed():
    agency = Agency()
    connection = await agency.linked()
    with pytest.raises(Refusal, match="unknown_connection"):
        await agency.watching.look("T0OUTSIDE", connection.id)
    assert agency.work.rows.leases == {}


@pytest.mark.parametrize("by_clock", [True, False])
async def test_who_comes_during_a_look_sees_what_it_sees_and_the_platform_is_asked_once(by_clock):
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(hours=6)
    seen = []

    async def second():
        asking = asyncio.create_task(agency.watching.look(WORKSPACE, connection.id, patient=True))
        for _ in range(20):  # until it waits
            await asyncio.sleep(0)
        seen.append(asking)

    agency.tiktok.meanwhile["prove"] = second
    if by_clock:
        await agency.watching.look_at_due(agency.clock.now())
    else:
        await look(agency, connection)
    assert (await seen[0]).sides.proved_at == agency.clock.now()
    assert agency.tiktok.calls == ["prove"]


async def test_nothing_is_looked_at_before_it_is_due():
    agency = Agency()
    await agency.linked()
    assert await agency.watching.look_at_due(agency.clock.turn(hours=5)) == 0


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (REMOVED, Reason.REMOVED_AT_PLATFORM),
        (DEAD, Reason.RAN_OUT),
        (AccountHeld("checkpoint", Observation(account=Standing.CHECKPOINT)), Reason.CHECKPOINT),
        (AccountHeld("banned", Observation(account=Standing.RESTRICTED)), Reason.RESTRICTED),
        (ScopeMissing("scope", Observation(grant=Grant.NARROWED)), Reason.PERMISSION_WITHDRAWN),
    ],
)
async def test_a_definitive_answer_is_written_down_and_told_once(trouble, reason):
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.always("prove", trouble)
    assert (await look(agency, connection)).reason is reason
    await look(agency, connection)
    assert [told for _, told in moves(agency)] == [reason]


async def test_evidence_against_a_connection_carries_the_platforms_code():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", REMOVED)
    await look(agency, connection)
    evidence = agency.history(connection)[0]
    assert (evidence.source, evidence.code, evidence.log_id) == (
        Source.PROBE,
        "access_token_invalid",
        "log-1",
    )
    assert (evidence.before, evidence.after) == (State.AUTHORIZED, State.PARTIALLY_REVOKED)


async def test_a_permission_that_confirms_nothing_changes_nothing():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", ScopeMissing("10"))
    assert (await look(agency, connection)).state is State.AUTHORIZED


async def test_what_is_broken_is_looked_at_no_more_often_than_usual():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", REMOVED)
    looked = await look(agency, connection)
    assert looked.due_at >= NOW + PROBE_EVERY * 0.9


async def test_a_false_alarm_heals_by_itself():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", AccountHeld("checkpoint", Observation(account=Standing.CHECKPOINT)))
    await look(agency, connection)
    assert (await look(agency, connection)).state is State.AUTHORIZED
    assert moves(agency)[-1] == ("authorized", "working")


async def test_another_account_answering_proves_nothing():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.sign_in("velo.fanpage")
    looked = await due(agency, connection, hours=6)
    assert (looked.reason, looked.sides.proved_at) == (Reason.OTHER_ACCOUNT_ANSWERS, NOW)


async def test_a_permission_that_no_longer_answers_narrows_the_grant():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.granted = frozenset({Capability.IDENTIFY})
    looked = await look(agency, connection)
    assert looked.reason is Reason.PERMISSION_WITHDRAWN
    assert not looked.verdict(NOW).can(Capability.PUBLISH)


async def test_a_new_handle_is_history():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.account = an_account(handle="renamed", id=connection.account.id)
    assert (await look(agency, connection)).account.handle == "renamed"
    assert len(agency.history(connection)) == 1


async def test_a_connection_whose_credentials_are_missing_says_so_and_is_left_alone():
    agency = Agency()
    connection = await agency.linked()
    agency.work.rows.credentials.clear()
    looked = await look(agency, connection)
    assert (looked.reason, looked.due_at) == (Reason.WE_LET_GO, None)


async def test_a_connection_that_was_never_linked_is_left_alone():
    agency = Agency()
    connection = await agency.never_linked()
    assert (await look(agency, connection)).due_at is None
    assert (agency.tiktok.calls, agency.history(connection)) == ([], [])


async def test_credentials_that_were_stored_a_moment_ago_are_not_called_missing():
    agency = Agency()
    connection = await agency.linked()
    await agency.watching._cases._nothing_held(connection)
    assert agency.now(connection) == connection


# ---- the visible link ----


async def pair(agency, **changes):
    client = await agency.client(**changes)
    return await agency.linked(client), await agency.linked(client, platform=INSTAGRAM)


async def test_a_profile_that_hides_the_other_half_is_told():
    agency = Agency()
    tiktok, instagram = await pair(agency)
    agency.tiktok.always("visible_link", Observation(visible=Visible.HIDDEN))
    await look(agency, tiktok)
    await look(agency, instagram)
    assert (await look(agency, tiktok)).reason is Reason.PROFILE_LINK_HIDDEN


async def test_a_profile_that_cannot_be_read_changes_nothing():
    agency = Agency()
    tiktok, _ = await pair(agency)
    agency.tiktok.will(
        "visible_link", Observation(visible=Visible.SHOWN), Unreachable("timeout"), Observation()
    )
    for _ in range(3):
        assert (await look(agency, tiktok)).sides.visible is Visible.SHOWN


async def test_a_client_that_wants_no_profile_link_is_not_told_of_one():
    agency = Agency()
    tiktok, _ = await pair(agency, intent=Intent.CROSSPOST)
    await look(agency, tiktok)
    assert "visible_link" not in agency.tiktok.calls


async def test_what_was_hidden_no_longer_counts_when_there_is_nothing_to_show():
    agency = Agency()
    client = await agency.client()
    tiktok = await agency.linked(client)
    hidden = await agency.save(tiktok.observed(Observation(visible=Visible.HIDDEN), at=NOW, now=NOW))
    assert (await look(agency, hidden)).state is State.AUTHORIZED


# ---- no answer ----


@pytest.mark.parametrize(
    "trouble", [PlatformDown("500"), Unreachable("timeout"), Final("wrong"), RuntimeError()]
)
async def test_silence_disconnects_nobody_and_is_tried_again_soon(trouble):
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", trouble)
    looked = await look(agency, connection)
    assert (looked.state, looked.failures) == (State.AUTHORIZED, 1)
    assert NOW < looked.due_at <= NOW + timedelta(minutes=2)


async def test_a_platform_that_asks_to_wait_is_waited_for():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", Throttled("429", until=NOW + timedelta(hours=1)))
    assert (await look(agency, connection)).due_at == NOW + timedelta(hours=1)


async def test_a_day_of_silence_is_said_once_and_so_is_its_end():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.always("prove", PlatformDown("500"))
    for _ in range(60):
        await due(agency, connection, minutes=30)
    agency.tiktok.always("prove", None)
    await due(agency, connection, minutes=30)
    assert moves(agency) == [("refresh_required", "proof_due"), ("authorized", "working")]


async def test_what_runs_out_in_silence_is_told_when_it_does():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.always("refresh", PlatformDown("500"))
    agency.tiktok.always("prove", PlatformDown("500"))
    await due(agency, connection, days=400)
    assert moves(agency) == [("expired", "ran_out")]


async def test_a_connection_that_was_closed_during_a_silent_look_is_not_planned_again():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.meanwhile["prove"] = lambda: agency.save(agency.now(connection).erased(NOW))
    agency.tiktok.will("prove", PlatformDown("500"))
    assert (await look(agency, connection)).due_at is None


async def test_a_wish_for_another_look_outlives_a_look_without_an_answer():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(hours=6)
    agency.tiktok.meanwhile["prove"] = lambda: removed(agency, connection)
    agency.tiktok.will("prove", PlatformDown("500"))
    assert (await look(agency, connection)).due_at == agency.clock.now() + AFTERWARDS


# ---- renewing ----


async def test_renewed_at_half_its_life_and_stored_before_use():
    agency = Agency()
    connection = await agency.linked()
    former = agency.held(connection)
    renewed = await due(agency, connection, hours=12)
    assert agency.tiktok.calls == ["refresh", "prove"]
    assert not agency.held(connection).same_tokens(former)
    assert renewed.refresh_at == NOW + HALF_A_DAY * 2


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


async def test_a_person_who_checks_meanwhile_sees_what_is_known():
    agency = Agency()
    connection = await agency.linked()
    seen = []

    async def check():
        seen.append(await agency.watching.look(WORKSPACE, connection.id))

    agency.tiktok.meanwhile["prove"] = check
    await look(agency, connection)
    assert (seen[0].state, agency.tiktok.calls) == (State.AUTHORIZED, ["prove"])


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


async def test_a_link_made_while_the_former_one_is_refused_is_not_harmed():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)
    agency.clock.turn(hours=1)
    state = await agency.leave(await agency.ask(client))

    async def relink_and_then_be_refused():
        await agency.come_back(state)
        agency.tiktok.will("prove", REMOVED)

    agency.tiktok.meanwhile["prove"] = relink_and_then_be_refused
    assert (await look(agency, connection)).state is State.AUTHORIZED


async def test_a_refused_renewal_whose_access_still_works_is_told_before_it_ends():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("refresh", DEAD)
    left = await due(agency, connection, hours=12)
    assert (left.state, left.reason) == (State.REFRESH_REQUIRED, Reason.RUNS_OUT)
    assert left.verdict(agency.clock.now()).act_by == NOW + timedelta(days=1)
    assert left.verdict(agency.clock.now()).can(Capability.PUBLISH)


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
        raise KeyboardInterrupt

    agency.tiktok.meanwhile["refresh"] = the_process_ends
    (case,) = await agency.watching._cases.load_every([connection], "one")
    with pytest.raises(KeyboardInterrupt):
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


# ---- what happened while the platform answered ----


async def removed(agency, connection):
    at = agency.clock.now()
    notice = a_notice(account_ids=connection.account.known_as(), at=at, received_at=at)
    await agency.notices.receive(notice)
    await agency.notices.handle_due(at)


async def test_a_removal_during_a_look_is_newer_than_what_the_look_showed():
    agency = Agency()
    connection = await agency.linked()

    async def a_second_later():
        agency.clock.turn(seconds=1)
        await removed(agency, connection)

    agency.tiktok.meanwhile["prove"] = a_second_later
    looked = await look(agency, connection)
    assert looked.reason is Reason.REMOVED_AT_PLATFORM
    assert looked.due_at == agency.clock.now() + AFTERWARDS


async def test_a_wish_for_another_look_outlives_a_renewal_and_the_look_after_it():
    agency = Agency()
    connection = await agency.linked()

    async def a_second_later():
        agency.clock.turn(seconds=1)
        await removed(agency, connection)

    agency.tiktok.meanwhile["refresh"] = a_second_later
    looked = await due(agency, connection, hours=12)
    assert looked.due_at == agency.clock.now() + AFTERWARDS


# ---- leases ----


async def test_a_lease_is_given_back_after_the_look():
    agency = Agency()
    connection = await agency.linked()
    await look(agency, connection)
    assert agency.work.rows.leases == {}


async def test_what_a_dead_process_left_is_somebody_elses_work_after_its_lease():
    agency = Agency()
    connection = await agency.linked()
    at = agency.clock.turn(hours=6)
    async with agency.work.writing() as unit:
        await unit.connections.claim(connection.id, at, owner="dead", until=at + LEASE)
        await unit.commit()
    assert await agency.watching.look_at_due(at) == 0
    assert await agency.watching.look_at_due(agency.clock.turn(LEASE)) == 1


async def test_a_late_process_does_not_end_a_lease_of_its_own_next_claim():
    agency = Agency()
    connection = await agency.linked()
    await agency.watching._release(connection, agency.watching._lease())
    async with agency.work.writing() as unit:
        await unit.connections.claim(connection.id, NOW, owner=agency.watching._lease(), until=NOW + LEASE)
        await unit.commit()
    await agency.watching._release(connection, agency.watching._lease())
    assert connection.id in agency.work.rows.leases


async def test_whoever_waited_too_long_for_their_turn_gives_the_lease_back_unused(monkeypatch):
    monkeypatch.setattr("core.usecases.watching.IN_FLIGHT", 1)
    agency = Agency()
    await pair(agency)

    async def slow():
        agency.clock.turn(LEASE)

    agency.tiktok.meanwhile["prove"] = agency.instagram.meanwhile["prove"] = slow
    await agency.watching.look_at_due(agency.clock.turn(hours=6))
    assert agency.tiktok.calls + agency.instagram.calls == ["prove", "visible_link"]
    assert agency.work.rows.leases == {}


async def test_one_accounts_trouble_stays_its_own():
    agency = Agency()
    tiktok, instagram = await pair(agency)
    agency.tiktok.always("prove", RuntimeError("a bug"))
    await agency.watching.look_at_due(agency.clock.turn(hours=6))
    assert agency.now(instagram).sides.proved_at == agency.clock.now()
    assert agency.now(tiktok).failures == 1


async def test_a_look_that_cannot_be_written_down_stops_no_other(caplog):
    agency = Agency()
    tiktok, _ = await pair(agency)
    del agency.work.rows.clients[tiktok.client_id]
    assert await agency.watching.look_at_due(agency.clock.turn(hours=6)) == 2
    assert "a look failed" in caplog.text


async def test_a_batch_is_bounded():
    agency = Agency()
    for _ in range(BATCH + 1):
        await agency.linked(await agency.client())
    at = agency.clock.turn(hours=6)
    assert await agency.watching.look_at_due(at) == BATCH
    assert await agency.watching.look_at_due(at) == 1


async def test_looking_ends():
    agency = Agency()
    await pair(agency)
    for platform in (agency.tiktok, agency.instagram):
        platform.always("prove", DEAD)
        platform.always("refresh", DEAD)
    at = agency.clock.turn(FOREVER)
    await agency.watching.look_at_due(at)
    assert await agency.watching.look_at_due(at) == 0
