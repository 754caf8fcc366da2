"""An unlink ends when it is proved: by what the platform refuses, or where nothing can ask any more, by a person's word."""

from datetime import timedelta

import pytest

from core.domain.errors import AccountHeld, Final, PlatformDown, Unconfirmed
from core.domain.evidence import Source
from core.domain.observation import Credential
from core.domain.verdict import Reason, State
from tests.builders import NOW
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, Agency
from tests.unit.usecases.looks import DEAD, REMOVED, due, proofs, unlink
from tests.unit.usecases.refusals import refused

DAY = timedelta(days=1)


async def test_revoked_proved_and_erased():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", REMOVED)
    ended = await unlink(agency, connection)
    assert (ended.state, agency.held(connection), len(agency.tiktok.revoked)) == (State.CLOSED, None, 1)
    assert proofs(agency) == ["refused"]


async def test_history_says_who_asked_and_what_proved_it():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", REMOVED)
    await unlink(agency, connection)
    asked, proved, erased = agency.history(connection)
    assert (asked.by, asked.source) == (MANAGER.user, Source.PERSON)
    assert (proved.source, proved.code, proved.log_id) == (Source.REVOKE, "access_token_invalid", "log-1")
    assert (erased.note, erased.after) == ("erased", State.CLOSED)


async def test_until_it_is_proved_nothing_is_erased_and_nothing_works():
    agency = Agency()
    connection = await agency.linked()
    ending = await unlink(agency, connection)
    assert (ending.reason, proofs(agency)) == (Reason.UNLINK_UNPROVED, [])
    assert agency.held(connection) is not None


async def test_where_only_a_person_can_finish_it_is_looked_at_until_they_did():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    ending = await unlink(agency, connection)
    assert ending.due_at == NOW + timedelta(minutes=15)
    agency.instagram.will("prove", REMOVED)
    assert (await due(agency, connection, minutes=15)).state is State.CLOSED
    assert agency.instagram.revoked == []


async def test_saying_that_it_is_removed_looks_at_once():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    await unlink(agency, connection)
    agency.instagram.will("prove", REMOVED)
    assert (await agency.unlinking.prove(REQUESTER, connection.id)).state is State.CLOSED


async def test_saying_that_it_is_removed_is_not_believed_while_the_platform_answers():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    await unlink(agency, connection)
    assert (await agency.unlinking.prove(REQUESTER, connection.id)).reason is Reason.UNLINK_UNPROVED


async def test_an_outsiders_word_counts_for_nothing():
    agency = Agency()
    connection = await agency.linked()
    assert (await refused(agency.unlinking.prove(OUTSIDER, connection.id))).code == "outsider"


async def test_a_revocation_whose_answer_was_lost_is_proved_at_the_next_look():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("revoke", PlatformDown("timeout"), DEAD)
    assert (await unlink(agency, connection)).reason is Reason.UNLINK_UNPROVED
    agency.tiktok.will("prove", REMOVED)
    assert (await due(agency, connection, minutes=2)).state is State.CLOSED


@pytest.mark.parametrize("trouble", [Final("no_such_call"), DEAD])
async def test_whatever_revoking_said_the_platform_is_asked_whether_it_is_gone(trouble):
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("revoke", trouble)
    agency.tiktok.will("prove", REMOVED)
    assert (await unlink(agency, connection)).state is State.CLOSED


async def test_an_account_that_is_held_back_still_answers():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", AccountHeld("checkpoint"))
    ending = await unlink(agency, connection)
    assert (ending.reason, ending.due_at) == (Reason.UNLINK_UNPROVED, NOW + timedelta(minutes=15))


async def test_an_access_that_ran_out_is_renewed_to_revoke_with_it():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(DAY)
    agency.tiktok.will("prove", REMOVED)
    assert (await unlink(agency, connection)).state is State.CLOSED
    assert agency.tiktok.calls == ["refresh", "revoke", "prove"]


async def test_a_renewal_refused_before_its_time_proves_it():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(DAY)
    agency.tiktok.will("refresh", DEAD)
    assert (await unlink(agency, connection)).state is State.CLOSED


async def test_a_renewal_refused_after_a_lost_answer_proves_nothing():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(DAY)
    agency.tiktok.will("refresh", Unconfirmed("timeout"), DEAD)
    await unlink(agency, connection)
    ending = await due(agency, connection, minutes=2)
    assert (ending.reason, ending.sides.credential) == (Reason.UNLINK_UNPROVED, Credential.EXPIRED)


async def test_a_token_dead_for_a_reason_of_its_own_proves_nothing():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    agency.instagram.will("prove", DEAD)
    assert (await unlink(agency, connection)).reason is Reason.UNLINK_UNPROVED


async def test_where_nothing_can_ask_any_more_nobody_keeps_looking():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    agency.instagram.will("prove", DEAD)
    await unlink(agency, connection)
    assert (await due(agency, connection, hours=6)).due_at is None
    assert agency.instagram.calls == ["prove"]


async def test_where_nothing_can_ask_any_more_a_persons_word_ends_it_as_theirs():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    agency.instagram.will("prove", DEAD)
    await unlink(agency, connection)
    ended = await agency.unlinking.prove(REQUESTER, connection.id)
    assert (ended.state, proofs(agency)) == (State.CLOSED, ["persons_word"])
    assert agency.history(connection)[-2].by == REQUESTER.user


async def test_a_word_that_comes_when_it_is_over_changes_nothing():
    agency = Agency()
    connection = await agency.linked(platform=INSTAGRAM)
    agency.instagram.will("prove", DEAD)
    unprovable = await unlink(agency, connection)
    await agency.unlinking.prove(REQUESTER, connection.id)
    assert await agency.unlinking._on_their_word(REQUESTER, unprovable) == agency.now(connection)
    assert proofs(agency) == ["persons_word"]


async def test_what_we_lost_hold_of_is_unlinked_on_a_persons_word():
    agency = Agency()
    connection = await agency.linked()
    agency.work.rows.credentials.clear()
    await agency.watching.look(MANAGER.workspace, connection.id)
    assert (await unlink(agency, connection)).reason is Reason.WE_LET_GO
    assert (await agency.unlinking.prove(REQUESTER, connection.id)).state is State.CLOSED
