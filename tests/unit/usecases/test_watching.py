"""Looking: at what is due and no sooner, and only a definitive answer counts against a link."""

import asyncio

import pytest

from core.domain.client import Intent
from core.domain.connection import PROBE_EVERY
from core.domain.errors import AccountHeld, ScopeMissing, Unreachable
from core.domain.evidence import Source
from core.domain.observation import Capability, Grant, Observation, Standing, Visible
from core.domain.refusals import Refusal
from core.domain.verdict import Reason, State
from tests.builders import NOW, WORKSPACE, an_account
from tests.unit.usecases.agency import Agency
from tests.unit.usecases.looks import DEAD, REMOVED, due, look, moves, pair


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
    assert looked.verdict(NOW).capabilities[Capability.PUBLISH] is not None


async def test_a_new_handle_is_history():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.account = an_account(handle="renamed", id=connection.account.id)
    assert (await look(agency, connection)).account.handle == "renamed"
    (seen,) = agency.history(connection)
    assert (seen.note, seen.observation.handle) == ("renamed", "renamed")


@pytest.mark.parametrize(
    ("before", "after", "note"), [("no", "yes", "made_private"), ("yes", "no", "made_public")]
)
async def test_an_account_that_was_made_private_or_public_is_history_of_its_own(before, after, note):
    agency = Agency()
    connection = await agency.linked(account=an_account(details={"private": before}))
    agency.tiktok.account = an_account(details={"private": after})
    assert (await look(agency, connection)).state is State.AUTHORIZED
    assert [each.note for each in agency.history(connection)] == [note]


async def test_what_speaks_against_a_link_comes_before_a_new_handle():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.account = an_account(handle="renamed", id=connection.account.id)
    agency.tiktok.granted = frozenset({Capability.IDENTIFY})
    assert (await look(agency, connection)).reason is Reason.PERMISSION_WITHDRAWN
    assert [each.note for each in agency.history(connection)] == [""]


async def test_what_every_post_changes_is_kept_and_no_history():
    agency = Agency()
    connection = await agency.linked(account=an_account(details={"quota_left": "50"}))
    agency.tiktok.account = an_account(details={"quota_left": "49"})
    assert (await look(agency, connection)).account.details == {"quota_left": "49"}
    assert agency.history(connection) == []


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
