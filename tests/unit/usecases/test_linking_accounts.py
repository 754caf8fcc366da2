"""Which account came back: the expected one is linked, any other waits for a manager or is given back."""

import pytest

from core.domain.fact import FactKind
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.observation import Capability
from core.domain.verdict import State
from tests.builders import OUTSIDE, an_account
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, TIKTOK, Agency

Outcome, Step = LinkOutcome, InvitationStep


async def test_a_first_account_other_than_expected_is_held_aside():
    agency = Agency()
    result = await agency.wrong_account()
    assert (result.outcome, result.expected) == (Outcome.WRONG_ACCOUNT, "nordlicht.bakery")
    assert result.until == result.invitation.expires_at
    assert agency.work.rows.credentials == {}


@pytest.mark.parametrize("expected", [{}, {TIKTOK: "Velo.FanPage"}, {INSTAGRAM: "nordlicht.bakery"}])
async def test_without_a_contrary_expectation_any_account_is_right(expected):
    agency = Agency()
    agency.tiktok.sign_in("velo.fanpage")
    assert (await agency.link(await agency.client(expected=expected))).outcome is Outcome.LINKED


NAMELESS = an_account(handle=None, id="1", name="Bakery")


async def test_an_account_that_shows_no_handle_waits_for_a_manager():
    agency = Agency()
    agency.tiktok.account = NAMELESS
    result = await agency.link(await agency.client())
    assert (result.outcome, result.invitation.step) == (Outcome.UNNAMED_ACCOUNT, Step.HELD)
    assert agency.work.rows.credentials == {}
    await agency.linking.adopt(MANAGER, result.invitation.id)
    assert agency.work.rows.connections[result.invitation.connection_id].state is State.AUTHORIZED


async def test_an_account_that_shows_no_handle_is_right_where_none_was_expected():
    agency = Agency()
    agency.tiktok.account = NAMELESS
    assert (await agency.link(await agency.client(expected={}))).outcome is Outcome.LINKED


async def test_fewer_permissions_of_nobody_knows_which_account_are_given_back():
    agency = Agency()
    agency.tiktok.account, agency.tiktok.granted = NAMELESS, frozenset({Capability.IDENTIFY})
    result = await agency.link(await agency.client())
    assert (result.outcome, result.invitation.step) == (Outcome.TOO_FEW_PERMISSIONS, Step.REFUSED)
    assert result.missing == {Capability.PUBLISH, Capability.PUBLISH_DRAFT}
    assert (agency.work.rows.credentials, agency.work.rows.held) == ({}, {})
    assert len(agency.tiktok.revoked) == 1
    assert agency.work.rows.connections[result.invitation.connection_id].state is State.PENDING
    (told,) = agency.facts(FactKind.INVITATION_SETTLED)
    assert (told["outcome"], told["missing"]) == ("too_few_permissions", "publish,publish_draft")


async def test_giving_back_spares_the_same_account_linked_elsewhere():
    agency = Agency()
    agency.tiktok.account, agency.tiktok.granted = NAMELESS, frozenset({Capability.IDENTIFY})
    elsewhere = await agency.client(workspace=OUTSIDE, expected={})
    await agency.linked(elsewhere, account=NAMELESS)
    result = await agency.link(await agency.client())
    assert result.outcome is Outcome.TOO_FEW_PERMISSIONS
    assert agency.tiktok.revoked == []


async def test_a_relink_is_known_by_its_id_whatever_it_shows():
    agency = Agency()
    client = await agency.client()
    before = await agency.linked(client)
    agency.tiktok.account = an_account(handle=None, id=before.account.id)
    agency.tiktok.granted = frozenset({Capability.IDENTIFY})
    assert (await agency.link(client)).outcome is Outcome.FEWER_PERMISSIONS
    assert agency.now(before).account.handle == before.account.handle


async def test_a_relink_insists_on_the_same_account_whatever_is_expected_now():
    agency = Agency()
    client = await agency.client(expected={TIKTOK: "velo.fanpage"})
    before = await agency.linked(client)
    agency.tiktok.sign_in("velo.fanpage")
    assert (await agency.link(client)).outcome is Outcome.WRONG_ACCOUNT
    assert agency.now(before).state is State.AUTHORIZED


async def test_the_same_account_under_a_new_handle_is_right():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)
    agency.tiktok.account = an_account(handle="renamed", id=connection.account.id)
    assert (await agency.link(client)).outcome is Outcome.RELINKED
    assert agency.now(connection).account.handle == "renamed"
