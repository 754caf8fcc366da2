"""Unlinking: who may, what each platform can do about it, and whoever else uses the account or links it anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.fact import FactKind
from core.domain.verdict import State
from tests.builders import NOW, OUTSIDE, a_notice, credentials
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, TIKTOK, Agency
from tests.unit.usecases.looks import REMOVED, due, proofs, unlink
from tests.unit.usecases.refusals import refused

DAY = timedelta(days=1)


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
    assert (
        await refused(agency.unlinking.plan(MANAGER, connection.client_id, None))
    ).code == "nothing_to_unlink"
    assert (await refused(unlink(agency, connection))).code == "nothing_to_unlink"


@pytest.mark.parametrize("person", [REQUESTER, OUTSIDER])
async def test_only_managers_unlink(person):
    agency = Agency()
    connection = await agency.linked()
    assert (await refused(agency.unlinking.plan(person, connection.client_id, None))).code == "not_allowed"
    assert (await refused(agency.unlinking.ask(person, connection.client_id, [TIKTOK]))).code == "not_allowed"


async def test_an_admin_unlinks():
    agency = Agency()
    connection = await agency.linked()
    agency.directory.admins.add((REQUESTER.workspace, REQUESTER.user))
    assert await agency.unlinking.plan(REQUESTER, connection.client_id, None)


async def test_a_client_of_another_workspace_is_unknown():
    agency = Agency()
    connection = await agency.linked(await agency.client(workspace=OUTSIDE))
    assert (
        await refused(agency.unlinking.plan(MANAGER, connection.client_id, None))
    ).code == "unknown_client"


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
    assert (await due(agency, connection)).state is State.CLOSED
    assert proofs(agency) == ["refused"]


async def test_an_unlink_asked_for_during_a_look_is_not_put_off():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(hours=6)
    agency.tiktok.meanwhile["prove"] = lambda: unlink(agency, connection)
    looked = await due(agency, connection)
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
