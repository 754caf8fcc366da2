"""Unlinking: two sides, finished only when it is proved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.errors import AccountHeld, Final, GrantLost, PlatformDown, Unconfirmed
from core.domain.evidence import Source
from core.domain.fact import FactKind
from core.domain.observation import Credential, Grant, Observation
from core.domain.refusals import Refusal
from core.domain.verdict import Reason, State
from tests.builders import NOW, OUTSIDE, a_notice, credentials
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, TIKTOK, Agency

REMOVED = GrantLost("access_token_invalid", Observation(grant=Grant.WITHDRAWN), log_id="log-1")
DEAD = GrantLost("invalid_grant", Observation(credential=Credential.EXPIRED))
DAY = timedelta(days=1)


async def refused(attempt) -> str:
    with pytest.raises(Refusal) as refusal:
        await attempt
    return refusal.value.code


async def unlink(agency, connection):
    await agency.unlinking.ask(MANAGER, connection.client_id, [connection.platform])
    return agency.now(connection)


async def look_again(agency, connection, **time):
    await agency.watching.look_at_due(agency.clock.turn(**time))
    return agency.now(connection)


def proofs(agency):
    return [each["how"] for each in agency.facts(FactKind.UNLINK_PROVED)]


# ---- the plan ----


async def test_the_plan_says_what_each_platform_can_do():
    agency = Agency()
    client = await agency.client()
    await agency.linked(client)
    await agency.linked(client, platform=INSTAGRAM)
    plan = await agency.unlinking.plan(MANAGER, client.id, None)
    assert plan.can_revoke == {TIKTOK: True, INSTAGRAM: False}
    assert plan.manage_url[INSTAGRAM] == "https://instagram.test/apps"


async def test_the_plan_is_for_the_platform_that_was_named():
    agency = Agency()
    client = await agency.client()
    await agency.linked(client)
    await agency.linked(client, platform=INSTAGRAM)
    plan = await agency.unlinking.plan(MANAGER, client.id, INSTAGRAM)
    assert [each.platform for each in plan.connections] == [INSTAGRAM]


async def test_what_is_not_linked_cannot_be_unlinked():
    agency = Agency()
    connection = await agency.never_linked()
    assert await refused(agency.unlinking.plan(MANAGER, connection.client_id, None)) == "nothing_to_unlink"
    assert await refused(unlink(agency, connection)) == "nothing_to_unlink"


@pytest.mark.parametrize("person", [REQUESTER, OUTSIDER])
async def test_only_managers_unlink(person):
    agency = Agency()
    connection = await agency.linked()
    assert await refused(agency.unlinking.plan(person, connection.client_id, None)) == "not_allowed"
    assert await refused(agency.unlinking.ask(person, connection.client_id, [TIKTOK])) == "not_allowed"


async def test_an_admin_unlinks():
    agency = Agency()
    connection = await agency.linked()
    agency.directory.admins.add((REQUESTER.workspace, REQUESTER.user))
    assert await agency.unlinking.plan(REQUESTER, connection.client_id, None)


async def test_a_client_of_another_workspace_is_unknown():
    agency = Agency()
    connection = await agency.linked(await agency.client(workspace=OUTSIDE))
    assert await refused(agency.unlinking.plan(MANAGER, connection.client_id, None)) == "unknown_client"


# ---- proved ----


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
    assert (await look_again(agency, connection, minutes=15)).state is State.CLOSED
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
    assert await refused(agency.unlinking.prove(OUTSIDER, connection.id)) == "outsider"


async def test_a_revocation_whose_answer_was_lost_is_proved_at_the_next_look():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("revoke", PlatformDown("timeout"), DEAD)
    assert (await unlink(agency, connection)).reason is Reason.UNLINK_UNPROVED
    agency.tiktok.will("prove", REMOVED)
    assert (await look_again(agency, connection, minutes=2)).state is State.CLOSED


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
    ending = await look_again(agency, connection, minutes=2)
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
    assert (await look_again(agency, connection, hours=6)).due_at is None
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


# ---- others ----


async def test_asking_twice_tells_once():
    agency = Agency()
    connection = await agency.linked()
    await unlink(agency, connection)
    await unlink(agency, connection)
    assert len(agency.facts(FactKind.UNLINK_ASKED)) == 1


async def test_an_account_that_another_client_uses_is_let_go_here_only():
    agency = Agency()
    connection = await agency.linked()
    other = await agency.linked(await agency.client(workspace=OUTSIDE))
    ended = await unlink(agency, connection)
    assert (ended.state, proofs(agency)) == (State.CLOSED, ["account_shared"])
    assert (agency.tiktok.revoked, agency.now(other).state) == ([], State.AUTHORIZED)


async def test_the_last_of_two_that_share_an_account_revokes_it():
    agency = Agency()
    one = await agency.linked()
    other = await agency.linked()
    agency.tiktok.always("prove", REMOVED)
    await unlink(agency, one)
    assert (await unlink(agency, other)).state is State.CLOSED
    assert len(agency.tiktok.revoked) == 1


async def test_an_account_that_the_platform_asked_us_to_forget_is_shared_with_nobody():
    agency = Agency()
    connection = await agency.linked()
    await agency.linked()
    await agency.save(replace(connection, account=None))
    await unlink(agency, connection)
    assert len(agency.tiktok.revoked) == 1


async def test_our_own_revocations_webhook_finishes_it():
    agency = Agency()
    connection = await agency.linked()

    async def webhook():
        at = agency.clock.turn(seconds=1)
        await agency.notices.receive(
            a_notice(account_ids=connection.account.known_as(), at=at, received_at=at)
        )
        await agency.notices.handle_due(at)

    agency.tiktok.meanwhile["prove"] = webhook
    await unlink(agency, connection)
    assert (await look_again(agency, connection)).state is State.CLOSED
    assert proofs(agency) == ["refused"]


async def test_an_unlink_asked_for_during_a_look_is_not_put_off():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(hours=6)
    agency.tiktok.meanwhile["prove"] = lambda: unlink(agency, connection)
    looked = await look_again(agency, connection)
    assert (looked.is_ending, looked.due_at) == (True, agency.clock.now())


async def test_a_relink_right_after_is_clean():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)
    agency.tiktok.will("prove", REMOVED)
    await unlink(agency, connection)
    result = await agency.link(client)
    assert result.invitation.connection_id == connection.id
    assert agency.now(connection).state is State.AUTHORIZED


async def test_a_relink_during_the_last_look_is_not_erased():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)

    async def relink_and_then_be_refused():
        await agency.link(client)
        agency.tiktok.will("prove", REMOVED)

    agency.tiktok.meanwhile["prove"] = relink_and_then_be_refused
    assert (await unlink(agency, connection)).state is State.AUTHORIZED
    assert agency.held(connection) is not None


async def test_credentials_without_a_renewal_are_used_as_they_are():
    agency = Agency()
    short = credentials(refresh=None, access_expires_at=NOW + DAY, refresh_expires_at=NOW + 9 * DAY)
    connection = await agency.linked(credentials=short)
    agency.clock.turn(DAY)
    await unlink(agency, connection)
    assert agency.tiktok.calls == ["revoke", "prove"]
