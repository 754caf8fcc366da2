"""Linking: the state that travels is good once and in one browser, and every way back has its outcome."""

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
from core.domain.observation import Capability
from core.domain.verdict import Reason, State
from tests.builders import OUTSIDE, an_account
from tests.unit.usecases.agency import INSTAGRAM, TIKTOK, Agency
from tests.unit.usecases.refusals import refused

SECOND = timedelta(seconds=1)
Outcome, Step = LinkOutcome, InvitationStep


async def test_the_state_is_stored_only_as_a_hash():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    assert state not in str(agency.work.rows)


async def test_a_callback_without_state_is_refused():
    assert (await refused(Agency().come_back(""))).code == "state_missing"


async def test_a_foreign_state_is_refused():
    assert (await refused(Agency().come_back("forged"))).code == "state_unknown"


async def test_a_state_of_the_other_platform_is_refused():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    assert (await refused(agency.come_back(state, INSTAGRAM))).code == "state_unknown"


async def test_another_browser_is_refused_and_burns_nothing():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    attempt = agency.linking.complete(TIKTOK, {"state": state, "code": "c0de"}, "stolen")
    assert (await refused(attempt)).code == "other_browser"
    assert (await agency.come_back(state)).outcome is Outcome.LINKED


async def test_no_browser_begins_nothing():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    assert (await refused(agency.leave(asked, browser=""))).code == "other_browser"


async def test_a_state_is_good_once():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    await agency.come_back(state)
    assert (await refused(agency.come_back(state))).code == "state_used"


async def test_a_state_expires():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    agency.clock.turn(STATE_LIFE)
    assert (await refused(agency.come_back(state))).code == "state_expired"


async def test_whoever_leaves_in_the_last_minute_may_still_come_back():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    agency.clock.turn(INVITATION_LIFE - SECOND)
    state = await agency.leave(asked)
    await agency.linking.settle_overdue(agency.clock.turn(STATE_LIFE - SECOND))
    assert (await agency.come_back(state)).outcome is Outcome.LINKED


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
    assert result.missing == result.invitation.missing == {Capability.PUBLISH, Capability.PUBLISH_DRAFT}
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


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
async def test_a_platform_that_sends_people_back_because_it_is_down_leaves_it_working_too(error):
    agency = Agency()
    asked = await agency.ask(await agency.client())
    assert (await agency.come_back(await agency.leave(asked), error=error)).outcome is Outcome.PLATFORM_DOWN
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
