"""What people see: each client's pair as it is now, what needs them first."""

from datetime import timedelta

import pytest

from core.domain.diagnosis import NextStep
from core.domain.link import LinkReason
from core.domain.observation import Grant, Observation
from core.domain.refusals import Refusal
from core.domain.verdict import State
from tests.builders import NOW, OUTSIDE, WORKSPACE, credentials
from tests.unit.usecases.agency import INSTAGRAM, TIKTOK, Agency

WITHDRAWN = Observation(grant=Grant.WITHDRAWN)


async def test_a_client_is_shown_with_both_halves():
    agency = Agency()
    client = await agency.client()
    await agency.linked(client)
    status = await agency.status.of_client(WORKSPACE, client.id)
    half = status.connections[TIKTOK]
    assert (half.verdict.state, half.step, half.handle) == (
        State.AUTHORIZED,
        NextStep.NOTHING,
        "nordlicht.bakery",
    )
    assert status.connections[INSTAGRAM] is None
    assert status.link.reason is LinkReason.ONE_MISSING


async def test_status_is_judged_now_not_when_it_was_stored():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(days=400)
    assert (await agency.status.connection(WORKSPACE, connection.id)).verdict.state is State.EXPIRED


async def test_a_connection_without_an_account_shows_what_is_expected():
    agency = Agency()
    connection = await agency.never_linked()
    status = await agency.status.connection(WORKSPACE, connection.id)
    assert (status.handle, status.expected, status.step) == (None, "nordlicht.bakery", NextStep.LINK)


async def broken(agency, **changes):
    connection = await agency.linked(await agency.client(**changes))
    await agency.save(connection.observed(WITHDRAWN, at=NOW, now=NOW))


async def running_out(agency, days, **changes):
    held = credentials(issued_at=NOW - timedelta(days=170), refresh_expires_at=NOW + timedelta(days=days))
    await agency.linked(await agency.client(**changes), credentials=held)


async def names(agency):
    return [each.client.name for each in await agency.status.of_workspace(WORKSPACE)]


async def test_what_needs_people_comes_first_then_the_nearer_date_then_the_name():
    agency = Agency()
    await agency.client(name="never asked")
    fine = await agency.client(name="fine")
    await agency.linked(fine)
    await agency.linked(fine, platform=INSTAGRAM)
    await running_out(agency, 9, name="runs out later")
    await running_out(agency, 3, name="runs out soon")
    await broken(agency, name="broken b")
    await broken(agency, name="Broken a")
    expected = ["Broken a", "broken b", "runs out soon", "runs out later", "never asked", "fine"]
    assert await names(agency) == expected


async def test_other_workspaces_are_not_shown():
    agency = Agency()
    await agency.linked(await agency.client(workspace=OUTSIDE))
    assert await names(agency) == []


async def test_a_connection_is_diagnosed_with_its_profile_for_when_nothing_else_helps():
    agency = Agency()
    connection = await agency.never_linked()
    diagnosis = await agency.status.diagnose(WORKSPACE, connection.id)
    assert diagnosis.next_step is NextStep.LINK
    assert diagnosis.fallback == "https://www.tiktok.com/@nordlicht.bakery"


async def unknown(attempt) -> str:
    with pytest.raises(Refusal) as refusal:
        await attempt
    return refusal.value.code


async def test_what_belongs_to_another_workspace_is_unknown():
    agency = Agency()
    connection = await agency.linked(await agency.client(workspace=OUTSIDE))
    assert await unknown(agency.status.of_client(WORKSPACE, connection.client_id)) == "unknown_client"
    assert await unknown(agency.status.connection(WORKSPACE, connection.id)) == "unknown_connection"
    assert await unknown(agency.status.diagnose(WORKSPACE, connection.id)) == "unknown_connection"


async def test_a_connection_without_its_client_is_unknown():
    agency = Agency()
    connection = await agency.linked()
    agency.work.rows.clients.clear()
    assert await unknown(agency.status.connection(WORKSPACE, connection.id)) == "unknown_connection"
