"""Linking beside everybody else who acts at the same moment: one wins, and nobody's link is harmed."""

import pytest

from core.domain.errors import GrantLost
from core.domain.invitation import LinkOutcome
from core.domain.observation import Grant, Observation
from core.domain.verdict import State
from tests.builders import WORKSPACE, a_person
from tests.unit.usecases.agency import TIKTOK, Agency
from tests.unit.usecases.refusals import refused

Outcome = LinkOutcome


async def test_two_callbacks_of_one_invitation_link_once():
    agency = Agency()
    asked = await agency.ask(await agency.client())
    one, other = await agency.leave(asked), await agency.leave(asked)
    agency.tiktok.meanwhile["exchange"] = lambda: agency.come_back(other)
    assert (await refused(agency.come_back(one))).code == "page_used"
    assert len(agency.history(next(iter(agency.work.rows.connections.values())))) == 1


async def test_superseded_while_exchanging_stores_nothing_and_revokes_nothing():
    agency = Agency()
    client = await agency.client()
    state = await agency.leave(await agency.ask(client))
    agency.tiktok.meanwhile["prove"] = lambda: agency.ask(client)
    assert (await refused(agency.come_back(state))).code == "page_superseded"
    assert (agency.work.rows.credentials, agency.tiktok.revoked) == ({}, [])


async def test_timed_out_while_exchanging_stores_nothing():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))

    async def an_hour_passes():
        await agency.linking.settle_overdue(agency.clock.turn(hours=1))

    agency.tiktok.meanwhile["exchange"] = an_hour_passes
    assert (await refused(agency.come_back(state))).code == "page_expired"
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
    assert (await refused(agency.come_back(state))).code == "page_superseded"
    assert agency.now(connection).state is State.CLOSED


async def test_a_workspace_that_left_is_not_linked_by_an_older_button():
    agency = Agency()
    state = await agency.leave(await agency.ask(await agency.client()))
    await agency.workspaces.end(WORKSPACE)
    assert (await refused(agency.come_back(state))).code == "page_superseded"
