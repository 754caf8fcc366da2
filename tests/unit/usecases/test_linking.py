"""Linking: every outcome, every refusal, and everybody else who writes at the same moment."""

from datetime import timedelta

import pytest

from core.domain.errors import (
    AccountHeld,
    AccountUnfit,
    Final,
    GrantLost,
    PlatformDown,
    Unconfirmed,
    Unreachable,
)
from core.domain.fact import FactKind
from core.domain.invitation import INVITATION_LIFE, STATE_LIFE, InvitationStep, LinkOutcome
from core.domain.observation import Capability, Grant, Observation
from core.domain.refusals import Refusal
from core.domain.verdict import Reason, State
from tests.builders import NOW, OUTSIDE, WORKSPACE, a_person, an_account
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, TIKTOK, Agency

SECOND = timedelta(seconds=1)
Outcome, Step = LinkOutcome, InvitationStep


async def refused(attempt) -> str:
    with pytest.raises(Refusal) as refusal:
        await attempt
    return refusal.value.code


# ---- inviting ----


async def test_an_invitation_is_for_one_connection_and_its_token_is_never_stored():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    assert asked.invitation.expires_at == NOW + INVITATION_LIFE
    assert asked.token not in str(agency.work.rows)


async def test_both_platforms_can_be_asked_for_at_once():
    agency = Agency()
    client = await agency.client()
    asked = await agency.linking.invite(REQUESTER, client.id, [TIKTOK, INSTAGRAM], channel="C0BAKERY")
    assert [each.platform for each in asked] == [TIKTOK, INSTAGRAM]
    assert len(agency.work.rows.connections) == 2


async def test_whoever_follows_the_private_link_says_how_its_message_is_reached():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.opened(REQUESTER, asked.invitation.id, "https://hooks.test/2")
    opened = agency.invitation(asked)
    assert (opened.response_url.reveal(), opened.replaceable) == ("https://hooks.test/2", True)


@pytest.mark.parametrize("person", [MANAGER, a_person(user=REQUESTER.user, workspace=OUTSIDE)])
async def test_nobody_else_says_so(person):
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.opened(person, asked.invitation.id, "https://hooks.test/2")
    assert not agency.invitation(asked).replaceable


async def test_a_link_that_is_over_is_left_as_it_is():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.come_back(await agency.leave(asked))
    before = agency.invitation(asked)
    await agency.linking.opened(REQUESTER, asked.invitation.id, "https://hooks.test/2")
    assert agency.invitation(asked) == before


async def test_the_newest_invitation_wins():
    agency = Agency()
    client = await agency.client()
    first, second = await agency.ask(client), await agency.ask(client)
    assert agency.invitation(first).step is Step.SUPERSEDED
    assert agency.invitation(second).step is Step.OPEN
    assert len(agency.work.rows.connections) == 1


async def test_an_outsider_is_not_invited():
    agency = Agency()
    assert await refused(agency.ask(await agency.client(), person=OUTSIDER)) == "outsider"


async def test_a_client_of_another_workspace_is_unknown():
    agency = Agency()
    client = await agency.client(workspace=OUTSIDE)
    assert await refused(agency.ask(client)) == "unknown_client"


# ---- the page ----


async def test_the_page_says_whose_account_is_expected_and_what_for():
    agency = Agency()
    page = await agency.linking.page((await agency.ask(await agency.client())).token)
    assert (page.expected, page.relink) == ("nordlicht.bakery", False)
    assert {each.capability for each in page.permissions} == set(Capability)


async def test_looking_at_the_page_burns_nothing():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    before = agency.work.commits
    await agency.linking.page(asked.token)
    assert agency.work.commits == before


async def test_a_relink_expects_the_account_that_was_linked():
    agency = Agency()
    client = await agency.client(expected={})
    await agency.linked(client, account=an_account(handle="velowerk"))
    page = await agency.linking.page((await agency.ask(client)).token)
    assert (page.expected, page.relink) == ("velowerk", True)


async def test_a_page_that_nobody_was_given_is_unknown():
    assert await refused(Agency().linking.page("guessed")) == "page_unknown"


async def test_a_superseded_page_says_so():
    agency = Agency()
    client = await agency.client()
    first, _ = await agency.ask(client), await agency.ask(client)
    assert await refused(agency.linking.page(first.token)) == "page_superseded"


async def test_a_page_expires_to_the_second():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    agency.clock.turn(INVITATION_LIFE - SECOND)
    assert await agency.linking.page(asked.token)
    agency.clock.turn(SECOND)
    assert await refused(agency.linking.page(asked.token)) == "page_expired"


async def test_a_page_that_timed_out_stays_expired():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.settle_overdue(agency.clock.turn(INVITATION_LIFE))
    assert await refused(agency.linking.page(asked.token)) == "page_expired"


async def test_a_page_that_has_done_its_work_says_so():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.come_back(await agency.leave(asked))
    assert await refused(agency.linking.begin(asked.token, "browser")) == "page_used"


# ---- the state that travels ----


async def test_the_state_is_stored_only_as_a_hash():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    assert state not in str(agency.work.rows)


async def test_a_callback_without_state_is_refused():
    assert await refused(Agency().come_back("")) == "state_missing"


async def test_a_foreign_state_is_refused():
    assert await refused(Agency().come_back("forged")) == "state_unknown"


async def test_a_state_of_the_other_platform_is_refused():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    assert await refused(agency.come_back(state, INSTAGRAM)) == "state_unknown"


async def test_another_browser_is_refused_and_burns_nothing():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    attempt = agency.linking.complete(TIKTOK, {"state": state, "code": "c0de"}, "stolen")
    assert await refused(attempt) == "other_browser"
    assert (await agency.come_back(state)).outcome is Outcome.LINKED


async def test_no_browser_begins_nothing():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    assert await refused(agency.leave(asked, browser="")) == "other_browser"


async def test_a_state_is_good_once():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    await agency.come_back(state)
    assert await refused(agency.come_back(state)) == "state_used"


async def test_a_state_expires():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    agency.clock.turn(STATE_LIFE)
    assert await refused(agency.come_back(state)) == "state_expired"


async def test_whoever_leaves_in_the_last_minute_may_still_come_back():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    agency.clock.turn(INVITATION_LIFE - SECOND)
    state = await agency.leave(asked)
    await agency.linking.settle_overdue(agency.clock.turn(STATE_LIFE - SECOND))
    assert (await agency.come_back(state)).outcome is Outcome.LINKED


# ---- outcomes ----


async def test_linked():
    agency = Agency()
    result = await agency.link(await agency.client())
    connection = agency.work.rows.connections[result.invitation.connection_id]
    assert (result.outcome, connection.state) == (Outcome.LINKED, State.AUTHORIZED)
    assert agency.held(connection) is not None
    assert agency.facts(FactKind.INVITATION_SETTLED)[0]["handle"] == "nordlicht.bakery"


async def test_relinked_on_the_same_connection():
    agency = Agency()
    client = await agency.client()
    before = await agency.linked(client)
    former = agency.held(before)
    result = await agency.link(client)
    assert (result.outcome, result.invitation.connection_id) == (Outcome.RELINKED, before.id)
    assert not agency.held(before).same_tokens(former)


async def test_the_ids_of_the_exchange_and_of_the_proof_are_both_known():
    agency = Agency()
    agency.instagram.account = an_account(INSTAGRAM, id="1", ids=frozenset({"2"}))
    result = await agency.link(await agency.client(expected={}), INSTAGRAM)
    agency.instagram.account = an_account(INSTAGRAM, id="9", ids=frozenset({"2"}))
    again = await agency.link(result.client, INSTAGRAM)
    assert again.outcome is Outcome.RELINKED


async def test_cancelled():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    result = await agency.come_back(state, error="access_denied")
    assert (result.outcome, result.invitation.step) == (Outcome.CANCELLED, Step.CANCELLED)


@pytest.mark.parametrize("query", [{"error": "invalid_scope"}, {"code": ""}])
async def test_refused_by_the_platform(query):
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    assert (await agency.come_back(state, **query)).outcome is Outcome.PLATFORM_REFUSED


async def test_fewer_permissions_are_kept_and_named():
    agency = Agency()
    agency.tiktok.granted = frozenset({Capability.IDENTIFY})
    result = await agency.link(await agency.client())
    connection = agency.work.rows.connections[result.invitation.connection_id]
    assert result.outcome is Outcome.FEWER_PERMISSIONS
    assert result.missing == {Capability.PUBLISH, Capability.PUBLISH_DRAFT}
    assert connection.reason is Reason.PERMISSION_WITHDRAWN


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (AccountUnfit("personal"), Outcome.NOT_PROFESSIONAL),
        (AccountHeld("checkpoint"), Outcome.ACCOUNT_HELD),
        (GrantLost("refused"), Outcome.PLATFORM_REFUSED),
        (Final("wrong"), Outcome.PLATFORM_REFUSED),
    ],
)
async def test_an_account_that_cannot_be_proved_is_not_kept(trouble, outcome):
    agency = Agency()
    agency.tiktok.will("prove", trouble)
    result = await agency.link(await agency.client())
    assert (result.outcome, result.invitation.step) == (outcome, Step.REFUSED)
    assert agency.work.rows.credentials == {}
    assert len(agency.tiktok.revoked) == 1


async def test_what_cannot_be_proved_is_not_revoked_under_a_link_that_uses_it():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)
    agency.tiktok.will("prove", AccountHeld("checkpoint"))
    await agency.link(client)
    assert agency.tiktok.revoked == []
    assert agency.now(connection).state is State.AUTHORIZED


async def test_an_account_that_nobody_identified_is_not_revoked():
    agency = Agency()
    agency.tiktok.account = an_account(id="")
    agency.tiktok.will("prove", Final("wrong"))
    await agency.link(await agency.client())
    assert agency.tiktok.revoked == []


@pytest.mark.parametrize("call", ["exchange", "prove"])
@pytest.mark.parametrize("trouble", [PlatformDown("500"), Unreachable("timeout"), Unconfirmed("timeout")])
async def test_a_platform_that_is_down_leaves_the_same_button_working(call, trouble):
    agency = Agency()
    asked = await agency.ask(await agency.client())
    agency.tiktok.will(call, trouble)
    first = await agency.come_back(await agency.leave(asked))
    assert first.outcome is Outcome.PLATFORM_DOWN
    assert agency.facts(FactKind.INVITATION_SETTLED)[0]["outcome"] == "platform_down"
    assert (await agency.come_back(await agency.leave(asked))).outcome is Outcome.LINKED


async def test_an_account_of_another_client_is_in_use():
    agency = Agency()
    other = await agency.linked()
    result = await agency.link(await agency.client())
    assert (result.outcome, result.invitation.step) == (Outcome.ACCOUNT_IN_USE, Step.REFUSED)
    assert agency.now(other).state is State.AUTHORIZED
    assert agency.tiktok.revoked == []


async def test_an_account_of_another_workspace_is_not_in_use():
    agency = Agency()
    await agency.linked(await agency.client(workspace=OUTSIDE))
    assert (await agency.link(await agency.client())).outcome is Outcome.LINKED


async def test_an_account_that_another_client_is_letting_go_is_not_in_use():
    agency = Agency()
    await agency.ending()
    assert (await agency.link(await agency.client())).outcome is Outcome.LINKED


async def test_never_came_back():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.settle_overdue(agency.clock.turn(INVITATION_LIFE))
    assert agency.invitation(asked).step is Step.TIMED_OUT
    assert agency.facts(FactKind.INVITATION_SETTLED)[0]["outcome"] == "timed_out"


async def test_nothing_times_out_early():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.linking.settle_overdue(agency.clock.turn(INVITATION_LIFE - SECOND))
    assert agency.invitation(asked).step is Step.OPEN


async def test_what_was_settled_meanwhile_does_not_time_out():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    await agency.come_back(await agency.leave(asked))
    await agency.linking._time_out(asked.invitation, agency.clock.turn(hours=1))
    assert agency.invitation(asked).step is Step.LINKED


# ---- who is expected ----


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


# ---- races ----


async def test_two_callbacks_of_one_invitation_link_once():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    one, other = await agency.leave(asked), await agency.leave(asked)
    agency.tiktok.meanwhile["exchange"] = lambda: agency.come_back(other)
    assert await refused(agency.come_back(one)) == "page_used"
    assert len(agency.history(next(iter(agency.work.rows.connections.values())))) == 1


async def test_superseded_while_exchanging_stores_nothing_and_revokes_nothing():
    agency = Agency()
    client = await agency.client()
    state = await agency.leave(await agency.ask(client))
    agency.tiktok.meanwhile["prove"] = lambda: agency.ask(client)
    assert await refused(agency.come_back(state)) == "page_superseded"
    assert (agency.work.rows.credentials, agency.tiktok.revoked) == ({}, [])


async def test_timed_out_while_exchanging_stores_nothing():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))

    async def an_hour_passes():
        await agency.linking.settle_overdue(agency.clock.turn(hours=1))

    agency.tiktok.meanwhile["exchange"] = an_hour_passes
    assert await refused(agency.come_back(state)) == "page_expired"
    assert agency.work.rows.credentials == {}


async def test_killed_between_exchange_and_store_leaves_the_old_link_and_a_button_that_works():
    agency = Agency()
    client = await agency.client()
    before = await agency.linked(client)
    asked = await agency.ask(client)

    async def the_process_ends():
        raise KeyboardInterrupt

    agency.tiktok.meanwhile["prove"] = the_process_ends
    with pytest.raises(KeyboardInterrupt):
        await agency.come_back(await agency.leave(asked))
    assert agency.now(before).state is State.AUTHORIZED
    assert (await agency.come_back(await agency.leave(asked))).outcome is Outcome.RELINKED


async def test_two_clients_that_bring_one_account_at_once_share_nothing():
    agency = Agency()
    slow, quick = await agency.client(), await agency.client()
    state = await agency.leave(await agency.ask(slow))
    agency.tiktok.meanwhile["prove"] = lambda: agency.link(quick)
    assert (await agency.come_back(state)).outcome is Outcome.ACCOUNT_IN_USE


async def test_an_unlink_that_was_asked_for_meanwhile_is_not_undone_by_an_older_button():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)
    state = await agency.leave(await agency.ask(client))
    agency.tiktok.will("prove", GrantLost("gone", Observation(grant=Grant.WITHDRAWN)))
    await agency.unlinking.ask(a_person(), client.id, [TIKTOK])
    assert await refused(agency.come_back(state)) == "page_superseded"
    assert agency.now(connection).state is State.CLOSED


async def test_a_workspace_that_left_is_not_linked_by_an_older_button():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    await agency.workspaces.end(WORKSPACE)
    assert await refused(agency.come_back(state)) == "page_superseded"
