"""Looks beside each other and beside everybody who writes: one asks, none is lost, and no lease outlives its work."""

from datetime import timedelta

from core.domain.verdict import Reason, State
from core.usecases.notices import AFTERWARDS
from core.usecases.watching import BATCH, LEASE
from tests.builders import NOW, WORKSPACE
from tests.unit.usecases.agency import Agency
from tests.unit.usecases.looks import DEAD, REMOVED, look, pair, removed

FOREVER = timedelta(days=400)


async def test_a_person_who_checks_meanwhile_sees_what_is_known():
    agency = Agency()
    connection = await agency.linked()
    seen = []

    async def check():
        seen.append(await agency.watching.look(WORKSPACE, connection.id))

    agency.tiktok.meanwhile["prove"] = check
    await look(agency, connection)
    assert (seen[0].state, agency.tiktok.calls) == (State.AUTHORIZED, ["prove"])


async def test_a_link_made_while_the_former_one_is_refused_is_not_harmed():
    agency = Agency()
    client = await agency.client()
    connection = await agency.linked(client)
    agency.clock.turn(hours=1)
    state = await agency.leave(await agency.ask(client))

    async def relink_and_then_be_refused():
        await agency.come_back(state)
        agency.tiktok.will("prove", REMOVED)

    agency.tiktok.meanwhile["prove"] = relink_and_then_be_refused
    assert (await look(agency, connection)).state is State.AUTHORIZED


async def test_a_removal_during_a_look_is_newer_than_what_the_look_showed():
    agency = Agency()
    connection = await agency.linked()

    async def a_second_later():
        agency.clock.turn(seconds=1)
        await removed(agency, connection)

    agency.tiktok.meanwhile["prove"] = a_second_later
    looked = await look(agency, connection)
    assert looked.reason is Reason.REMOVED_AT_PLATFORM
    assert looked.due_at == agency.clock.now() + AFTERWARDS


async def test_a_lease_is_given_back_after_the_look():
    agency = Agency()
    connection = await agency.linked()
    await look(agency, connection)
    assert agency.work.rows.leases == {}


async def test_what_a_dead_process_left_is_somebody_elses_work_after_its_lease():
    agency = Agency()
    connection = await agency.linked()
    at = agency.clock.turn(hours=6)
    async with agency.work.writing() as unit:
        await unit.connections.claim(connection.id, at, owner="dead", until=at + LEASE)
        await unit.commit()
    assert await agency.watching.look_at_due(at) == 0
    assert await agency.watching.look_at_due(agency.clock.turn(LEASE)) == 1


async def test_a_late_process_does_not_end_a_lease_of_its_own_next_claim():
    agency = Agency()
    connection = await agency.linked()
    await agency.watching._release(connection, agency.watching._lease())
    async with agency.work.writing() as unit:
        await unit.connections.claim(connection.id, NOW, owner=agency.watching._lease(), until=NOW + LEASE)
        await unit.commit()
    await agency.watching._release(connection, agency.watching._lease())
    assert connection.id in agency.work.rows.leases


async def test_whoever_waited_too_long_for_their_turn_gives_the_lease_back_unused(monkeypatch):
    monkeypatch.setattr("core.usecases.watching.IN_FLIGHT", 1)
    agency = Agency()
    await pair(agency)

    async def slow():
        agency.clock.turn(LEASE)

    agency.tiktok.meanwhile["prove"] = agency.instagram.meanwhile["prove"] = slow
    await agency.watching.look_at_due(agency.clock.turn(hours=6))
    assert agency.tiktok.calls + agency.instagram.calls == ["prove", "visible_link"]
    assert agency.work.rows.leases == {}


async def test_one_accounts_trouble_stays_its_own():
    agency = Agency()
    tiktok, instagram = await pair(agency)
    agency.tiktok.always("prove", RuntimeError("a bug"))
    await agency.watching.look_at_due(agency.clock.turn(hours=6))
    assert agency.now(instagram).sides.proved_at == agency.clock.now()
    assert agency.now(tiktok).failures == 1


async def test_a_look_that_cannot_be_written_down_stops_no_other(caplog):
    agency = Agency()
    tiktok, _ = await pair(agency)
    del agency.work.rows.clients[tiktok.client_id]
    assert await agency.watching.look_at_due(agency.clock.turn(hours=6)) == 2
    assert "a look failed" in caplog.text


async def test_a_batch_is_bounded():
    agency = Agency()
    for _ in range(BATCH + 1):
        await agency.linked(await agency.client())
    at = agency.clock.turn(hours=6)
    assert await agency.watching.look_at_due(at) == BATCH
    assert await agency.watching.look_at_due(at) == 1


async def test_looking_ends():
    agency = Agency()
    await pair(agency)
    for platform in (agency.tiktok, agency.instagram):
        platform.always("prove", DEAD)
        platform.always("refresh", DEAD)
    at = agency.clock.turn(FOREVER)
    await agency.watching.look_at_due(at)
    assert await agency.watching.look_at_due(at) == 0
