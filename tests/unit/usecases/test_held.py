"""A wrong account held aside: adopted once, or let go once, whoever decides at the same moment."""

from datetime import timedelta

import pytest

from core.domain.errors import PlatformDown, Unreachable
from core.domain.fact import FactKind
from core.domain.invitation import HELD_LIFE, InvitationStep, LinkOutcome
from core.domain.observation import Capability
from core.domain.verdict import State
from tests.builders import a_person, an_invitation
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, TIKTOK, Agency
from tests.unit.usecases.refusals import refused

Outcome, Step = LinkOutcome, InvitationStep


def connection_of(agency, result):
    return agency.work.rows.connections[result.invitation.connection_id]


def outcomes(agency):
    return [each["outcome"] for each in agency.facts(FactKind.INVITATION_SETTLED)]


async def test_a_manager_adopts():
    agency = Agency()
    wrong = await agency.wrong_account()
    result = await agency.linking.adopt(MANAGER, wrong.invitation.id)
    connection = connection_of(agency, wrong)
    assert (result.outcome, connection.state) == (Outcome.ADOPTED, State.AUTHORIZED)
    assert connection.account.handle == "velo.fanpage"
    assert result.invitation.decided_by == MANAGER.user
    assert agency.work.rows.held == {}


async def test_what_was_adopted_is_expected_from_then_on():
    agency = Agency()
    wrong = await agency.wrong_account()
    await agency.linking.adopt(MANAGER, wrong.invitation.id)
    assert agency.work.rows.clients[wrong.client.id].expected == {TIKTOK: "velo.fanpage"}


async def test_adopting_expects_nothing_where_nobody_expected_anything():
    agency = Agency()
    client = await agency.client(expected={})
    await agency.linked(client)
    agency.tiktok.sign_in("velo.fanpage")
    wrong = await agency.link(client)
    await agency.linking.adopt(MANAGER, wrong.invitation.id)
    assert agency.work.rows.clients[client.id].expected == {}


async def test_adopting_another_account_lets_the_former_one_go():
    agency = Agency()
    client = await agency.client()
    former = agency.held(await agency.linked(client))
    agency.tiktok.sign_in("velo.fanpage")
    await agency.linking.adopt(MANAGER, (await agency.link(client)).invitation.id)
    assert agency.tiktok.revoked == [former]


async def test_adopting_says_what_was_not_granted():
    agency = Agency()
    agency.tiktok.granted = frozenset({Capability.IDENTIFY})
    wrong = await agency.wrong_account()
    result = await agency.linking.adopt(MANAGER, wrong.invitation.id)
    assert result.missing == {Capability.PUBLISH, Capability.PUBLISH_DRAFT}


@pytest.mark.parametrize("person", [REQUESTER, OUTSIDER])
async def test_only_a_manager_adopts(person):
    agency = Agency()
    wrong = await agency.wrong_account()
    assert (await refused(agency.linking.adopt(person, wrong.invitation.id))).code == "not_allowed"


async def test_the_person_who_tried_may_decline():
    agency = Agency()
    wrong = await agency.wrong_account()
    result = await agency.linking.decline(REQUESTER, wrong.invitation.id)
    assert (result.outcome, result.account.handle) == (Outcome.WRONG_ACCOUNT_DROPPED, "velo.fanpage")
    assert (len(agency.tiktok.revoked), agency.work.rows.held) == (1, {})
    assert outcomes(agency) == ["wrong_account", "wrong_account_dropped"]
    assert result.invitation.decided_by == REQUESTER.user


async def test_another_colleague_may_not_decline():
    agency = Agency()
    wrong = await agency.wrong_account()
    colleague = a_person(user="U0ELSE")
    assert (await refused(agency.linking.decline(colleague, wrong.invitation.id))).code == "not_allowed"


async def test_nothing_waits_under_a_foreign_or_unknown_invitation():
    agency = Agency()
    wrong = await agency.wrong_account()
    stranger = a_person(workspace="T0OUTSIDE", home="T0OUTSIDE", is_admin=True)
    assert (await refused(agency.linking.adopt(stranger, wrong.invitation.id))).code == "held_gone"


async def test_after_its_time_nobody_adopts_and_it_is_let_go():
    agency = Agency()
    wrong = await agency.wrong_account()
    at = agency.clock.turn(HELD_LIFE)
    assert (await refused(agency.linking.adopt(MANAGER, wrong.invitation.id))).code == "held_gone"
    await agency.linking.settle_overdue(at)
    assert (len(agency.tiktok.revoked), agency.work.rows.held) == (1, {})
    after = agency.work.rows.invitations[wrong.invitation.id]
    assert (after.step, after.decided_by) == (Step.REFUSED, "")


async def test_a_newer_invitation_lets_the_held_account_go_first():
    agency = Agency()
    wrong = await agency.wrong_account()
    await agency.ask(wrong.client)
    assert (len(agency.tiktok.revoked), agency.work.rows.held) == (1, {})


async def test_whatever_the_platform_answers_our_copy_goes():
    agency = Agency()
    for trouble in (PlatformDown("500"), Unreachable("timeout"), RuntimeError("a bug")):
        agency.tiktok.will("revoke", trouble)
        wrong = await agency.wrong_account()
        await agency.linking.decline(REQUESTER, wrong.invitation.id)
    assert agency.work.rows.held == {}


async def test_what_cannot_be_revoked_is_erased():
    agency = Agency()
    agency.instagram.sign_in("velo.fanpage")
    client = await agency.client(expected={INSTAGRAM: "nordlicht.bakery"})
    wrong = await agency.link(client, INSTAGRAM)
    await agency.linking.decline(REQUESTER, wrong.invitation.id)
    assert (agency.instagram.revoked, agency.work.rows.held) == ([], {})


async def test_an_account_that_another_client_uses_is_not_revoked():
    agency = Agency()
    wrong = await agency.wrong_account()
    await agency.linked(account=wrong.account)
    await agency.linking.decline(REQUESTER, wrong.invitation.id)
    assert agency.tiktok.revoked == []


async def test_an_account_that_another_client_linked_meanwhile_is_not_adopted():
    agency = Agency()
    wrong = await agency.wrong_account()
    await agency.linked(account=wrong.account)
    result = await agency.linking.adopt(MANAGER, wrong.invitation.id)
    assert (result.outcome, agency.work.rows.held) == (Outcome.ACCOUNT_IN_USE, {})


async def test_declined_while_adopting_is_gone():
    agency = Agency()
    wrong = await agency.wrong_account()
    agency.tiktok.meanwhile["prove"] = lambda: agency.linking.decline(REQUESTER, wrong.invitation.id)
    assert (await refused(agency.linking.adopt(MANAGER, wrong.invitation.id))).code == "held_gone"
    assert connection_of(agency, wrong).state is State.PENDING


async def test_adopting_while_it_is_being_revoked_is_refused():
    agency = Agency()
    wrong = await agency.wrong_account()
    codes = []

    async def adopt():
        codes.append((await refused(agency.linking.adopt(MANAGER, wrong.invitation.id))).code)

    agency.tiktok.meanwhile["revoke"] = adopt
    await agency.linking.decline(REQUESTER, wrong.invitation.id)
    assert (codes, agency.work.rows.credentials) == (["held_gone"], {})


async def test_timed_out_while_adopting_is_gone_and_nobody_uses_what_was_revoked():
    agency = Agency()
    wrong = await agency.wrong_account()

    async def time_is_over():
        await agency.linking.settle_overdue(agency.clock.turn(HELD_LIFE))

    agency.tiktok.meanwhile["prove"] = time_is_over
    assert (await refused(agency.linking.adopt(MANAGER, wrong.invitation.id))).code == "held_gone"
    assert (len(agency.tiktok.revoked), agency.work.rows.credentials) == (1, {})


async def test_adopted_first_is_never_revoked():
    agency = Agency()
    wrong = await agency.wrong_account()
    overdue = agency.work.rows.invitations[wrong.invitation.id]
    await agency.linking.adopt(MANAGER, overdue.id)
    await agency.linking.settle_overdue(agency.clock.turn(HELD_LIFE))
    assert (await refused(agency.linking._held.let_go(overdue))).code == "held_gone"
    assert agency.tiktok.revoked == []


async def test_killed_while_letting_go_is_taken_up_again():
    agency = Agency()
    wrong = await agency.wrong_account()

    async def the_process_ends():
        raise KeyboardInterrupt

    agency.tiktok.meanwhile["revoke"] = the_process_ends
    with pytest.raises(KeyboardInterrupt):
        await agency.linking.decline(REQUESTER, wrong.invitation.id)
    await agency.another().linking.settle_overdue(agency.clock.turn(timedelta(seconds=1)))
    assert (len(agency.tiktok.revoked), agency.work.rows.held) == (1, {})


async def test_two_processes_that_let_go_at_once_tell_it_once():
    agency = Agency()
    await agency.wrong_account()
    at = agency.clock.turn(HELD_LIFE)
    agency.tiktok.meanwhile["revoke"] = lambda: agency.another().linking.settle_overdue(at)
    await agency.linking.settle_overdue(at)
    assert outcomes(agency) == ["wrong_account", "wrong_account_dropped"]


async def test_somebody_elses_decision_does_not_keep_anybody_from_being_invited():
    agency = Agency()
    wrong = await agency.wrong_account()
    agency.tiktok.meanwhile["revoke"] = lambda: agency.ask(wrong.client)
    await agency.ask(wrong.client)
    steps = [each.step for each in agency.work.rows.invitations.values()]
    assert steps.count(Step.OPEN) == 1
    assert agency.work.rows.held == {}


async def test_an_unlink_lets_the_held_account_go():
    agency = Agency()
    client = await agency.client()
    await agency.linked(client)
    agency.tiktok.sign_in("velo.fanpage")
    await agency.link(client)
    await agency.unlinking.ask(MANAGER, client.id, [TIKTOK])
    await agency.linking.settle_overdue(agency.clock.now())
    assert agency.work.rows.held == {}


async def test_what_was_erased_already_cannot_be_adopted():
    agency = Agency()
    wrong = await agency.wrong_account()
    agency.work.rows.held.clear()
    assert (await refused(agency.linking.adopt(MANAGER, wrong.invitation.id))).code == "held_gone"


async def test_what_was_erased_already_is_let_go_without_a_call():
    agency = Agency()
    wrong = await agency.wrong_account()
    agency.work.rows.held.clear()
    await agency.linking.decline(REQUESTER, wrong.invitation.id)
    assert agency.tiktok.revoked == []


async def test_an_invitation_that_nobody_knows_holds_nothing():
    agency = Agency()
    assert (await refused(agency.linking._held.let_go(an_invitation()))).code == "held_gone"
